import type { Inputs, Outputs, Params } from '../params/declaration.ts';
import { changeParams } from './common-params.ts';
import { defineAction } from './define-action.ts';
import { deployService } from './deploy-service.ts';
import { deploymentOutputs, followParams, leaveParams, serviceParams } from './ecs-params.ts';

const params = {
  ...serviceParams,
  toTaskDefinition: {
    ...deployService.params.taskDefinitionArn,
    description:
      'Go back to this very revision, family:revision or ARN. Empty: what is in flight is rolled back, else the last verified revision is deployed.',
  },
  ...followParams,
  ...leaveParams,
  ...changeParams,
} as const satisfies Params;

export type RollbackServiceInputs = Inputs<typeof params>;

const outputs = {
  ...deploymentOutputs,
  taskDefinitionArn: { type: 'string', description: 'ARN of the revision that the service has then.' },
  rejectedTaskDefinitionArn: { type: 'string', description: 'ARN of the revision that was left.' },
} as const satisfies Outputs;

export type RollbackServiceOutputs = typeof outputs;

export const rollbackService = defineAction({
  name: 'rollback-service',
  summary: 'Take an ECS service back: stop what is being deployed, or deploy the last revision that was verified.',
  details: [
    'While a deployment is in flight, ECS is told to roll it back, and that is followed to its end. When ECS has rolled the last deployment back already, the service is back, and nothing is changed.',
    'Otherwise the service goes back to the newest revision other than its own whose deployment succeeded, or that is tagged as verified; never just to the number before. Its images must still exist. The revision that is left is tagged as rejected.',
  ],
  params,
  outputs,
  surfaces: ['orb-job', 'orb-command', 'cli'],
  awsCalls: deployService.awsCalls.filter((call) => call !== 'ecs:CreateService'),
  async run(inputs, context) {
    const { rollBackFromInputs } = await import('./service-rollback/from-inputs.ts');
    return rollBackFromInputs(inputs, context);
  },
});
