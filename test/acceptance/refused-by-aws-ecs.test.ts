import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildCli } from './support/built-cli.ts';
import { PAUSING, prepareScheduledTasks, prepareSecondRevision, prepareService } from './support/ecs-world.ts';
import { runFailing, type FailingRun } from './support/failing-run.ts';
import { startLocalCloud, type LocalCloud } from './support/local-cloud.ts';

// What only AWS can say of ECS: what is there, and what is allowed.

let program: string;
let cloud: LocalCloud;
beforeAll(async () => {
  program = await buildCli();
  cloud = await startLocalCloud();
});
afterAll(() => cloud?.close());

const PLACE = ['--cluster', 'demo', '--service', 'web'];
const CHANGE = ['--container', 'app', '--environment', 'LOG_LEVEL=debug'];
const call =
  (...line: readonly string[]) =>
  () =>
    line;
const service = (each: LocalCloud) => prepareService(each);

const KNOWABLE_BEFORE: readonly FailingRun[] = [
  {
    what: 'a cluster that does not exist',
    arguments: call('deploy-service', '--cluster', 'dmeo', '--service', 'web', ...CHANGE),
    prepare: service,
    code: 5,
    says: ['dmeo', 'Did you mean demo?'],
  },
  ...['deploy-service', 'release-ecs-service', 'watch-deployment', 'continue-deployment', 'rollback-service'].map(
    (action): FailingRun => ({
      what: `a service that does not exist, for ${action}`,
      arguments: call(action, '--cluster', 'demo', '--service', 'wbe'),
      prepare: service,
      code: 5,
      says: ['wbe', 'Did you mean web?'],
    }),
  ),
  {
    what: 'a family that does not exist',
    arguments: call('register-task-definition', '--family', 'wbe', ...CHANGE),
    prepare: service,
    code: 5,
    says: ['there is no active revision of task definition wbe', 'Did you mean web?'],
  },
  {
    what: 'a revision that does not exist',
    arguments: call('deploy-service', ...PLACE, '--task-definition-arn', 'web:9'),
    prepare: service,
    code: 5,
    says: ['there is no revision 9 of task definition web'],
  },
  {
    what: 'an image that is not in ECR',
    arguments: (each) => ['deploy-service', ...PLACE, '--image', `app=${each.base}9`],
    prepare: service,
    code: 5,
    says: ['no such image in ECR', 'base:19'],
  },
  {
    what: 'a container that the definition does not have',
    arguments: call('run-task', ...PLACE, '--container', 'ap', '--command', 'migrate'),
    prepare: service,
    code: 2,
    says: ['has no container called "ap"', 'Did you mean app?'],
  },
  {
    what: 'a deployment that does not exist',
    arguments: call('watch-deployment', ...PLACE, '--deployment', 'ecs-svc/1234567890123456789'),
    prepare: service,
    code: 5,
    says: ['the service web has no deployment ecs-svc/1234567890123456789'],
  },
  {
    what: 'nothing to go back to',
    arguments: call('rollback-service', ...PLACE),
    prepare: service,
    code: 5,
    says: ['web'],
  },
  {
    what: 'a schedule that does not exist',
    arguments: call('deploy-scheduled-task', '--schedule-name', 'nigthly', ...CHANGE),
    prepare: (each) => prepareScheduledTasks(each),
    code: 5,
    says: ['there is no schedule nigthly', 'Did you mean nightly?'],
  },
];

describe('a problem that can be known before anything is changed leaves everything as it was', () => {
  it.each(KNOWABLE_BEFORE)('$what', async (run) => {
    const { unchanged } = await runFailing(program, cloud, run);
    expect(unchanged).toBe(true);
  });
});

describe('access that is denied names the action and the resource', () => {
  const release = call('release-ecs-service', ...PLACE, ...CHANGE, '--migration-command', 'migrate');
  const pausing = (each: LocalCloud) => prepareSecondRevision(each, PAUSING);

  it.each<[string, FailingRun['arguments'], FailingRun['says'], ((each: LocalCloud) => Promise<void>)?]>([
    ['ecs:DescribeServices', release, ['web']],
    ['ecs:DescribeTaskDefinition', release, ['web']],
    ['ecs:RegisterTaskDefinition', release, ['task-definition/web']],
    ['ecs:RunTask', release, [/task-definition\/web/, 'web:2']],
    ['ecs:DescribeTasks', release, ['task']],
    ['ecs:UpdateService', release, ['service/demo/web', 'web:2']],
    ['ecs:ListServiceDeployments', call('continue-deployment', ...PLACE), ['web'], pausing],
    ['ecs:ContinueServiceDeployment', call('continue-deployment', ...PLACE), ['web'], pausing],
    ['ecs:StopServiceDeployment', call('rollback-service', ...PLACE), ['web'], pausing],
  ])('%s', async (action, line, says, prepare = service) => {
    const denied = `not allowed: ${action}`;
    const scenario = { iam: { deny: [{ action }] } };
    const run = { what: action, arguments: line, prepare, scenario, code: 3, says: [denied, ...says] };
    const { calls } = await runFailing(program, cloud, run);
    expect(calls).toContain(action);
  });
});
