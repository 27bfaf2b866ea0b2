import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { within } from '../../core/within.ts';
import { isFinal, type Verdict } from '../../plan/rollout/verdict.ts';
import type { ActionContext } from '../context.ts';
import type { BegunDeployment, JudgeRequest } from './judge-deployment.ts';
import { goesOnHints, leaveDeployment } from './leave-deployment.ts';

/** A call that is under way may still reach AWS. */
const BEGIN_MS = 3000;
const LOOK_MS = 2000;

/** What is known of a deployment while it is worked with. */
export interface Undertaking {
  /** Begins it. */
  begin(begin: () => Promise<BegunDeployment>): Promise<BegunDeployment>;
  /** Has it ended? */
  saw(verdict: Verdict): void;
}

/**
 * Does work with a deployment that it begins. When the action is canceled meanwhile, the deployment is left, stopped or
 * rolled back, as was chosen, also when the answer to the call that begins it is still on the way.
 */
export async function finishWhenCanceled<T>(
  request: JudgeRequest,
  session: AwsSession,
  context: ActionContext,
  work: (undertaking: Undertaking) => Promise<T>,
): Promise<T> {
  const { place, onCancel } = request;
  let beginning: Promise<BegunDeployment> | undefined;
  let seen: Verdict | undefined;
  const done = context.whenCanceled(async () => {
    if (!beginning) return canceled('canceled before a deployment was started', []);
    const begun = await begunYet(beginning, request);
    if (!begun) return canceled(`canceled; no deployment of ${place.service} was seen to start`, []);
    const { ours } = begun;
    const which = `canceled; deployment ${ours.id} of ${place.service}`;
    if (seen && isFinal(seen)) {
      return canceled(`${which} had ended: ${seen.state}`, goesOnHints(ours.id, place, session).slice(0, 1));
    }
    const left = await leaveDeployment({ ours, serviceDeploymentArn: undefined }, onCancel, place, session);
    return canceled(`${which}: ${left.fate}`, left.hints);
  });
  try {
    return await work({
      begin: (begin) => (beginning = begin()),
      saw(verdict) {
        seen = verdict;
      },
    });
  } finally {
    // After a cancel it is what the run ends with.
    if (!context.signal.aborted) done();
  }
}

/** The deployment, when the answer comes in time, or when it is there without an answer. */
async function begunYet(
  beginning: Promise<BegunDeployment>,
  { findBegun }: JudgeRequest,
): Promise<BegunDeployment | undefined> {
  const answered = await within(
    BEGIN_MS,
    beginning.catch(() => undefined),
  );
  if (answered || !findBegun) return answered;
  return within(
    LOOK_MS,
    findBegun().catch(() => undefined),
  );
}

function canceled(title: string, hints: readonly string[]): DeployError {
  return new DeployError({ code: 'canceled', title, hints, exitCode: EXIT.canceled });
}
