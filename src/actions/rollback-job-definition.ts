import type { Inputs, Outputs, Params } from '../params/declaration.ts';
import { changeParams } from './common-params.ts';
import { defineAction } from './define-action.ts';
import { registerJobDefinition } from './register-job-definition.ts';

const params = {
  jobDefinitionName: {
    ...registerJobDefinition.params.jobDefinitionName,
    required: true,
    description: 'Name of the job definition.',
  },
  toRevision: {
    type: 'integer',
    min: 1,
    description:
      'Go back to this very revision. When empty: the newest that was verified, not rejected, and is different.',
  },
  repoint: {
    type: 'boolean',
    default: true,
    advanced: true,
    description: 'Point the schedules and rules that run the revision which is left to the new one.',
  },
  ...changeParams,
} as const satisfies Params;

export type RollbackInputs = Inputs<typeof params>;

const outputs = {
  jobDefinitionName: { type: 'string', description: 'Name of the job definition.' },
  jobDefinitionArn: { type: 'string', description: 'ARN of the new revision.' },
  revision: { type: 'integer', description: 'Number of the new revision.' },
  restoredRevision: { type: 'integer', description: 'Number of the revision whose content it has.' },
  rejectedRevision: { type: 'integer', description: 'Number of the revision that was left.' },
  repointed: { type: 'list', description: 'Schedules and rules that now run the new revision.' },
} as const satisfies Outputs;

export type RollbackOutputs = typeof outputs;

export const rollbackJobDefinition = defineAction({
  name: 'rollback-job-definition',
  summary: 'Go back to the last revision that was verified, by registering it anew.',
  details: [
    'Nothing is taken away: the revision to go back to becomes a new one, so that jobs submitted by name and audits both see it. The one that is left is tagged as rejected, and no later rollback goes there again.',
    'Its image and its script must still exist. Schedules and rules that run the revision which is left are pointed to the new one.',
  ],
  params,
  outputs,
  surfaces: ['orb-job', 'orb-command', 'cli'],
  awsCalls: [
    'sts:GetCallerIdentity',
    'batch:DescribeJobDefinitions',
    'batch:RegisterJobDefinition',
    'batch:TagResource',
    'iam:PassRole',
    'ecr:GetAuthorizationToken',
    'ecr:DescribeImages',
    's3:GetObject',
    'scheduler:ListSchedules',
    'scheduler:GetSchedule',
    'scheduler:UpdateSchedule',
    'events:ListEventBuses',
    'events:ListRules',
    'events:DescribeRule',
    'events:ListTargetsByRule',
    'events:PutTargets',
  ],
  async run(inputs, context) {
    const { rollBackFromInputs } = await import('./rollback/from-inputs.ts');
    return rollBackFromInputs(inputs, context);
  },
});
