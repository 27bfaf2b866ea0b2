import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import type { ActionContext } from '../../../src/actions/context.ts';
import {
  judgeDeployment,
  type BegunDeployment,
  type JudgedDeployment,
  type JudgeRequest,
} from '../../../src/actions/ecs/judge-deployment.ts';
import type { DeployError } from '../../../src/core/errors.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { tagMap } from '../../../src/plan/task-definition/tags.ts';
import { drivingClock, type DrivingClock } from '../../support/driving-clock.ts';
import { WEB, type EcsWorld } from '../../support/ecs-world.ts';

export const BREAKER = { deploymentCircuitBreaker: { enable: true, rollback: true } };
export const NO_ROLLBACK = { deploymentCircuitBreaker: { enable: true, rollback: false } };
export const PULL = 'CannotPullContainerError: pull image manifest has been retried 5 time(s): not found';
/** The second revision starts no tasks, for ever. */
export const STUCK = { deployments: [{ match: 'web:2', stuck: 'ROLLOUT' }] };

export const LEFT: JudgeRequest = {
  place: WEB,
  goal: { kind: 'stable' },
  timeout: 1_800_000,
  pollInterval: undefined,
  wanted: 'deployed',
  markVerified: true,
  onTimeout: 'leave',
  onCancel: 'leave',
};

export interface JudgeRun extends JudgedDeployment {
  said: string[];
}

/** A service that runs well, and what will become of its next deployment. */
export async function runningService(
  { stage }: EcsWorld,
  scenario: JsonObject = {},
  deploymentConfiguration: DeploymentConfiguration = BREAKER,
): Promise<void> {
  await stage.restart({ ecs: scenario });
  await stage.createService({ deploymentConfiguration });
  await stage.pass(900);
  stage.localAws.control.clearRequests();
}

/** Judges a deployment while the time of the local AWS passes as the wait sleeps. */
export async function judge(
  { stage, session }: EcsWorld,
  begin: () => Promise<BegunDeployment>,
  more: Partial<JudgeRequest> & { clock?: DrivingClock } = {},
): Promise<JudgeRun> {
  const said: string[] = [];
  const { clock = drivingClock(stage.localAws.control), ...request } = more;
  const context = contextOf(said, clock, new AbortController().signal, () => () => undefined);
  return { ...(await judgeDeployment(begin, { ...LEFT, ...request }, session, context)), said };
}

/** Judges a deployment that is canceled; gives what the run would end with. */
export async function judgeCanceled(
  { stage, session }: EcsWorld,
  begin: () => Promise<BegunDeployment>,
  { clock = drivingClock(stage.localAws.control), ...request }: Partial<JudgeRequest> & { clock?: DrivingClock },
  canceling: AbortController,
): Promise<DeployError> {
  let finish: (() => Promise<DeployError>) | undefined;
  const context = contextOf([], clock, canceling.signal, (work) => {
    finish = work;
    return () => (finish = undefined);
  });
  const working = judgeDeployment(begin, { ...LEFT, ...request }, session, context).catch(() => undefined);
  if (!canceling.signal.aborted) {
    await new Promise((resolve) => canceling.signal.addEventListener('abort', resolve, { once: true }));
  }
  const told = await finish?.();
  // As the process does: whatever is still under way is over then.
  void working;
  if (!told) throw new Error('nothing was to be finished');
  return told;
}

function contextOf(
  said: string[],
  clock: DrivingClock,
  signal: AbortSignal,
  whenCanceled: ActionContext['whenCanceled'],
): ActionContext {
  const say = (text: string): void => void said.push(text);
  return {
    clock,
    signal,
    whenCanceled,
    progress: { step: say, info: say, warn: say, output: say },
  } as Partial<ActionContext> as ActionContext;
}

/** Which of our judging tags a revision has. */
export async function judgingTags({ ecs }: EcsWorld, taskDefinition: string): Promise<string[]> {
  const described = await ecs.taskDefinitions.describe(taskDefinition);
  const tags = tagMap(described?.definition ?? {});
  return ['verified', 'rejected'].filter((name) => tags[`aws-deploy:${name}`] !== undefined);
}
