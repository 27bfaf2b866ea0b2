import type { Inputs, Outputs, Params } from '../params/declaration.ts';
import { changeParams } from './common-params.ts';
import { defineAction } from './define-action.ts';
import { rollbackJobDefinition } from './rollback-job-definition.ts';

const params = {
  jobDefinitionName: rollbackJobDefinition.params.jobDefinitionName,
  keep: { type: 'integer', default: 5, min: 1, description: 'How many of the newest revisions stay in any case.' },
  ...changeParams,
} as const satisfies Params;

export type PruneInputs = Inputs<typeof params>;

const outputs = {
  deregistered: {
    type: 'list',
    description: 'Numbers of the revisions that were deregistered; in a dry run, would be.',
  },
  kept: { type: 'list', description: 'Numbers of the revisions that are still active.' },
} as const satisfies Outputs;

export type PruneOutputs = typeof outputs;

export const pruneJobDefinitions = defineAction({
  name: 'prune-job-definitions',
  summary: 'Deregister old revisions of a job definition that nothing uses and no rollback needs.',
  details: [
    'The newest ones stay, those that a rollback would go to, and all that a schedule, a rule or an unfinished job in any queue uses. Of each revision that stays it is said why.',
    'What can not be read counts as in use: then nothing is deregistered, and that is a warning. A revision that was deregistered never becomes active again.',
  ],
  params,
  outputs,
  surfaces: ['orb-job', 'orb-command', 'cli'],
  awsCalls: [
    'sts:GetCallerIdentity',
    'batch:DescribeJobDefinitions',
    'batch:DescribeJobQueues',
    'batch:ListJobs',
    'batch:DeregisterJobDefinition',
    'scheduler:ListSchedules',
    'scheduler:GetSchedule',
    'events:ListEventBuses',
    'events:ListRules',
    'events:DescribeRule',
    'events:ListTargetsByRule',
  ],
  async run(inputs, context) {
    const { pruneFromInputs } = await import('./prune/prune-from-inputs.ts');
    return pruneFromInputs(inputs, context);
  },
});
