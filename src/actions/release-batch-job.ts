import { optional, type Inputs, type Outputs, type Params } from '../params/declaration.ts';
import { buildAndPushImage } from './build-and-push-image.ts';
import { changeParams } from './common-params.ts';
import { defineAction } from './define-action.ts';
import { registerJobDefinition } from './register-job-definition.ts';
import { rollbackJobDefinition } from './rollback-job-definition.ts';
import { scheduleJob } from './schedule-job.ts';
import { submitJob } from './submit-job.ts';
import { uploadScript } from './upload-script.ts';

const build = buildAndPushImage.params;
const upload = uploadScript.params;
const register = registerJobDefinition.params;
const submit = submitJob.params;
const scheduling = scheduleJob.params;

const params = {
  jobDefinition: register.jobDefinition,
  jobDefinitionName: register.jobDefinitionName,
  repository: {
    ...optional(build.repository),
    description:
      'Name of the ECR repository to push to. When empty, no image is built and the definition keeps its own.',
  },
  path: build.path,
  dockerfile: build.dockerfile,
  tags: build.tags,
  builder: build.builder,
  buildArgs: build.buildArgs,
  createRepository: build.createRepository,
  script: { type: 'path', description: 'The job script, or a folder. When empty, no script is uploaded.' },
  scriptDestination: optional(upload.scriptDestination),
  container: register.container,
  environment: register.environment,
  smokeTest: {
    type: 'boolean',
    default: false,
    description:
      'Run the new revision once in job_queue and wait for it: success verifies the revision, failure fails the release.',
  },
  jobQueue: {
    ...scheduling.jobQueue,
    description:
      'Name or ARN of the job queue of the smoke test, and of a new schedule; one that is there keeps its own.',
  },
  smokeEnvironment: {
    type: 'map',
    advanced: true,
    description: 'Environment variables of the smoke test alone, NAME=VALUE a line.',
  },
  smokeTimeout: { ...submit.timeout, advanced: true, description: 'Longest time for the smoke test.' },
  runnableTimeout: { ...submit.runnableTimeout, advanced: true },
  pollInterval: submit.pollInterval,
  onFailure: {
    type: 'enum',
    values: ['rollback', 'keep'],
    default: 'rollback',
    description:
      'What a failed smoke test does: go back to the last verified revision (exit code 9), or keep the new one, unverified (10). One that takes longer than runnable_timeout or smoke_timeout is ended and counts as failed (kept: 8).',
  },
  scheduleName: {
    ...scheduling.scheduleName,
    description:
      'Schedule that is to run the new revision, once the smoke test has succeeded. When empty, none is touched.',
  },
  schedule: scheduling.schedule,
  timezone: scheduling.timezone,
  pin: scheduling.pin,
  scheduleRoleArn: scheduling.scheduleRoleArn,
  deadLetterQueueArn: { ...scheduling.deadLetterQueueArn, advanced: true },
  allowOlder: register.allowOlder,
  ...changeParams,
} as const satisfies Params;

export type ReleaseInputs = Inputs<typeof params>;

const outputs = {
  ...registerJobDefinition.outputs,
  imageDigest: buildAndPushImage.outputs.imageDigest,
  ...uploadScript.outputs,
  verified: { type: 'boolean', description: 'Whether a job of this very revision has succeeded.' },
  jobId: { type: 'string', description: 'Id of the job of the smoke test.' },
  exitCode: { type: 'integer', description: 'Exit code of the smoke test.' },
  logLink: submitJob.outputs.logLink,
  rolledBackTo: {
    type: 'integer',
    description: 'After a failed smoke test: number of the revision that was registered in the place of the new one.',
  },
  scheduleArn: scheduleJob.outputs.scheduleArn,
  nextTimes: scheduleJob.outputs.nextTimes,
} as const satisfies Outputs;

export type ReleaseOutputs = typeof outputs;

export const releaseBatchJob = defineAction({
  name: 'release-batch-job',
  summary: 'Release a Batch job: image, script, revision, a smoke test and its schedule, each proven.',
  details: [
    'Everything is checked before anything is changed. Each part is skipped when it has nothing to do, so running it twice is running it once.',
    'The revision is read back and compared with what was asked for, and the image is looked up in ECR by its digest.',
    'With smoke_test the new revision then runs once; only what has run is verified, and a release without a job that succeeded says that it is unverified. With schedule_name a schedule is moved to it last.',
  ],
  params,
  outputs,
  surfaces: ['orb-job', 'orb-command', 'cli'],
  builds: true,
  awsCalls: [
    ...new Set(
      [buildAndPushImage, uploadScript, registerJobDefinition, submitJob, scheduleJob, rollbackJobDefinition].flatMap(
        ({ awsCalls }) => awsCalls,
      ),
    ),
  ],
  async run(inputs, context) {
    const { releaseFromInputs } = await import('./batch-job/release.ts');
    return releaseFromInputs(inputs, context);
  },
});
