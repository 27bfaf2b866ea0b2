import type { Inputs, Outputs, Params } from '../params/declaration.ts';
import { changeParams } from './common-params.ts';
import { defineAction } from './define-action.ts';

const params = {
  repository: {
    type: 'string',
    required: true,
    // https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
    pattern: /^(?=.{2,256}$)(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/,
    patternHint: 'the name of a repository as ECR has it, in lower case and without the registry host',
    description: 'Name of the ECR repository, without the registry host: crawl or team/crawl.',
  },
  path: { type: 'path', default: '.', description: 'Folder that is the build context.' },
  dockerfile: { type: 'path', description: 'The Dockerfile. When empty: Dockerfile in the build context.' },
  tags: {
    type: 'list',
    description: 'Tags for the image, one a line. When empty: the commit (CIRCLE_SHA1, or HEAD of the checkout).',
  },
  builder: {
    type: 'enum',
    values: ['auto', 'docker', 'embedded'],
    default: 'auto',
    description: 'What builds: the Docker engine, or the embedded builder that needs no engine and knows no RUN.',
  },
  buildArgs: { type: 'map', description: 'Build arguments, NAME=VALUE a line. Values are never seen by a shell.' },
  buildSecrets: {
    type: 'map',
    advanced: true,
    description: 'Build secrets for RUN --mount=type=secret, ID=NAME_OF_ENVIRONMENT_VARIABLE a line. Needs BuildKit.',
  },
  target: { type: 'string', advanced: true, description: 'Stage of the Dockerfile to build. When empty: the last.' },
  platform: {
    type: 'string',
    advanced: true,
    pattern: /^[a-z0-9]+\/[a-z0-9_]+(\/[a-z0-9]+)?$/,
    patternHint: 'os/architecture, such as linux/arm64',
    description: "Platform to build for. When empty: the engine's own, and linux/amd64 for the embedded builder.",
  },
  createRepository: {
    type: 'boolean',
    default: false,
    description: 'Create the repository when it does not exist.',
  },
  ...changeParams,
} as const satisfies Params;

export type BuildInputs = Inputs<typeof params>;

const outputs = {
  image: { type: 'string', description: 'The image by digest: repository URI, @ and digest.' },
  imageDigest: { type: 'string', description: 'The digest that the registry confirms, sha256:…' },
  imageTags: { type: 'list', description: 'The tags that name the image.' },
  repositoryUri: { type: 'string', description: 'URI of the ECR repository.' },
  builder: { type: 'string', description: 'What built it: docker or embedded.' },
} as const satisfies Outputs;

export type BuildOutputs = typeof outputs;

export const buildAndPushImage = defineAction({
  name: 'build-and-push-image',
  summary: 'Build a container image and push it to ECR; the result is the digest that the registry confirms.',
  details: [
    'builder: docker runs "docker build" (BuildKit where the engine has it). builder: embedded needs no engine: it writes OCI layers itself and pushes them, for Dockerfiles without RUN. builder: auto takes docker when an engine answers and embedded otherwise, and says which.',
    'A tag that exists already and can not be overwritten (immutable tags) is fine when it names the same image, and an error when it does not.',
  ],
  params,
  outputs,
  surfaces: ['orb-job', 'orb-command', 'cli'],
  builds: true,
  awsCalls: [
    'sts:GetCallerIdentity',
    'ecr:GetAuthorizationToken',
    'ecr:DescribeRepositories',
    'ecr:CreateRepository',
    'ecr:DescribeImages',
    'ecr:BatchCheckLayerAvailability',
    'ecr:InitiateLayerUpload',
    'ecr:UploadLayerPart',
    'ecr:CompleteLayerUpload',
    'ecr:PutImage',
    'ecr:BatchGetImage',
    'ecr:GetDownloadUrlForLayer',
  ],
  async run(inputs, context) {
    const { buildFromInputs } = await import('./image/build-and-push.ts');
    return buildFromInputs(inputs, context);
  },
});
