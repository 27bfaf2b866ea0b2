import { arnOf } from '../../actions/scheduled-task/scheduled-task-world.ts';
import { NETWORK, webDefinition } from '../../local-aws/ecs/ecs-stage.ts';
import {
  newestDeployment,
  PAUSING,
  prepareCluster,
  prepareScheduledTasks,
  prepareSecondRevision,
  prepareService,
} from './ecs-world.ts';
import { everyAction, type OrbCase } from './orb-case.ts';

const PLACE = { cluster: 'demo', service: 'web' };
const FOLLOWED = { wait_until: 'stable', timeout: '20m', poll_interval: '1s' };
const LEFT = { on_timeout: 'stop', on_cancel: 'rollback' };
const EXECUTION_ROLE = 'arn:aws:iam::123456789012:role/execution';
const PARAMETER = 'arn:aws:ssm:eu-central-1:123456789012:parameter/db-password';

const [APP, SIDECAR] = webDefinition().containerDefinitions ?? [];
const CONTAINERS = [{ ...APP, environment: [{ name: 'OBSOLETE', value: '1' }] }, SIDECAR];
const FILES = {
  'task-definition.json': JSON.stringify({
    ...webDefinition(),
    executionRoleArn: EXECUTION_ROLE,
    containerDefinitions: CONTAINERS,
  }),
  'service.json': JSON.stringify({ desiredCount: 1, launchType: 'FARGATE', networkConfiguration: NETWORK }),
};

/** Every way to say what is to change in a task definition, but for the image of the container `app`. */
const CHANGES = {
  task_definition: 'task-definition.json',
  container: 'app',
  environment: 'LOG_LEVEL=debug\nEMPTY=\nEQUALS=a=b',
  secrets: `DB_PASSWORD=${PARAMETER}`,
  remove_environment: 'OBSOLETE',
  containers: '{"sidecar": {"environment": {"PORT": "8080"}, "command": ["proxy", "--quiet"]}}',
  cpu: '0.5 vCPU',
  memory: '1 GB',
  tags: 'team=data\nstage=test',
  allow_older: true,
};

