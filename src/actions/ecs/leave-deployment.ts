import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { ServicePlace } from '../../aws/ecs/services.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { within } from '../../core/within.ts';
import { serviceDeploymentOf } from '../../plan/rollout/started-deployment.ts';
import { rollbackCommand, watchCommand } from '../../plan/rollout/telling/follow-up-commands.ts';
import type { Rollout } from '../../plan/rollout/track.ts';
import { isFinal, type Verdict } from '../../plan/rollout/verdict.ts';
import type { LeaveInputs } from '../ecs-params.ts';
import type { Cancelable } from '../waiting/finish-when-canceled.ts';
import type { BegunDeployment, JudgeRequest } from './judge-deployment.ts';

/** What becomes of a deployment that is no longer waited for. */
export type HowToLeave = LeaveInputs['onTimeout'];

/** What became of it. */
export interface LeftDeployment {
  /** Was ECS told to stop it, or to roll it back? */
  requested: boolean;
  /** Ends a sentence about the deployment: `it was told to stop`. */
  fate: string;
  hints: readonly string[];
}

/** Lets a deployment go on, stops it or has it rolled back, as was chosen. Does not reject for what AWS refuses. */
export async function leaveDeployment(
  followed: Pick<Rollout, 'ours' | 'serviceDeploymentArn'>,
  how: HowToLeave,
  place: ServicePlace,
  session: AwsSession,
): Promise<LeftDeployment> {
  const { id } = followed.ours;
  const goesOn = goesOnHints(id, place, session);
  if (how === 'leave') return { requested: false, fate: 'it goes on', hints: goesOn };
  const [verb, done, stopType] =
    how === 'stop' ? (['stop', 'stopped', 'ABORT'] as const) : (['roll back', 'rolled back', 'ROLLBACK'] as const);
  const refused = (why: string): LeftDeployment => ({
    requested: false,
    fate: `it could not be ${done} and goes on (${why})`,
    hints: goesOn,
  });
  try {
    const arn = followed.serviceDeploymentArn ?? (await findServiceDeployment(followed.ours, place, session));
    if (arn === undefined) return refused('AWS lists no service deployment for it');
    await ecsOf(session).services.stopDeployment(arn, stopType);
  } catch (error) {
    if (error instanceof DeployError) return refused(error.title);
    throw error;
  }
  return { requested: true, fate: `it was told to ${verb}`, hints: [seeHint(id, place, session)] };
}

const LOOK_MS = 2000;

/** A deployment that is begun, for a cancel that comes meanwhile. @param seen what is known of its end by then */
export function cancelableDeployment(
  { place, onCancel, findBegun }: JudgeRequest,
  seen: () => Verdict | undefined,
  session: AwsSession,
): Cancelable<BegunDeployment> {
  return {
    before: 'canceled before a deployment was started',
    unseen: `canceled; no deployment of ${place.service} was seen to start`,
    find: async () => findBegun && within(LOOK_MS, findBegun()),
    async leave({ ours }) {
      const which = `canceled; deployment ${ours.id} of ${place.service}`;
      const verdict = seen();
      if (verdict && isFinal(verdict)) {
        return {
          title: `${which} had ended: ${verdict.state}`,
          hints: goesOnHints(ours.id, place, session).slice(0, 1),
        };
      }
      const left = await leaveDeployment({ ours, serviceDeploymentArn: undefined }, onCancel, place, session);
      return { title: `${which}: ${left.fate}`, hints: left.hints };
    },
  };
}

/** What to type to go on with a deployment that was left alone. */
export function goesOnHints(deployment: string, place: ServicePlace, session: AwsSession): string[] {
  return [
    `To follow it again: ${watchCommand({ ...place, region: session.region }, deployment)}`,
    `To take it back: ${rollbackCommand({ ...place, region: session.region })}`,
  ];
}

function seeHint(deployment: string, place: ServicePlace, { region }: AwsSession): string {
  return `To see how it ends: ${watchCommand({ ...place, region }, deployment)}`;
}

/** Where service deployments may not be listed, it is the one that the answer named. */
async function findServiceDeployment(
  ours: Rollout['ours'],
  place: ServicePlace,
  session: AwsSession,
): Promise<string | undefined> {
  const listed = await ecsOf(session)
    .services.deployments(place)
    .catch(() => undefined);
  return serviceDeploymentOf(ours, listed ?? [])?.arn ?? ours.announced;
}
