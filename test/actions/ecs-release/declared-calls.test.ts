import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it } from '@jest/globals';
import { releaseEcsService } from '../../../src/actions/release-ecs-service.ts';
import { webDefinition, webService } from '../../local-aws/ecs/ecs-stage.ts';
import { IMAGE, NO_ROLLBACK, releaseWorldForTests, type ReleaseRun } from './release-world.ts';

const world = releaseWorldForTests();
const LOG = {
  logDriver: 'awslogs' as const,
  options: {
    'awslogs-group': '/web',
    'awslogs-create-group': 'true',
    'awslogs-region': 'eu-central-1',
    'awslogs-stream-prefix': 'web',
  },
};
const BUILD = ['--repository', 'web', '--image-tags', 'v1', '--builder', 'embedded', '--container', 'app'];

/** What was called and is not declared. */
function undeclared({ calls }: ReleaseRun): string[] {
  return calls.filter(
    (call) =>
      // Docker's protocol: its permissions are those of ECR's layer and image operations. Tasks write their own logs.
      !/^registry:|^logs:(Create|Put)/.test(call) && !releaseEcsService.awsCalls.includes(call),
  );
}

/** What is carried forward writes a log. */
beforeEach(async () => {
  const { stage, hasDockerfile } = world();
  await hasDockerfile('.');
  const [app] = webDefinition().containerDefinitions ?? [];
  await stage.register({
    executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
    containerDefinitions: [{ ...app, logConfiguration: LOG }],
  });
});

it('cover a first release that creates repository and service, with a migration', async () => {
  await writeFile(join(world().home, 'service.json'), JSON.stringify(webService()));
  const run = await world().release([
    ...BUILD,
    ...['--create-repository', '--create-from', 'service.json', '--migration-command', 'migrate'],
  ]);
  expect(run.result.exitCode).toBe(0);
  expect(undeclared(run)).toEqual([]);
  expect(run.calls).toEqual(
    expect.arrayContaining(['ecr:CreateRepository', 'ecs:CreateService', 'ecs:RunTask', 'logs:GetLogEvents']),
  );
});

it('cover a release that fails and is rolled back', async () => {
  await world().serviceRuns(NO_ROLLBACK);
  await world().release(['--image', `app=${IMAGE}`]);
  world().play({ tasks: [{ match: 'web:4', exit: { after: '2s', exitCode: 1 }, log: ['no database'] }] });
  const run = await world().release(['--environment', 'A=1', '--container', 'app']);
  expect(run.result).toMatchObject({ exitCode: 9, error: { message: expect.stringContaining('no database') } });
  expect(undeclared(run)).toEqual([]);
});

it('cover one whose time is over, and which is stopped, and a migration that is', async () => {
  await world().serviceRuns();
  world().play({ deployments: [{ match: 'web:3', stuck: 'ROLLOUT' }] });
  const stopped = await world().release(['--image', `app=${IMAGE}`, '--timeout', '1m', '--on-timeout', 'stop']);
  expect(stopped.calls).toContain('ecs:StopServiceDeployment');
  expect(undeclared(stopped)).toEqual([]);
  world().play({ tasks: [{ match: 'web:4', durations: { RUNNING: '5h' } }] });
  const args = ['--environment', 'A=1', '--container', 'app', '--migration-command', 'migrate'];
  const migration = await world().release([...args, '--migration-timeout', '1m']);
  expect(migration.calls).toContain('ecs:StopTask');
  expect(undeclared(migration)).toEqual([]);
});
