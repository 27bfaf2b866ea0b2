import { optional, type Inputs, type Outputs, type Params } from '../params/declaration.ts';
import { buildAndPushImage } from './build-and-push-image.ts';
import { changeParams } from './common-params.ts';
import { defineAction } from './define-action.ts';
import { deployService } from './deploy-service.ts';
import { registerTaskDefinition, taskDefinitionParams } from './register-task-definition.ts';
import { rollbackService } from './rollback-service.ts';
import { runTask } from './run-task.ts';

const build = buildAndPushImage.params;
const deploy = deployService.params;

const params = {
  cluster: deploy.cluster,
  service: deploy.service,
  repository: {
    ...optional(build.repository),
    description: 'Name of the ECR repository to push to. When empty, no image is built.',
  },
  path: build.path,
  dockerfile: build.dockerfile,
  imageTags: { ...build.tags, advanced: true },
  builder: build.builder,
  buildArgs: { ...build.buildArgs, advanced: true },
  createRepository: { ...build.createRepository, advanced: true },
  ...taskDefinitionParams,
  container: {
    ...taskDefinitionParams.container,
    description:
      'Name of the container that gets the image that is built, environment and secrets. May be left out when there is only one.',
  },
  migrationCommand: {
    type: 'list',
    description:
      'Command of a task that runs with the new revision before it is deployed, one word a line, such as a database migration. When it fails, nothing is deployed.',
  },
  migrationContainer: {
    type: 'string',
    advanced: true,
    description: 'Container in which migration_command runs. Empty: container, or the only one.',
  },
  migrationTimeout: { ...runTask.params.timeout, advanced: true, description: 'Longest time for the migration.' },
  createFrom: { ...deploy.createFrom, advanced: true },
  desiredCount: deploy.desiredCount,
  deploymentConfiguration: deploy.deploymentConfiguration,
  waitUntil: deploy.waitUntil,
  timeout: deploy.timeout,
  pollInterval: deploy.pollInterval,
  onTimeout: deploy.onTimeout,
  onCancel: deploy.onCancel,
  onFailure: {
    type: 'enum',
    values: ['rollback', 'keep'],
    default: 'rollback',
    description:
      'What a deployment that failed and that ECS left as it is comes to: back to the last verified revision (exit code 9), or stay (10).',
  },
  ...changeParams,
} as const satisfies Params;

export type EcsReleaseInputs = Inputs<typeof params>;

const outputs = {
  ...deployService.outputs,
  family: registerTaskDefinition.outputs.family,
  revision: registerTaskDefinition.outputs.revision,
  definitionHash: registerTaskDefinition.outputs.definitionHash,
  imageDigest: buildAndPushImage.outputs.imageDigest,
  migrationTaskArns: { type: 'list', description: 'ARNs of the tasks of the migration.' },
  migrationExitCode: { type: 'integer', description: 'Exit code of the migration.' },
  rolledBackTo: {
    type: 'string',
    description: 'After a failure: ARN of the revision that the service was taken back to.',
  },
} as const satisfies Outputs;

export type EcsReleaseOutputs = typeof outputs;

export const releaseEcsService = defineAction({
  name: 'release-ecs-service',
  summary: 'Release an ECS service: image, revision, an optional migration and the deployment, each proven.',
  details: [
    'Everything is checked before anything is changed. Each part is skipped when it has nothing to do, so running it twice is running it once.',
    'The revision is deployed by digest and followed to its verdict; what the running tasks report proves it, and only then it is tagged as verified. A failed deployment is rolled back by ECS, or else by this, to the last verified revision.',
  ],
  params,
  outputs,
  surfaces: ['orb-job', 'orb-command', 'cli'],
  builds: true,
  awsCalls: [
    ...new Set(
      [buildAndPushImage, registerTaskDefinition, runTask, deployService, rollbackService].flatMap(
        ({ awsCalls }) => awsCalls,
      ),
    ),
  ],
  async run(inputs, context) {
    const { releaseFromInputs } = await import('./ecs-release/release.ts');
    return releaseFromInputs(inputs, context);
  },
});
