import type { ActionContext } from '../context.ts';
import type { Outcome } from '../define-action.ts';
import type { EcsReleaseInputs, EcsReleaseOutputs } from '../release-ecs-service.ts';

/** The work of release-ecs-service. */
export async function releaseFromInputs(
  _inputs: EcsReleaseInputs,
  _context: ActionContext,
): Promise<Outcome<EcsReleaseOutputs>> {
  throw new Error('not there yet');
}
