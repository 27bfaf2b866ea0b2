import type { UsageExample, YamlMap } from './orb-model.ts';
import { orbReference, type PackageFacts } from './package-facts.ts';

const ROLE = 'arn:aws:iam::123456789012:role/circleci-release';
const ACCOUNT = '123456789012';

/** Whole configs, each one use case; they import the version of the orb that they are published with. */
export function usageExamples(facts: PackageFacts): UsageExample[] {
  const config = (rest: YamlMap): YamlMap => ({
    version: 2.1,
    orbs: { 'aws-deploy': orbReference(facts) },
    ...rest,
  });
  return [
    {
      name: 'release_nightly_batch_job',
      description:
        'Release a nightly Batch job from the main branch in one job: build and push the image, upload the job script, register the revision, prove it. Nothing in it is secret: the role is assumed with the OIDC token of the job.',
      usage: config({
        workflows: {
          release: {
            jobs: [
              {
                'aws-deploy/release_batch_job': {
                  auth: assumeRole(ROLE),
                  job_definition: 'job-definition.json',
                  repository: 'crawl',
                  script: 'job/crawl.sh',
                  script_destination: 's3://acme-batch-scripts/crawl',
                  expected_account_id: ACCOUNT,
                  filters: onlyMain,
                },
              },
            ],
          },
        },
      }),
    },
    {
      name: 'build_upload_and_register_in_separate_jobs',
      description:
        'Build the image and upload the script side by side, then register a revision with both. The image and the script reach the last job through the release record.',
      usage: config({
        workflows: {
          release: {
            jobs: [
              {
                'aws-deploy/build_and_push_image': {
                  name: 'build',
                  auth: assumeRole(ROLE),
                  repository: 'crawl',
                  build_args: 'BASE=public.ecr.aws/docker/library/python:3.13-slim\nREVISION=$CIRCLE_SHA1\n',
                },
              },
              {
                'aws-deploy/upload_script': {
                  name: 'upload',
                  auth: assumeRole(ROLE),
                  script: 'job',
                  script_destination: 's3://acme-batch-scripts/crawl',
                },
              },
              {
                'aws-deploy/register_job_definition': {
                  auth: assumeRole(ROLE),
                  job_definition_name: 'crawl',
                  environment: 'LOG_LEVEL=info\nRELEASED_FROM=$CIRCLE_BRANCH\n',
                  requires: ['build', 'upload'],
                  filters: onlyMain,
                },
              },
            ],
          },
        },
      }),
    },
    {
      name: 'register_after_approval',
      description:
        'Show what a release would change, wait until somebody approves it, then register it. Restrict the context of the last job: anyone with push access can approve.',
      usage: config({
        workflows: {
          release: {
            jobs: [
              { 'aws-deploy/build_and_push_image': { name: 'build', auth: assumeRole(ROLE), repository: 'crawl' } },
              {
                'aws-deploy/register_job_definition': {
                  name: 'plan',
                  auth: assumeRole(ROLE),
                  job_definition: 'job-definition.json',
                  dry_run: true,
                  requires: ['build'],
                },
              },
              { approve: { type: 'approval', requires: ['plan'] } },
              {
                'aws-deploy/register_job_definition': {
                  name: 'register',
                  auth: assumeRole(ROLE),
                  job_definition: 'job-definition.json',
                  context: ['production'],
                  requires: ['approve'],
                },
              },
            ],
          },
        },
      }),
    },
    {
      name: 'release_ecs_service',
      description:
        'Release an ECS service from the main branch in one job: build and push the image, register the revision, run the database migration with it, deploy it and prove by digest what runs. A deployment that fails is rolled back, and the job is red.',
      usage: config({
        workflows: {
          release: {
            jobs: [
              {
                'aws-deploy/release_ecs_service': {
                  auth: assumeRole(ROLE),
                  ...WEB,
                  repository: 'web',
                  container: 'web',
                  migration_command: 'npm\nrun\nmigrate\n',
                  expected_account_id: ACCOUNT,
                  filters: onlyMain,
                },
              },
            ],
          },
        },
      }),
    },
    {
      name: 'deploy_ecs_service_with_approval',
      description:
        'Deploy to an ECS service that has a PAUSE lifecycle hook, wait at the pause, and let somebody decide: approve lets the deployment go on, reject has ECS roll it back. Restrict the context of the last two jobs: anyone with push access can approve.',
      usage: config({
        workflows: {
          release: {
            jobs: [
              {
                'aws-deploy/build_and_push_image': {
                  name: 'build',
                  auth: assumeRole(ROLE),
                  repository: 'web',
                  filters: onlyMain,
                },
              },
              {
                'aws-deploy/deploy_service': {
                  name: 'deploy',
                  auth: assumeRole(ROLE),
                  ...WEB,
                  wait_until: 'paused',
                  requires: ['build'],
                },
              },
              { approve: { type: 'approval', requires: ['deploy'] } },
              { reject: { type: 'approval', requires: ['deploy'] } },
              {
                'aws-deploy/continue_deployment': {
                  name: 'continue',
                  auth: assumeRole(ROLE),
                  ...WEB,
                  context: ['production'],
                  requires: ['approve'],
                },
              },
              {
                'aws-deploy/continue_deployment': {
                  name: 'roll-back',
                  auth: assumeRole(ROLE),
                  ...WEB,
                  decision: 'reject',
                  context: ['production'],
                  requires: ['reject'],
                },
              },
            ],
          },
        },
      }),
    },
    {
      name: 'use_commands_in_own_job',
      description:
        'Use the commands as steps of a job of your own, with static keys from a context instead of a role. What a command found out is in variables such as AWS_DEPLOY_IMAGE for the steps after it.',
      usage: config({
        jobs: {
          release: {
            executor: { name: 'aws-deploy/default', resource_class: 'large' },
            steps: [
              'checkout',
              'setup_remote_docker',
              'aws-deploy/install',
              { 'aws-deploy/assume_role': { region: 'eu-west-1', expected_account_id: ACCOUNT } },
              { 'aws-deploy/build_and_push_image': { repository: 'crawl' } },
              { run: { name: 'Show the image', command: 'echo "$AWS_DEPLOY_IMAGE"' } },
            ],
          },
        },
        workflows: {
          release: {
            jobs: [{ release: { context: ['aws-keys'], filters: onlyMain } }],
          },
        },
      }),
    },
  ];
}

const WEB: YamlMap = { cluster: 'production', service: 'web' };

const onlyMain: YamlMap = { branches: { only: 'main' } };

function assumeRole(roleArn: string): YamlMap[] {
  return [{ 'aws-deploy/assume_role': { role_arn: roleArn, region: 'eu-west-1' } }];
}
