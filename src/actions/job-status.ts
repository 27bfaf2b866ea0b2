import type { Inputs, Outputs, Params } from '../params/declaration.ts';
import { awsParams } from './common-params.ts';
import { defineAction } from './define-action.ts';
import { rollbackJobDefinition } from './rollback-job-definition.ts';

const params = {
  jobDefinitionName: rollbackJobDefinition.params.jobDefinitionName,
  jobQueue: {
    type: 'list',
    description: 'Where to look for runs: names or ARNs of job queues, one a line. Empty: in all queues.',
  },
  runs: { type: 'integer', default: 5, min: 0, max: 100, description: 'How many of the last runs are told.' },
  ...awsParams,
} as const satisfies Params;

export type StatusInputs = Inputs<typeof params>;

const outputs = {
  jobDefinitionName: { type: 'string', description: 'Name of the job definition.' },
  newestRevision: { type: 'integer', description: 'Number of the newest active revision.' },
  verified: { type: 'boolean', description: 'Whether a run or a deploy has proven that revision.' },
  rejected: { type: 'boolean', description: 'Whether a rollback has left that revision.' },
  rollbackRevision: { type: 'integer', description: 'Where a rollback would go; nothing when there is nowhere.' },
  overview: { type: 'json', description: 'All that is told, as JSON.' },
} as const satisfies Outputs;

export type StatusOutputs = typeof outputs;

export const jobStatus = defineAction({
  name: 'job-status',
  summary: 'Say what a Batch job runs now, when it runs next, how it ran last, and where a rollback would go.',
  details: [
    'Nothing is changed. What can not be read is said, and the rest is told all the same.',
    'The image is looked up in ECR by its digest, and the script in S3 by its hash.',
  ],
  params,
  outputs,
  surfaces: ['orb-job', 'orb-command', 'cli'],
  awsCalls: [
    'sts:GetCallerIdentity',
    'batch:DescribeJobDefinitions',
    'batch:DescribeJobQueues',
    'batch:ListJobs',
    'batch:DescribeJobs',
    'ecr:GetAuthorizationToken',
    'ecr:DescribeImages',
    's3:GetObject',
    'scheduler:ListSchedules',
    'scheduler:GetSchedule',
    'events:ListEventBuses',
    'events:ListRules',
    'events:DescribeRule',
    'events:ListTargetsByRule',
  ],
  async run(inputs, context) {
    const { statusFromInputs } = await import('./status/status-from-inputs.ts');
    return statusFromInputs(inputs, context);
  },
});
