import { DEAD_LETTERS, FAR_NIGHT, prepareBatch, SCHEDULER_ROLE } from './batch-world.ts';
import { BUCKET } from './local-cloud.ts';
import { everyAction, TWO_CONTAINERS, type OrbCase } from './orb-case.ts';
import { ECS_CASES } from './orb-ecs-cases.ts';
import { JOB_CASES } from './orb-job-cases.ts';

const STAGES = [
  'ARG BASE',
  'FROM $BASE AS plain',
  'COPY app /app',
  'FROM scratch AS other',
  'COPY settings /',
  '',
].join('\n');

/** Parameters that other tests give. */
export const UNUSED = {
  // Only the docker builder takes them.
  build_and_push_image: ['build_secrets'],
  // A role and a profile exclude the keys that every case has.
  assume_role: ['role_arn', 'role_session_name', 'profile'],
};

export const BATCH_CASES: readonly OrbCase[] = [
  {
    action: 'build_and_push_image',
    what: 'defaults',
    arguments: () => ({ repository: 'base' }),
    files: { Dockerfile: 'FROM scratch\nCOPY app /app\n' },
  },
  {
    action: 'build_and_push_image',
    what: 'everything',
    arguments: (cloud) => ({
      ...everyAction,
      repository: 'team/crawl',
      path: 'image',
      dockerfile: 'docker/crawl.Dockerfile',
      tags: '1.2.3\nlatest',
      builder: 'embedded',
      build_args: `BASE=${cloud.base}`,
      target: 'plain',
      platform: 'linux/amd64',
      create_repository: true,
      dry_run: false,
    }),
    files: { 'docker/crawl.Dockerfile': `${STAGES}FROM other\n`, 'image/app': 'the program', 'image/settings': 'none' },
  },
  {
    action: 'build_and_push_image',
    what: 'a dry run',
    arguments: (cloud) => ({
      repository: 'crawl',
      builder: 'embedded',
      build_args: `BASE=${cloud.base}`,
      create_repository: true,
      dry_run: true,
    }),
  },
  {
    action: 'upload_script',
    what: 'defaults',
    arguments: () => ({ script: 'job/crawl.sh', script_destination: `s3://${BUCKET}/jobs` }),
  },
  {
    action: 'upload_script',
    what: 'everything',
    arguments: () => ({ ...everyAction, script: 'job', script_destination: `s3://${BUCKET}`, dry_run: false }),
  },
  {
    action: 'register_job_definition',
    what: 'defaults',
    arguments: () => ({ job_definition: 'definition.yml' }),
    files: {
      'definition.yml': [
        'jobDefinitionName: night',
        'type: container',
        'containerProperties:',
        '  image: ghcr.io/acme/night:1 # by tag',
        '  resourceRequirements: [{ type: VCPU, value: "1" }, { type: MEMORY, value: "512" }]',
        '',
      ].join('\n'),
    },
  },
  {
    action: 'register_job_definition',
    what: 'everything',
    arguments: (cloud) => ({
      ...everyAction,
      job_definition: 'two.json',
      job_definition_name: 'two',
      image: cloud.base,
      container: 'main',
      environment: 'LOG_LEVEL=debug\nEMPTY=\nEQUALS=a=b',
      remove_environment: 'OBSOLETE',
      parameters: 'day=monday',
      tags: 'team=data\nstage=test',
      timeout: '2m',
      retry: 3,
      batch_file_type: 'script',
      batch_file_s3_url: `s3://${BUCKET}/jobs/crawl.sh`,
      batch_file_sha256: 'a'.repeat(64),
      allow_older: true,
      dry_run: false,
    }),
    files: { 'two.json': TWO_CONTAINERS },
  },
  {
    action: 'register_job_definition',
    what: 'a revision that is carried forward',
    arguments: () => ({ job_definition_name: 'crawl', environment: '{"LOG_LEVEL": "debug"}' }),
    released: true,
  },
  {
    action: 'register_job_definition',
    what: 'what is there already',
    arguments: () => ({ job_definition_name: 'crawl' }),
    released: true,
  },
  {
    action: 'release_batch_job',
    what: 'as little as it takes',
    arguments: () => ({ job_definition_name: 'crawl' }),
    released: true,
  },
  {
    action: 'release_batch_job',
    what: 'everything',
    arguments: (cloud) => ({
      ...everyAction,
      job_definition: 'two.json',
      job_definition_name: 'two',
      repository: 'crawl',
      path: '.',
      dockerfile: 'Dockerfile',
      tags: '["1.2.3", "latest"]',
      builder: 'embedded',
      build_args: `{"BASE": "${cloud.base}"}`,
      create_repository: true,
      script: 'job/crawl.sh',
      script_destination: `s3://${BUCKET}/jobs`,
      container: 'main',
      environment: 'LOG_LEVEL=debug',
      smoke_test: true,
      job_queue: 'nightly',
      smoke_environment: 'PAGES=1\nEQUALS=a=b',
      smoke_timeout: '20m',
      runnable_timeout: '10m',
      poll_interval: '1s',
      on_failure: 'keep',
      schedule_name: 'nightly',
      schedule: FAR_NIGHT,
      timezone: 'Europe/Berlin',
      pin: 'revision',
      schedule_role_arn: SCHEDULER_ROLE,
      dead_letter_queue_arn: DEAD_LETTERS,
      allow_older: true,
      dry_run: false,
    }),
    files: { 'two.json': TWO_CONTAINERS },
    prepare: (cloud) => prepareBatch(cloud, []),
  },
  {
    action: 'assume_role',
    what: 'static keys',
    arguments: () => everyAction,
  },
  ...JOB_CASES,
];

/** Together they give every parameter of every command once, apart from `UNUSED`. */
export const ORB_CASES: readonly OrbCase[] = [...BATCH_CASES, ...ECS_CASES];
