import type { Inputs, Outputs, Params } from '../params/declaration.ts';
import { changeParams, recordParams } from './common-params.ts';
import { defineAction } from './define-action.ts';
import { registerJobDefinition } from './register-job-definition.ts';

const params = {
  scheduleName: {
    type: 'string',
    pattern: /^[\w.-]{1,64}$/,
    patternHint: '1 to 64 letters, digits or _.-',
    description: 'Name of the EventBridge Scheduler schedule. Either this or rule_name.',
  },
  ruleName: {
    type: 'string',
    pattern: /^[\w.-]{1,64}$/,
    patternHint: '1 to 64 letters, digits or _.-',
    description: 'Name of an EventBridge rule with a Batch target, in the place of a schedule.',
  },
  schedule: {
    type: 'string',
    description:
      'When it runs: cron(0 3 * * ? *), rate(1 day) or at(2026-11-20T03:00:00). Empty: as it is; to create one it is needed.',
  },
  timezone: {
    type: 'string',
    description: 'IANA time zone of cron() and at(), such as Europe/Berlin. Empty: as it is; UTC for a new schedule.',
  },
  state: {
    type: 'enum',
    values: ['keep', 'enabled', 'disabled'],
    default: 'keep',
    description: 'Whether it runs: disabled pauses it, enabled resumes it. What is new is enabled.',
  },
  jobDefinitionName: {
    ...registerJobDefinition.params.jobDefinitionName,
    description:
      'Name of the job definition to submit. Empty: what this workflow has released, otherwise what is submitted now.',
  },
  revision: {
    type: 'integer',
    min: 1,
    description:
      'Revision of job_definition_name. Empty: what this workflow has released, otherwise the newest active one.',
  },
  pin: {
    type: 'enum',
    values: ['revision', 'name'],
    default: 'revision',
    description:
      'revision: that very revision runs until this is run again. name: whatever revision is the newest when it runs.',
  },
  jobQueue: {
    type: 'string',
    pattern: /^(arn:aws[a-z-]*:batch:[a-z0-9-]+:\d{12}:job-queue\/)?[A-Za-z0-9_-]{1,128}$/,
    patternHint: 'the name or the ARN of a job queue',
    description: 'Job queue, by name or ARN. Empty: as it is; to create a schedule it is needed.',
  },
  jobName: {
    type: 'string',
    pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/,
    patternHint: '1 to 128 letters, digits, hyphens or underscores, the first a letter or digit',
    description: 'Name that each job gets. Empty: as it is; for a new schedule the name of the definition.',
  },
  environment: {
    type: 'map',
    description: 'Environment variables over those of the definition, NAME=VALUE a line; others stay. Not for rules.',
  },
  parameters: {
    type: 'map',
    description: 'Values for Ref:: placeholders in the command, NAME=VALUE a line; others stay. Not for rules.',
  },
  command: {
    type: 'list',
    description: 'Command in the place of that of the definition, one word a line. Not for rules.',
  },
  scheduleRoleArn: {
    type: 'string',
    pattern: /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
    patternHint: 'arn:aws:iam::<account>:role/<name>',
    description: 'Role that submits the jobs (batch:SubmitJob). Empty: as it is; to create a schedule it is needed.',
  },
  deadLetterQueueArn: {
    type: 'string',
    pattern: /^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]+(\.fifo)?$/,
    patternHint: 'the ARN of an SQS queue',
    description: 'SQS queue for runs that could not be submitted. Without one, they are lost in silence.',
  },
  // Text, because an orb has no other way to say that an integer from 0 was not given.
  maximumRetryAttempts: {
    type: 'string',
    pattern: /^(\d|[1-9]\d|1[0-7]\d|18[0-5])$/,
    patternHint: 'a number from 0 to 185',
    description:
      'How often a submit that failed is tried again. Empty: as it is; 3 for a new schedule (AWS itself: 185).',
  },
  maximumEventAge: {
    type: 'duration',
    description:
      'How late a submit may still be tried again, 60s to 24h. Empty: as it is; 15m for a new schedule (AWS itself: 24h).',
  },
  flexibleWindow: {
    type: 'duration',
    description: 'Start at any moment of this long after the time, whole minutes to 24h; 0s: on time. Empty: as it is.',
  },
  groupName: {
    type: 'string',
    default: 'default',
    pattern: /^[\w.-]{1,64}$/,
    patternHint: '1 to 64 letters, digits or _.-',
    description: 'Schedule group that the schedule is in; it must exist.',
  },
  description: { type: 'string', description: 'Description of the schedule or rule. Empty: as it is.' },
  arraySize: {
    type: 'integer',
    min: 2,
    max: 10_000,
    advanced: true,
    description: 'Submit an array of that many jobs. Empty: as it is.',
  },
  startDate: {
    type: 'string',
    advanced: true,
    description: 'No run before this time, such as 2026-12-01T00:00:00Z. Empty: as it is.',
  },
  endDate: {
    type: 'string',
    advanced: true,
    description: 'No run after this time, such as 2027-01-01T00:00:00+01:00. Empty: as it is.',
  },
  eventBusName: {
    type: 'string',
    default: 'default',
    advanced: true,
    pattern: /^[/.\w-]{1,256}$/,
    patternHint: 'the name of an event bus',
    description: 'Event bus that the rule is on.',
  },
  ruleTargetId: {
    type: 'string',
    advanced: true,
    pattern: /^[.\w-]{1,64}$/,
    patternHint: '1 to 64 letters, digits or _.-',
    description: 'Which target of the rule to change, when several submit Batch jobs.',
  },
  allowOlder: {
    type: 'boolean',
    default: false,
    advanced: true,
    description: 'Move to a lower revision, or to that of an older pipeline, than the one that is submitted now.',
  },
  ...changeParams,
  ...recordParams,
} as const satisfies Params;

