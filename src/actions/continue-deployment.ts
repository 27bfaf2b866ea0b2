import type { Inputs, Params } from '../params/declaration.ts';
import { changeParams, recordParams } from './common-params.ts';
import { defineAction } from './define-action.ts';
import {
  deploymentOutputs,
  deploymentParam,
  followParams,
  leaveParams,
  markVerifiedParam,
  serviceParams,
} from './ecs-params.ts';
import { watchDeployment } from './watch-deployment.ts';

const params = {
  ...serviceParams,
  decision: {
    type: 'enum',
    values: ['continue', 'reject'],
    default: 'continue',
    description: 'Let the deployment go on, or reject it, so that ECS rolls it back.',
  },
  deployment: deploymentParam,
  hookId: {
    type: 'string',
    advanced: true,
    description: 'The pause to end, by the id of its hook. Empty: the one that waits.',
  },
  ...followParams,
  ...leaveParams,
  markVerified: markVerifiedParam,
  ...changeParams,
  ...recordParams,
} as const satisfies Params;

export type ContinueInputs = Inputs<typeof params>;
export type ContinueOutputs = typeof deploymentOutputs;

export const continueDeployment = defineAction({
  name: 'continue-deployment',
  summary: 'End the pause of a deployment: let it go on, or reject it, and follow it to its end.',
  details: [
    'For services with a PAUSE lifecycle hook. Together with an approval job: deploy until paused, approve, continue.',
    'decision: reject has ECS roll the deployment back; that it was rolled back is then success.',
  ],
  params,
  outputs: deploymentOutputs,
  surfaces: ['orb-job', 'orb-command', 'cli'],
  awsCalls: [...watchDeployment.awsCalls, 'ecs:ContinueServiceDeployment', 'ecs:StopServiceDeployment'],
  async run(inputs, context) {
    const { continueFromInputs } = await import('./service/continue-from-inputs.ts');
    return continueFromInputs(inputs, context);
  },
});
