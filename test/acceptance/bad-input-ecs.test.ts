import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { webDefinition } from '../local-aws/ecs/ecs-stage.ts';
import { buildCli } from './support/built-cli.ts';
import { runFailing, type FailingRun } from './support/failing-run.ts';
import { startLocalCloud, type LocalCloud } from './support/local-cloud.ts';

// What this machine alone can find out to be wrong is told before AWS is called even once: the actions for ECS.

let program: string;
let cloud: LocalCloud;
beforeAll(async () => {
  program = await buildCli();
  cloud = await startLocalCloud();
});
afterAll(() => cloud?.close());

const PLACE = ['--cluster', 'demo', '--service', 'web'];
const call =
  (...line: readonly string[]) =>
  () =>
    line;
const register = (...more: readonly string[]) => call('register-task-definition', ...more);
const deploy = (...more: readonly string[]) => call('deploy-service', ...PLACE, ...more);
const file = (name: string, content: unknown) => ({
  [name]: typeof content === 'string' ? content : JSON.stringify(content),
});

const ARGUMENTS: readonly FailingRun[] = [
  {
    what: 'a service without its cluster',
    arguments: call('watch-deployment', '--service', 'web'),
    code: 2,
    says: ['--cluster is required'],
  },
  {
    what: 'several values of a wrong type, all of which are told',
    arguments: deploy('--desired-count', 'many', '--timeout', 'soon', '--wait-until', 'done'),
    code: 2,
    says: [
      '3 arguments are wrong',
      '--desired-count must be a number from 0',
      '--timeout must be',
      '--wait-until must be',
    ],
  },
  {
    what: 'neither a task definition nor its family',
    arguments: register(),
    code: 2,
    says: ['neither task_definition nor family is given'],
  },
  {
    what: 'a revision as it is, and changes in it',
    arguments: deploy('--task-definition-arn', 'web:1', '--environment', 'A=1'),
    code: 2,
    says: ['task_definition_arn is deployed as it is: environment can not be given with it'],
  },
  {
    what: 'a member of containers that there is not',
    arguments: register('--family', 'web', '--containers', '{"app": {"enviroment": {}}}'),
    code: 2,
    says: ['containers: app has an unknown member "enviroment"', 'Did you mean environment?'],
  },
  {
    what: 'a deployment configuration that ECS would refuse',
    arguments: deploy('--deployment-configuration', '{"minimumHealthyPercent": "half"}'),
    code: 2,
    says: ['ECS would refuse deployment_configuration', 'minimumHealthyPercent'],
  },
  {
    what: 'looking at a deployment without a pause',
    arguments: call('watch-deployment', ...PLACE, '--poll-interval', '10ms'),
    code: 2,
    says: ['poll_interval must be at least 1s'],
  },
  {
    what: 'a task that is not said',
    arguments: call('run-task', '--cluster', 'demo'),
    code: 2,
    says: ['it is not said what to run', 'Give task_definition, or service'],
  },
  {
    what: 'a launch type and capacity providers',
    arguments: call(
      ...['run-task', ...PLACE, '--launch-type', 'FARGATE'],
      ...['--capacity-provider-strategy', '[{"capacityProvider": "FARGATE_SPOT"}]'],
    ),
    code: 2,
    says: ['launch_type and capacity_provider_strategy contradict each other'],
  },
  {
    what: 'a group of a rule',
    arguments: call('deploy-scheduled-task', '--rule-name', 'nightly', '--group-name', 'nights'),
    code: 2,
    says: ['group_name is for schedules'],
  },
  {
    what: 'the container of a migration that there is not',
    arguments: call('release-ecs-service', ...PLACE, '--migration-container', 'app'),
    code: 2,
    says: ['migration_container is for migration_command'],
  },
  {
    what: 'a decision that there is not',
    arguments: call('continue-deployment', ...PLACE, '--decision', 'maybe'),
    code: 2,
    says: ['--decision must be one of continue, reject (got: "maybe")'],
  },
  {
    what: 'going back to a family',
    arguments: call('rollback-service', ...PLACE, '--to-task-definition', 'web'),
    code: 2,
    says: ['--to-task-definition must be family:revision'],
  },
];

const FILES: readonly FailingRun[] = [
  {
    what: 'a task definition that is not there',
    arguments: register('--task-definition', 'nope.json'),
    code: 5,
    says: ['file not found: nope.json'],
  },
  {
    what: 'a task definition that ECS would refuse, with every place',
    arguments: register('--task-definition', 'web.yml'),
    files: file('web.yml', 'family: web\ncontainerDefinitions:\n  - name: app\n    memory: much\n    image: [a]\n'),
    code: 7,
    says: [
      'ECS would refuse web.yml',
      /web\.yml:4:13: .*memory must be a number/,
      /web\.yml:5:12: .*image must be/,
      'Nothing was sent to ECS',
    ],
  },
  {
    what: 'broken JSON',
    arguments: deploy('--task-definition', 'web.json'),
    files: file('web.json', '{\n  "family": "web"\n  "cpu": "256"\n}\n'),
    code: 7,
    says: ['web.json can not be parsed', 'web.json:3:3: '],
  },
  {
    what: 'a task definition of another family',
    arguments: register('--task-definition', 'web.json', '--family', 'api'),
    files: file('web.json', webDefinition()),
    code: 2,
    says: ['web.json is for family "web", not "api"'],
  },
  {
    what: 'a service file of another service',
    arguments: deploy('--create-from', 'service.json'),
    files: file('service.json', { serviceName: 'api' }),
    code: 2,
    says: ['service.json is for serviceName "api", not "web"'],
  },
  {
    what: 'a service file with a member that is misspelt',
    arguments: deploy('--create-from', 'service.json'),
    files: file('service.json', { desiredCout: 1 }),
    code: 7,
    says: ['ECS would refuse service.json', 'desiredCout'],
  },
];

describe.each([
  ['an argument', ARGUMENTS],
  ['a file', FILES],
])('%s that is wrong stops before the first call', (_kind, runs) => {
  it.each(runs)('$what', async (run) => {
    const { calls, unchanged } = await runFailing(program, cloud, run);
    expect({ calls, unchanged }).toEqual({ calls: [], unchanged: true });
  });
});
