import type { ActionContext } from '../context.ts';
import type { Outcome } from '../define-action.ts';
import { judgeDeployment } from '../ecs/judge-deployment.ts';
import type { WatchInputs, WatchOutputs } from '../watch-deployment.ts';
import { findDeployment, type FoundDeployment } from './find-deployment.ts';
import { followRequest } from './follow-inputs.ts';

/** The work of watch-deployment. It was started by others, and goes on when nobody watches any more. */
export async function watchFromInputs(inputs: WatchInputs, context: ActionContext): Promise<Outcome<WatchOutputs>> {
  const { cluster, service, markVerified } = inputs;
  const following = followRequest(inputs);
  const record = await context.readRecord(inputs.record);
  const session = await context.openSession(inputs);
  const place = { cluster, service };
  let found: FoundDeployment | undefined;
  const { outputs, failure } = await judgeDeployment(
    async () => (found = await findDeployment(place, inputs.deployment, record, session, context.progress)),
    {
      place,
      ...following,
      wanted: 'deployed',
      markVerified,
      onTimeout: 'leave',
      onCancel: 'leave',
    },
    session,
    context,
  );
  return {
    component: found?.service.name ?? service,
    status: 'unchanged',
    changes: [],
    outputs: { ...outputs, serviceArn: outputs.serviceArn ?? found?.service.arn },
    ...(failure ? { failure } : {}),
  };
}
