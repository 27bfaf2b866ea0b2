import type { ServicePlace } from '../../aws/ecs/services.ts';
import type { AwsSession } from '../../aws/session.ts';
import type { DeployError } from '../../core/errors.ts';
import type { OutputValues } from '../../params/declaration.ts';
import type { Proof } from '../../plan/rollout/proof.ts';
import type { OurDeployment } from '../../plan/rollout/started-deployment.ts';
import type { ToldEvents } from '../../plan/rollout/telling/service-events.ts';
import type { Rollout } from '../../plan/rollout/track.ts';
import type { WaitGoal } from '../../plan/rollout/wait-goal.ts';
import type { ActionContext } from '../context.ts';
import type { deploymentOutputs, LeaveInputs } from '../ecs-params.ts';

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
 * @param begin the call that starts it, or the look that finds it; its errors are thrown as they are
 */
export async function judgeDeployment(
  _begin: () => Promise<BegunDeployment>,
  _request: JudgeRequest,
  _session: AwsSession,
  _context: ActionContext,
): Promise<JudgedDeployment> {
  throw new Error('not there yet');
}
