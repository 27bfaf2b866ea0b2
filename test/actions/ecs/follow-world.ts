import type { ActionContext } from '../../../src/actions/context.ts';
import {
  followDeployment,
  type FollowedDeployment,
  type FollowRequest,
} from '../../../src/actions/ecs/follow-deployment.ts';
import { eventsBefore } from '../../../src/plan/rollout/telling/service-events.ts';
import { startedDeployment, type OurDeployment } from '../../../src/plan/rollout/started-deployment.ts';
import { drivingClock, type DrivingClock } from '../../support/driving-clock.ts';
import { WEB, type EcsWorld } from '../../support/ecs-world.ts';

export interface FollowRun extends FollowedDeployment {
  /** What was said, the oldest first, without marks. */
  said: string[];
}

export interface Deployed {
  ours: OurDeployment;
  told: FollowRequest['told'];
  taskDefinition: string;
}

/** Deploys a second revision of the service `web`, which runs well. */
export async function deploySecond(
  { stage, ecs }: EcsWorld,
  update: object = {},
  definition: Parameters<EcsWorld['stage']['register']>[0] = {},
): Promise<Deployed> {
  const before = await ecs.services.describe(WEB);
  const taskDefinition = await stage.register(definition);
  const after = await ecs.services.update({ ...WEB, taskDefinition, ...update });
  const started = startedDeployment(before, after, taskDefinition);
  if (started.kind !== 'started') throw new Error(`the update started nothing: ${started.kind}`);
  return { ours: started.deployment, told: eventsBefore(before?.events ?? []), taskDefinition };
}

/** Follows it while the time of the local AWS passes as the wait sleeps. */
export async function follow(
  { stage, session }: EcsWorld,
  { ours, told }: Pick<Deployed, 'ours' | 'told'>,
  more: Partial<FollowRequest> & { clock?: DrivingClock } = {},
): Promise<FollowRun> {
  const said: string[] = [];
  const say = (text: string): void => void said.push(text);
  const { clock = drivingClock(stage.localAws.control), ...request } = more;
  const context = {
    clock,
    signal: new AbortController().signal,
    progress: { step: say, info: say, warn: say, output: say },
  } as Partial<ActionContext> as ActionContext;
  const followed = await followDeployment(
    { place: WEB, ours, told, goal: { kind: 'stable' }, timeout: 3_600_000, pollInterval: undefined, ...request },
    session,
    context,
  );
  return { ...followed, said };
}