/** The cases of the actions for ECS. */
export const ECS_CASES: readonly OrbCase[] = [
  {
    action: 'register_task_definition',
    what: 'a file',
    arguments: () => ({ task_definition: 'task-definition.json' }),
    files: FILES,
  },
  {
    action: 'register_task_definition',
    what: 'everything',
    arguments: (cloud) => ({ ...everyAction, family: 'web', ...CHANGES, image: `app=${cloud.base}`, dry_run: false }),
    files: FILES,
    prepare: prepareCluster,
  },
  {
    action: 'register_task_definition',
    what: 'a revision that is carried forward',
    arguments: () => ({ family: 'web', container: 'sidecar', environment: '{"LOG_LEVEL": "debug"}' }),
    prepare: prepareCluster,
  },
  {
    action: 'deploy_service',
    what: 'as little as it takes',
    arguments: (cloud) => ({ ...PLACE, image: `app=${cloud.base}` }),
    prepare: (cloud) => prepareService(cloud),
  },
  {
    action: 'deploy_service',
    what: 'everything',
    arguments: (cloud) => ({
      ...everyAction,
      ...PLACE,
      ...CHANGES,
      image: `app=${cloud.base}`,
      create_from: 'service.json',
      force_new_deployment: true,
      desired_count: '3',
      deployment_configuration: '{"minimumHealthyPercent": 50}',
      ...FOLLOWED,
      ...LEFT,
      mark_verified: false,
      dry_run: false,
    }),
    files: FILES,
    prepare: (cloud) => prepareService(cloud),
  },
  {
    action: 'deploy_service',
    what: 'a service that there is not, and a revision as it is',
    arguments: () => ({ ...PLACE, task_definition_arn: 'web:1', create_from: 'service.json' }),
    files: FILES,
    prepare: prepareCluster,
  },
  {
    action: 'deploy_service',
    what: 'a dry run',
    arguments: () => ({ ...PLACE, container: 'app', environment: 'LOG_LEVEL=debug', dry_run: true }),
    prepare: (cloud) => prepareService(cloud),
  },
  {
    action: 'watch_deployment',
    what: 'as little as it takes',
    arguments: () => PLACE,
    prepare: (cloud) => prepareSecondRevision(cloud),
  },
  {
    action: 'watch_deployment',
    what: 'everything',
    arguments: (cloud) => ({
      ...everyAction,
      ...PLACE,
      deployment: newestDeployment(cloud).id,
      ...FOLLOWED,
      mark_verified: true,
    }),
    prepare: (cloud) => prepareSecondRevision(cloud),
  },
  {
    action: 'continue_deployment',
    what: 'as little as it takes',
    arguments: () => PLACE,
    prepare: (cloud) => prepareSecondRevision(cloud, PAUSING),
  },
  {
    action: 'continue_deployment',
    what: 'everything',
    arguments: (cloud) => ({
      ...everyAction,
      ...PLACE,
      decision: 'reject',
      deployment: newestDeployment(cloud).id,
      hook_id: newestDeployment(cloud).hookId,
      ...FOLLOWED,
      ...LEFT,
      mark_verified: true,
      dry_run: false,
    }),
    prepare: (cloud) => prepareSecondRevision(cloud, PAUSING),
  },
  {
    action: 'rollback_service',
    what: 'as little as it takes',
    arguments: () => PLACE,
    prepare: (cloud) => prepareSecondRevision(cloud),
  },
  {
    action: 'rollback_service',
    what: 'everything',
    arguments: () => ({ ...everyAction, ...PLACE, to_task_definition: 'web:1', ...FOLLOWED, ...LEFT, dry_run: false }),
    prepare: (cloud) => prepareSecondRevision(cloud),
  },
  {
    action: 'run_task',
    what: 'as the tasks of a service',
    arguments: () => PLACE,
    prepare: (cloud) => prepareService(cloud),
  },
  {
    action: 'run_task',
    what: 'everything',
    arguments: () => ({
      ...everyAction,
      ...PLACE,
      task_definition: 'web:1',
      container: 'app',
      command: 'migrate\n--all',
      environment: 'LOG_LEVEL=debug\nEQUALS=a=b',
      subnets: 'subnet-2\nsubnet-3',
      security_groups: 'sg-1',
      assign_public_ip: 'enabled',
      launch_type: 'FARGATE',
      platform_version: '1.4.0',
      count: 2,
      overrides: '{"taskRoleArn": "arn:aws:iam::123456789012:role/migrate"}',
      wait: true,
      logs: 'app\nsidecar',
      timeout: '20m',
      poll_interval: '1s',
      on_timeout: 'leave',
      on_cancel: 'leave',
      idempotency_key: 'release-7',
      dry_run: false,
    }),
    prepare: (cloud) => prepareService(cloud),
  },
  {
    action: 'run_task',
    what: 'a capacity provider, without waiting',
    arguments: () => ({
      cluster: 'demo',
      task_definition: 'web',
      subnets: '["subnet-1"]',
      capacity_provider_strategy: '[{"capacityProvider": "FARGATE_SPOT"}]',
      wait: false,
    }),
    prepare: (cloud) => prepareService(cloud),
  },
  {
    action: 'deploy_scheduled_task',
    what: 'a revision as it is',
    arguments: () => ({ schedule_name: 'nightly', task_definition_arn: arnOf('web:1') }),
    prepare: (cloud) => prepareScheduledTasks(cloud),
  },
  {
    action: 'deploy_scheduled_task',
    what: 'everything',
    arguments: (cloud) => ({
      ...everyAction,
      schedule_name: 'nightly',
      group_name: 'nights',
      ...CHANGES,
      image: `app=${cloud.base}`,
      pin: 'family',
      dry_run: false,
    }),
    files: FILES,
    prepare: (cloud) => prepareScheduledTasks(cloud, 'nights'),
  },
  {
    action: 'deploy_scheduled_task',
    what: 'one target of a rule',
    arguments: (cloud) => ({
      rule_name: 'nightly',
      event_bus_name: 'default',
      rule_target_id: 'second',
      image: `app=${cloud.base}`,
    }),
    prepare: (cloud) => prepareScheduledTasks(cloud),
  },
  {
    action: 'release_ecs_service',
    what: 'as little as it takes',
    arguments: () => PLACE,
    prepare: (cloud) => prepareService(cloud),
  },
  {
    action: 'release_ecs_service',
    what: 'everything',
    arguments: (cloud) => ({
      ...everyAction,
      ...PLACE,
      repository: 'shop/web',
      path: '.',
      dockerfile: 'Dockerfile',
      image_tags: '1.2.3\nlatest',
      builder: 'embedded',
      build_args: `BASE=${cloud.base}`,
      create_repository: true,
      ...CHANGES,
      image: `sidecar=${cloud.base}`,
      migration_command: 'migrate\n--all',
      migration_container: 'app',
      migration_timeout: '10m',
      create_from: 'service.json',
      desired_count: '1',
      deployment_configuration: '{"minimumHealthyPercent": 50}',
      ...FOLLOWED,
      ...LEFT,
      on_failure: 'keep',
      dry_run: false,
    }),
    files: FILES,
    prepare: (cloud) => prepareService(cloud),
  },
];
