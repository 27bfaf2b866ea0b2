import type { Inputs, Outputs, Params } from '../params/declaration.ts';
import { changeParams, recordParams } from './common-params.ts';
import { defineAction } from './define-action.ts';
import { deployService } from './deploy-service.ts';
import { registerTaskDefinition, taskDefinitionParams } from './register-task-definition.ts';
import { scheduleJob } from './schedule-job.ts';

const { scheduleName, ruleName, groupName, eventBusName, ruleTargetId } = scheduleJob.params;

const params = {
  scheduleName,
  ruleName: { ...ruleName, description: 'Name of an EventBridge rule with an ECS target, in the place of a schedule.' },
  ...taskDefinitionParams,
  taskDefinitionArn: {
    ...deployService.params.taskDefinitionArn,
    description: 'Point it to this revision as it is, family:revision or ARN; nothing is registered.',
  },
  allowOlder: {
    ...taskDefinitionParams.allowOlder,
    description: 'Move to a lower revision, or to that of an older pipeline, than the one that runs now.',
  },
  pin: {
    type: 'enum',
    values: ['revision', 'family'],
    default: 'revision',
    description:
      'revision: that very revision runs until this is run again. family: whatever revision is the newest when it runs; its role then needs ecs:RunTask on all of them.',
  },
  groupName,
  eventBusName,
  ruleTargetId: {
    ...ruleTargetId,
    description: 'Which target of the rule to change, when several run ECS tasks.',
  },
  ...changeParams,
  ...recordParams,
} as const satisfies Params;

export type ScheduledTaskInputs = Inputs<typeof params>;

const outputs = {
  scheduleArn: { type: 'string', description: 'ARN of the schedule or rule.' },
  scheduleName: { type: 'string', description: 'Name of the schedule or rule.' },
  taskDefinitionArn: { type: 'string', description: 'What it runs now: the ARN of a revision, or of a family.' },
  previousTaskDefinitionArn: { type: 'string', description: 'What it ran before.' },
  images: registerTaskDefinition.outputs.images,
} as const satisfies Outputs;

export type ScheduledTaskOutputs = typeof outputs;

export const deployScheduledTask = defineAction({
  name: 'deploy-scheduled-task',
  summary: 'Point a schedule or rule with an ECS target to a new revision, everything else in it kept.',
  details: [
    'What is there is read first, and only the task definition of its ECS target changes: all other targets and fields are sent back as they are, also what this version has never heard of. At the end it is read back and compared.',
    'Without parameters for it, the revision or the images of earlier jobs of the same workflow are taken. It is never moved to a lower revision of the same family, nor to one of an older pipeline, except with allow_older: what comes late is superseded (exit code 11).',
    'A schedule may have an ECS cluster as its target, or RunTask of ECS as a universal target. What ECS would refuse in every run, such as an override of a container that the new revision does not have, is an error before anything is registered.',
  ],
  params,
  outputs,
  surfaces: ['orb-job', 'orb-command', 'cli'],
  awsCalls: [
    ...registerTaskDefinition.awsCalls,
    'scheduler:GetSchedule',
    'scheduler:UpdateSchedule',
    'scheduler:ListSchedules',
    'events:DescribeRule',
    'events:ListTargetsByRule',
    'events:PutTargets',
    'events:ListRules',
    'events:ListEventBuses',
  ],
  async run(inputs, context) {
    const { deployScheduledFromInputs } = await import('./scheduled-task/deploy-from-inputs.ts');
    return deployScheduledFromInputs(inputs, context);
  },
});
