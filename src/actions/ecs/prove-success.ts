import type { AwsSession } from '../../aws/session.ts';
import { durationText } from '../../core/duration-text.ts';
import { DeployError, retold } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import type { Proof } from '../../plan/rollout/proof.ts';
import { rollbackCommand, watchCommand } from '../../plan/rollout/telling/follow-up-commands.ts';
import type { ActionContext } from '../context.ts';
import type { FollowedDeployment } from './follow-deployment.ts';
import type { JudgeRequest } from './judge-deployment.ts';
import { proveDeployment } from './prove-deployment.ts';

/** So long after an answer that contradicts success it is asked again, in milliseconds: it may be an old one. */
const NEXT_LOOK_MS = 5000;
/** How often it is looked; oftener where no task runs, because new ones may be on their way. */
const MOST_LOOKS = 2;
const MOST_LOOKS_FOR_TASKS = 12;

/** Proves what AWS calls a success, and says what is proven and what is not. */
export async function proveSuccess(
  { rollout, waitedMs }: FollowedDeployment,
  { place }: Pick<JudgeRequest, 'place'>,
  session: AwsSession,
  { clock, progress, signal }: ActionContext,
): Promise<{ proof: Proof | undefined; failure: DeployError | undefined }> {
  const revision = rollout.ours.taskDefinition.split('/').at(-1);
  progress.info(`The deployment of ${revision} succeeded after ${durationText(waitedMs)}; proving what runs`);
  try {
    let proof = await proveDeployment(rollout, place, session);
    for (let look = 1; look < looksFor(proof); look++) {
      await clock.sleep(NEXT_LOOK_MS, signal);
      proof = await proveDeployment(rollout, place, session);
    }
    for (const { container, state, digest, text } of proof.containers) {
      if (state === 'PROVEN') progress.info(`Proven: ${tasksText(proof.runningTasks)} ${container} as ${digest}`);
      if (state === 'UNKNOWN') progress.warn(`Not proven: ${text}`);
    }
    return { proof, failure: proof.holds ? undefined : contradiction(proof, place, session) };
  } catch (error) {
    if (!(error instanceof DeployError)) throw error;
    return { proof: undefined, failure: notProven(error, place) };
  }
}

function looksFor({ holds, supersededBy, missingTasks }: Proof): number {
  if (supersededBy !== undefined) return 1;
  if (missingTasks > 0) return MOST_LOOKS_FOR_TASKS;
  return holds ? 1 : MOST_LOOKS;
}

function tasksText(count: number): string {
  return count === 1 ? '1 task runs' : `all ${count} tasks run`;
}

function contradiction(
  { supersededBy, problems }: Proof,
  place: JudgeRequest['place'],
  { region }: AwsSession,
): DeployError {
  if (supersededBy !== undefined) {
    return new DeployError({
      code: 'ecs.superseded',
      title: `the deployment of ${place.service} succeeded, and was superseded by ${supersededBy} before it was proven`,
      message: problems.join('\n') || `The service is to have deployment ${supersededBy} now.`,
      hints: [`To follow that one: ${watchCommand({ ...place, region }, supersededBy)}`],
      exitCode: EXIT.superseded,
    });
  }
  return new DeployError({
    code: 'ecs.not_as_asked',
    title: `AWS calls the deployment of ${place.service} a success, but what runs is not what was deployed`,
    message: problems.join('\n'),
    hints: [
      'Nothing was tagged as verified. Deploy again, or look who else deploys to this service.',
      `To take it back: ${rollbackCommand({ ...place, region })}`,
    ],
    exitCode: EXIT.failedNotRolledBack,
  });
}

/** It has succeeded; that could not be proven has the exit code of why not. */
function notProven(error: DeployError, { service }: JudgeRequest['place']): DeployError {
  return retold(error, {
    title: `the deployment of ${service} succeeded, but what runs could not be proven: ${error.title}`,
    message: error.message,
  });
}
