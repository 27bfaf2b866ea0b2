import type { Inputs, Outputs, Params } from '../params/declaration.ts';
import { changeParams, recordParams } from './common-params.ts';
import { defineAction } from './define-action.ts';
import { registerJobDefinition } from './register-job-definition.ts';

const register = registerJobDefinition.params;

const params = {
  jobDefinitionName: {
    ...register.jobDefinitionName,
    description: 'Name of the job definition. When empty: the one that this workflow released.',
  },
  revision: {
    type: 'integer',
    min: 1,
    description: 'Revision to run. When left out: the one that this workflow released, else the newest active one.',
  },
  jobQueue: { type: 'string', required: true, description: 'Name or ARN of the job queue.' },
  jobName: {
    type: 'string',
    pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{0,114}$/,
    patternHint: 'up to 115 letters, digits, hyphens and underscores, beginning with a letter or digit',
    description:
      'What the name of the job begins with; twelve characters are added, by which it is found again. When empty: the name of the definition.',
  },
  command: {
    type: 'list',
    description: 'Command to run instead of the one of the definition, one word a line or a JSON array.',
  },
  environment: {
    type: 'map',
    description: 'Environment variables to set for this job, NAME=VALUE a line; others stay as they are.',
  },
  parameters: {
    type: 'map',
    description: 'Values for Ref:: placeholders in the command, NAME=VALUE a line.',
  },
  container: {
    ...register.container,
    advanced: true,
    description:
      'Which container command and environment are for, when there are several: its name, or the node range.',
  },
  arraySize: { type: 'integer', min: 2, max: 10_000, description: 'Run an array of so many children.' },
  shareIdentifier: {
    type: 'string',
    advanced: true,
    description: 'Share of the queue that the job counts towards. Only for queues with fair-share scheduling.',
  },
  wait: {
    type: 'boolean',
    default: true,
    description: 'Follow the job to its end and fail when it fails. Without, submitting it is success.',
  },
  timeout: { type: 'duration', default: '1h', description: 'Longest time for the whole wait.' },
  runnableTimeout: {
    type: 'duration',
    default: '15m',
    description: 'Longest time in which nothing of the job runs: a queue can keep a job in RUNNABLE for ever.',
  },
  pollInterval: {
    type: 'duration',
    default: '10s',
    advanced: true,
    description: 'Pause between two looks at the job, at least 1s.',
  },
  onCancel: {
    type: 'enum',
    values: ['terminate', 'detach'],
    default: 'terminate',
    description: 'What happens to the job when this step is canceled or its time is over: end it, or let it run.',
  },
  markVerified: {
    type: 'boolean',
    default: false,
    description: 'After success tag the revision as verified, so that a rollback can go back to it.',
  },
  idempotencyKey: {
    type: 'string',
    advanced: true,
    description:
      'The same key is the same job: it is found again and followed instead of submitted once more. When empty: CIRCLE_WORKFLOW_JOB_ID, which is the same for automatic reruns of a step and new for a rerun by hand.',
  },
  ...changeParams,
  ...recordParams,
} as const satisfies Params;

export type SubmitInputs = Inputs<typeof params>;

const outputs = {
  jobId: { type: 'string', description: 'Id of the job.' },
  jobArn: { type: 'string', description: 'ARN of the job.' },
  jobName: { type: 'string', description: 'Name of the job, with what was added to find it again.' },
  jobStatus: { type: 'string', description: 'State of the job when it was seen last.' },
  exitCode: { type: 'integer', description: 'Exit code of the last attempt.' },
  attempts: { type: 'integer', description: 'How many attempts were made.' },
  queuedSeconds: { type: 'integer', description: 'Seconds from the submission until something ran.' },
  runSeconds: { type: 'integer', description: 'Seconds that the attempts ran, all together.' },
  logLink: { type: 'string', description: "Address of the job's log in the AWS console." },
  failedIndexes: { type: 'list', description: 'Indexes of the children of an array that failed.' },
} as const satisfies Outputs;

export type SubmitOutputs = typeof outputs;

export const submitJob = defineAction({
  name: 'submit-job',
  summary: 'Run an AWS Batch job: submit it once, follow it with its log, and end as it ended.',
  details: [
    'What is submitted is a certain revision: the given one, or that of this release, or the newest active one. The wait tells each state, why the job waits, and its log; a failed job fails the step with its exit code and the last lines of the log.',
    'A step that CircleCI runs again by itself follows the job that it submitted before; rerunning by hand submits a new one.',
  ],
  params,
  outputs,
  surfaces: ['orb-job', 'orb-command', 'cli'],
  awsCalls: [
    'sts:GetCallerIdentity',
    'batch:DescribeJobDefinitions',
    'batch:DescribeJobQueues',
    'batch:ListJobs',
    'batch:SubmitJob',
    'batch:DescribeJobs',
    'batch:GetJobQueueSnapshot',
    'batch:TerminateJob',
    'batch:TagResource',
    'logs:GetLogEvents',
  ],
  async run(inputs, context) {
    const { submitFromInputs } = await import('./job-run/submit-from-inputs.ts');
    return submitFromInputs(inputs, context);
  },
});