export type ScheduleInputs = Inputs<typeof params>;

const outputs = {
  scheduleArn: { type: 'string', description: 'ARN of the schedule or rule.' },
  scheduleName: { type: 'string', description: 'Name of the schedule or rule.' },
  jobDefinition: { type: 'string', description: 'What it submits: the ARN of a revision, or a name.' },
  state: { type: 'string', description: 'enabled or disabled.' },
  nextTimes: { type: 'list', description: 'The next three times that it runs, in its time zone; none when disabled.' },
} as const satisfies Outputs;

export type ScheduleOutputs = typeof outputs;

export const scheduleJob = defineAction({
  name: 'schedule-job',
  summary: 'Create or update the schedule of a Batch job, so that it runs the revision that was released.',
  details: [
    'What is there is read first, and only what is asked for changes: everything else is sent back as it is, also what this version has never heard of. When nothing differs, nothing is sent; the diff is printed. At the end it is read back and compared.',
    'It is never moved to a lower revision, nor to one of an older pipeline, except with allow_older: what comes late is superseded (exit code 11).',
    'EventBridge rules with a Batch target are changed likewise, their other targets kept. A rule runs in UTC, and can not override the environment, the parameters or the command.',
    'What a schedule overrides may hold the keywords of EventBridge Scheduler, such as <aws.scheduler.scheduled-time>.',
  ],
  params,
  outputs,
  surfaces: ['orb-job', 'orb-command', 'cli'],
  awsCalls: [
    'sts:GetCallerIdentity',
    'batch:DescribeJobDefinitions',
    'scheduler:GetSchedule',
    'scheduler:CreateSchedule',
    'scheduler:UpdateSchedule',
    'events:DescribeRule',
    'events:ListTargetsByRule',
    'events:PutRule',
    'events:PutTargets',
    'iam:PassRole',
  ],
  async run(inputs, context) {
    const { scheduleFromInputs } = await import('./schedule/schedule-from-inputs.ts');
    return scheduleFromInputs(inputs, context);
  },
});
