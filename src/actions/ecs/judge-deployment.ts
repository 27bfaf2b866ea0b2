import type { ServicePlace } from '../../aws/ecs/services.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError, retold } from '../../core/errors.ts';
import type { OutputValues } from '../../params/declaration.ts';
import type { Proof } from '../../plan/rollout/proof.ts';
import type { OurDeployment } from '../../plan/rollout/started-deployment.ts';
import type { ToldEvents } from '../../plan/rollout/telling/service-events.ts';
import { beginRollout, type Rollout } from '../../plan/rollout/track.ts';
import type { Verdict } from '../../plan/rollout/verdict.ts';
import type { WaitGoal } from '../../plan/rollout/wait-goal.ts';
import type { ActionContext } from '../context.ts';
import type { deploymentOutputs, LeaveInputs } from '../ecs-params.ts';
import { finishWhenCanceled } from '../waiting/finish-when-canceled.ts';
import { deploymentFailure, notRolledBack } from './deployment-failure.ts';
import { followOrLeave, type LeftOrEnded } from './follow-or-leave.ts';
import { cancelableDeployment, goesOnHints } from './leave-deployment.ts';
import { markRejected, markVerified } from './mark-revision.ts';
import { proveSuccess } from './prove-success.ts';

/** How a deployment is followed and what counts. */
export interface JudgeRequest extends LeaveInputs {
  place: ServicePlace;
  goal: WaitGoal;
  /** Milliseconds. */
  timeout: number;
  /** Milliseconds; undefined: 5 s growing to 15 s. */
  pollInterval: number | undefined;
  /** What was asked for: that it comes out, or that it is taken back. */
  wanted: 'deployed' | 'rolled-back';
  /** Tag the revision as verified or rejected by how it ended. */
  markVerified: boolean;
  /** The pause that `begin` ends. */
  endedHookId?: string | undefined;
  /** Looks for what `begin` starts, for a cancel that comes while its answer is on the way. */
  findBegun?: () => Promise<BegunDeployment | undefined>;
}

/** A deployment that is on its way, and which events of its service are no news. */
export interface BegunDeployment {
  ours: OurDeployment;
  told: ToldEvents;
}

export interface JudgedDeployment {
  rollout: Rollout;
  /** Undefined when there was nothing to prove: it did not succeed, or was not waited for. */
  proof: Proof | undefined;
  outputs: OutputValues<typeof deploymentOutputs>;
  /** Undefined when what was asked for was reached. */
  failure: DeployError | undefined;
}

/**
 * Follows a deployment to its end, or as far as it is to be waited for; proves a success by what runs, explains a failure,
 * and tags the revision. When the time is over or the action is canceled, the deployment is left, stopped or rolled back as
 * chosen, also while the answer to `begin` is still on the way.
 *
 * When the time is over: what is left ends with exit code 8. What is stopped or rolled back is followed to that end, and
 * ends as that does: rolled back with 9; stopped, or with a rollback that failed, with 10. When that takes too long it is 8,
 * and when the deployment succeeds meanwhile, or another one comes, it is that.
 * @param begin the call that starts it, or the look that finds it; its errors are thrown as they are
 */
export async function judgeDeployment(
  begin: () => Promise<BegunDeployment>,
  request: JudgeRequest,
  session: AwsSession,
  context: ActionContext,
): Promise<JudgedDeployment> {
  let seen: Verdict | undefined;
  const cancelable = cancelableDeployment(request, () => seen, session);
  return finishWhenCanceled(cancelable, context, async (tellBegun) => {
    const begun = await tellBegun(begin());
    let ended: LeftOrEnded;
    try {
      ended = await followOrLeave(begun, request, session, context);
    } catch (error) {
      return lostSight(error, begun, request, session);
    }
    seen = ended.rollout.verdict;
    return judged(ended, request, session, context);
  });
}

async function judged(
  ended: LeftOrEnded,
  request: JudgeRequest,
  session: AwsSession,
  context: ActionContext,
): Promise<JudgedDeployment> {
  const { rollout, end } = ended;
  const { state } = rollout.verdict;
  if (request.wanted === 'rolled-back') return judgeTakenBack(ended, request, session, context);
  if (state === 'SUCCEEDED') return judgeSuccess(ended, request, session, context);
  if (end.reached) return { rollout, proof: undefined, outputs: outputsOf(ended), failure: undefined };
  const verified = await rejected(rollout, request, session, context);
  const failure = await deploymentFailure(ended, request, session);
  return { rollout, proof: undefined, outputs: { ...outputsOf(ended), verified }, failure };
}

