import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { deploymentId } from '../../plan/rollout/attach.ts';
import type { ServiceDeployment } from '../../plan/rollout/observation.ts';
import type { RollbackDecision } from '../../plan/service-rollback/decide.ts';
import type { ActionContext } from '../context.ts';

type InFlight = Extract<RollbackDecision, { kind: 'stop' }>['deployment'];

const GOES_FORWARD = new Set(['PENDING', 'IN_PROGRESS']);
const CAME_OUT = 'SUCCESSFUL';

/** AWS may show the state before for a moment: so often it is looked again, and so long apart, in milliseconds. */
const MOST_LOOKS = 10;
const LOOK_MS = 1000;

/**
 * Tells ECS to roll back what is in flight; it is never just aborted. Gives false when it came to its end before. Throws
 * (exit code 10) when ECS refuses because there is nothing to go back to.
 */
export async function takeBack(
  deployment: InFlight,
  session: AwsSession,
  { clock, progress, signal }: Pick<ActionContext, 'clock' | 'progress' | 'signal'>,
): Promise<boolean> {
  const { services } = ecsOf(session);
  const { arn } = deployment.listed;
  progress.step(`Telling ECS to roll back deployment ${deploymentId(deployment)}`);
  try {
    await services.stopDeployment(arn, 'ROLLBACK');
  } catch (error) {
    // It may have ended meanwhile, or the first of two attempts may have been applied.
    const now = await services.deployment(arn).catch(() => undefined);
    if (now === undefined || GOES_FORWARD.has(now.status)) {
      throw now?.sources.length === 0 && isRefusal(error) ? nothingBefore(now, error) : error;
    }
  }
  for (let look = 1; ; look++) {
    const now = await services.deployment(arn);
    if (look === MOST_LOOKS || !GOES_FORWARD.has(now?.status ?? '')) return now?.status !== CAME_OUT;
    await clock.sleep(LOOK_MS, signal);
  }
}

function isRefusal(error: unknown): error is DeployError {
  return error instanceof DeployError && error.code === 'aws.failed' && error.cause !== undefined;
}

function nothingBefore({ arn }: ServiceDeployment, error: DeployError): DeployError {
  return new DeployError({
    code: 'ecs.nothing_to_roll_back_to',
    title:
      'ECS refuses to roll the deployment back: it is the first of the service, so that there is nothing to go back to',
    message: error.message,
    hints: [
      'Deploy a revision that works (deploy_service).',
      `Or stop it and leave what it has started: aws ecs stop-service-deployment --service-deployment-arn ${arn} --stop-type ABORT`,
    ],
    exitCode: EXIT.failedNotRolledBack,
    cause: error,
  });
}
