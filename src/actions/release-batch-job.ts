import { optional, type Inputs, type Outputs, type Params } from '../params/declaration.ts';
import { buildAndPushImage } from './build-and-push-image.ts';
import { changeParams } from './common-params.ts';
import { defineAction } from './define-action.ts';
import { registerJobDefinition } from './register-job-definition.ts';
import { uploadScript } from './upload-script.ts';

const build = buildAndPushImage.params;
const upload = uploadScript.params;
const register = registerJobDefinition.params;

const params = {
  jobDefinition: register.jobDefinition,
  jobDefinitionName: register.jobDefinitionName,
  repository: {
    type: 'string',
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
  allowOlder: register.allowOlder,
  ...changeParams,
} as const satisfies Params;

export type ReleaseInputs = Inputs<typeof params>;

const outputs = {
  ...registerJobDefinition.outputs,
  imageDigest: buildAndPushImage.outputs.imageDigest,
  ...uploadScript.outputs,
} as const satisfies Outputs;

export type ReleaseOutputs = typeof outputs;

export const releaseBatchJob = defineAction({
  name: 'release-batch-job',
  summary: 'Release a Batch job: build and push the image, upload the script, register the revision, prove it.',
  details: [
    'Everything is checked before anything is changed. Each part is skipped when it has nothing to do, so running it twice is running it once.',
    'At the end the revision is read back and compared with what was asked for, and the image is looked up in ECR by its digest.',
  ],
  params,
  outputs,
  surfaces: ['orb-job', 'orb-command', 'cli'],
  builds: true,
  awsCalls: [...new Set([...buildAndPushImage.awsCalls, ...uploadScript.awsCalls, ...registerJobDefinition.awsCalls])],
  async run(inputs, context) {
    const { releaseFromInputs } = await import('./batch-job/release.ts');
    return releaseFromInputs(inputs, context);
  },
});
