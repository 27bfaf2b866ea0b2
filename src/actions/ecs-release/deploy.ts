import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import type { Change } from '../../core/result.ts';
import { primaryDeployment } from '../../plan/rollout/started-deployment.ts';
import type { ActionContext } from '../context.ts';
import type { Outcome } from '../define-action.ts';
import type { DeployOutputs } from '../deploy-service.ts';
import type { JudgedDeployment } from '../ecs/judge-deployment.ts';
import type { EcsReleaseInputs } from '../release-ecs-service.ts';
import type { CheckedDeploy } from '../service-deploy/check-inputs.ts';
import { deployTo } from '../service-deploy/from-inputs.ts';
import type { RevisionToDeploy } from '../service-deploy/revision-to-deploy.ts';
import type { ServiceToDeploy } from '../service-deploy/service-to-deploy.ts';
import { rollBackService } from '../service-rollback/roll-back.ts';
import { isLeftFailed, nothingToGoBackTo, notRolledBack, rolledBackTo } from './failed-deployment.ts';

export interface ReleasedDeployment extends Pick<Outcome<DeployOutputs>, 'status' | 'changes' | 'outputs'> {
  /** ARN of the revision that the service was taken back to after a failure. */
  rolledBackTo?: string | undefined;
  failure?: DeployError | undefined;
}

/** Deploys a revision. When that fails and ECS leaves it, the service goes back to the last verified revision, if that is wanted. */
export async function deployRelease(
  revision: RevisionToDeploy,
  target: ServiceToDeploy,
  checked: CheckedDeploy,
  inputs: EcsReleaseInputs,
  session: AwsSession,
  context: ActionContext,
): Promise<ReleasedDeployment> {
  const { outcome, judged } = await deployTo(
    revision,
    target,
    checked,
    { ...inputs, markVerified: true },
    session,
    context,
  );
  const { failure, ...deployed } = outcome;
  if (!failure || !judged) return deployed;
  context.signal.throwIfAborted();
  if (failure.exitCode === EXIT.rolledBack) {
    const current = await currentRevision(checked, session);
    // AWS may show the service as it was for a moment.
    return { ...deployed, rolledBackTo: current === revision.arn ? undefined : current, failure };
  }
  if (inputs.onFailure === 'keep' || !isLeftFailed(judged)) return { ...deployed, failure };
  const after = await rollBack(judged, failure, checked, inputs, session, context);
  return { ...deployed, ...after, changes: [...deployed.changes, ...after.changes] };
}

interface AfterRollback {
  changes: readonly Change[];
  rolledBackTo?: string | undefined;
  failure: DeployError;
}

async function rollBack(
  { rollout }: JudgedDeployment,
  failure: DeployError,
  { place }: CheckedDeploy,
  { timeout, pollInterval }: EcsReleaseInputs,
  session: AwsSession,
  context: ActionContext,
): Promise<AfterRollback> {
  context.progress.step('The deployment failed, and ECS leaves it; going back to the last verified revision');
  try {
    await stopOnNewer(rollout, place, session);
    const back = await rollBackService(
      {
        place,
        to: undefined,
        goal: { kind: 'stable' },
        timeout,
        pollInterval,
        onTimeout: 'leave',
        onCancel: 'leave',
        dryRun: false,
      },
      session,
      context,
    );
    if (back.failure) return { changes: back.changes, failure: notRolledBack(failure, back.failure) };
    const arn = back.outputs.taskDefinitionArn;
    return { changes: back.changes, rolledBackTo: arn, failure: rolledBackTo(failure, arn?.split('/').at(-1) ?? '') };
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof DeployError)) throw error;
    const isFirst = error.code === 'ecs.nothing_to_roll_back_to';
    return { changes: [], failure: isFirst ? nothingToGoBackTo(failure, error) : notRolledBack(failure, error) };
  }
}

/** What somebody else has deployed since is not ours to take back. */
async function stopOnNewer(
  { ours }: JudgedDeployment['rollout'],
  place: CheckedDeploy['place'],
  session: AwsSession,
): Promise<void> {
  const service = await ecsOf(session).services.describe(place);
  const primary = service && primaryDeployment(service);
  if (!primary || primary.id === ours.id || primary.taskDefinition === ours.taskDefinition) return;
  throw new DeployError({
    code: 'ecs.superseded',
    title: `by now ${place.service} has deployment ${primary.id} of ${primary.taskDefinition.split('/').at(-1)}`,
    exitCode: EXIT.superseded,
  });
}

/** Where ECS has brought the service back to; undefined when that can't be seen. */
async function currentRevision({ place }: CheckedDeploy, session: AwsSession): Promise<string | undefined> {
  const service = await ecsOf(session)
    .services.describe(place)
    .catch(() => undefined);
  return service?.taskDefinition;
}