async function judgeSuccess(
  ended: LeftOrEnded,
  request: JudgeRequest,
  session: AwsSession,
  context: ActionContext,
): Promise<JudgedDeployment> {
  const { rollout } = ended;
  const { proof, failure } = await proveSuccess(ended, request, session, context);
  const verified = request.markVerified ? await verify(rollout, { proof, failure }, session, context) : undefined;
  const proven = proof?.containers.filter((container) => container.state === 'PROVEN') ?? [];
  const digests = proven.map(({ container, digest }) => `${container}=${digest}`);
  return { rollout, proof, outputs: { ...outputsOf(ended), digests, verified }, failure };
}

/** Tags the revision when something of it was seen to run; gives whether it is verified. */
async function verify(
  { ours }: Rollout,
  { proof, failure }: Pick<JudgedDeployment, 'proof' | 'failure'>,
  session: AwsSession,
  context: ActionContext,
): Promise<boolean | undefined> {
  if (failure || !proof) return false;
  if (proof.runningTasks > 0) return markVerified(ours.taskDefinition, session, context);
  context.progress.warn('No task of it runs, so that it is not tagged as verified');
  return false;
}

async function judgeTakenBack(
  ended: LeftOrEnded,
  request: JudgeRequest,
  session: AwsSession,
  context: ActionContext,
): Promise<JudgedDeployment> {
  const { rollout, end, deployment } = ended;
  const { state, cause } = rollout.verdict;
  const { service } = request.place;
  const hasNothingBefore = deployment?.sources.length === 0;
  const isStopped = state === 'STOPPED' && cause?.kind === 'stop-request' && hasNothingBefore;
  if (state === 'ROLLED_BACK') context.progress.info(`The deployment of ${service} was rolled back`);
  if (isStopped) {
    context.progress.warn(
      `${service} had nothing to go back to: the deployment was stopped, and what it started is left`,
    );
  }
  const isReached = state === 'ROLLED_BACK' || isStopped || (end.reached && state !== 'SUCCEEDED');
  const verified = await rejected(rollout, request, session, context);
  const outputs = { ...outputsOf(ended), verified };
  if (isReached) return { rollout, proof: undefined, outputs, failure: undefined };
  const failure =
    state === 'SUCCEEDED' ? notRolledBack(ended, request, session) : await deploymentFailure(ended, request, session);
  return { rollout, proof: undefined, outputs, failure };
}

/** Tags the revision when the end of its deployment says that it is no good; gives whether it is verified. */
async function rejected(
  { ours, verdict: { state, cause } }: Rollout,
  request: JudgeRequest,
  session: AwsSession,
  context: ActionContext,
): Promise<boolean | undefined> {
  const isItsFault = state === 'ROLLED_BACK' || (state === 'FAILED' && cause?.kind !== 'service-deleted');
  return isItsFault && request.markVerified ? markRejected(ours.taskDefinition, session, context) : undefined;
}

function outputsOf({ rollout, service }: LeftOrEnded): JudgedDeployment['outputs'] {
  const { ours, verdict, serviceDeploymentArn } = rollout;
  return {
    serviceArn: service?.arn,
    deploymentId: ours.id,
    serviceDeploymentArn,
    deploymentStatus: verdict.state,
    stage: verdict.stage,
    taskDefinitionArn: ours.taskDefinition,
    hookId: verdict.hook?.id,
  };
}

/** A deployment that can't be seen any more goes on, and somebody has to know that. */
function lostSight(
  error: unknown,
  { ours }: BegunDeployment,
  { place }: JudgeRequest,
  session: AwsSession,
): JudgedDeployment {
  if (!(error instanceof DeployError)) throw error;
  const left = `The deployment ${ours.id} of ${place.service} was left as it is.`;
  return {
    rollout: beginRollout(ours),
    proof: undefined,
    outputs: { deploymentId: ours.id, taskDefinitionArn: ours.taskDefinition },
    failure: retold(error, { hints: [...error.hints, left, ...goesOnHints(ours.id, place, session)] }),
  };
}
