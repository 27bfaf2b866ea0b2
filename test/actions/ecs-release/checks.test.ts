import { CreateServiceCommand } from '@aws-sdk/client-ecs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { webDefinition, webService } from '../../local-aws/ecs/ecs-stage.ts';
import { IMAGE, releaseWorldForTests } from './release-world.ts';

// What can be known before the first change stops a release there: nothing is pushed, registered, run or deployed.

const world = releaseWorldForTests();

const CHANGES = /^ecs:(Register|Create|Update|Run|Tag|Stop)|^ecr:Create|^registry:(Put|Start|Complete)/;
const BUILD = ['--repository', 'web', '--image-tags', 'v1', '--builder', 'embedded'];
const RELEASE = ['--image', `app=${IMAGE}`];

async function stopped(args: readonly string[], service = 'web') {
  const run = await world().run('release-ecs-service', ['--cluster', 'demo', '--service', service, ...args]);
  return { ...run, changed: run.calls.filter((call) => CHANGES.test(call)) };
}

describe('offline, without any call', () => {
  it.each<[string, readonly string[], number, string]>([
    ['a container of a migration that there is none for', ['--migration-container', 'app'], 2, 'migration_command'],
    ['no Dockerfile', [...BUILD, '--container', 'app'], 5, 'Dockerfile'],
    ['no service file', ['--create-from', 'none.json'], 5, 'none.json'],
    ['a broken definition', ['--task-definition', 'broken.json'], 7, 'broken.json'],
    ['an image that is none', ['--image', 'app=a b'], 2, 'is not an image name'],
    ['a poll that would flood AWS', ['--poll-interval', '10ms'], 2, 'poll_interval'],
  ])('%s', async (_what, args, exitCode, told) => {
    await writeFile(join(world().home, 'broken.json'), '{"family": "web", "containerDefinitions": []}');
    const { result, calls } = await stopped(args);
    expect(result).toMatchObject({ exitCode, error: { title: expect.stringContaining(told) } });
    expect(calls).toEqual([]);
  });
});

describe('on AWS, before anything is changed', () => {
  beforeEach(() => world().serviceRuns());

  it.each<[string, readonly string[], number, string]>([
    ['no such container', ['--image', `ap=${IMAGE}`], 2, '"ap"'],
    [
      'no such container for the migration',
      [...RELEASE, '--migration-command', 'm', '--migration-container', 'x'],
      2,
      '"x"',
    ],
    ['no such repository', [...BUILD, '--container', 'app', '--path', 'src'], 5, 'there is no ECR repository web'],
    ['an image of ECR that is not there', ['--image', 'app=127.0.0.1/web@sha256:' + 'a'.repeat(64)], 5, 'sha256:'],
  ])('%s', async (_what, args, exitCode, told) => {
    await world().hasDockerfile('src');
    const host = new URL(world().stage.localAws.endpoint).host;
    const given = args.map((arg) => arg.replace('127.0.0.1/', `${host}/`));
    const { result, changed } = await stopped(given);
    expect(result).toMatchObject({ exitCode, error: { title: expect.stringContaining(told) } });
    expect(changed).toEqual([]);
  });

  it('no such service: exit code 5, with the one that is likely meant', async () => {
    const { result, changed } = await stopped(RELEASE, 'wbe');
    expect(result).toMatchObject({ exitCode: 5, error: { title: 'there is no service wbe in cluster demo' } });
    expect(result.error?.hints).toContain('Did you mean web?');
    expect(changed).toEqual([]);
  });

  it('it is not clear which container gets the image that is built: exit code 2', async () => {
    await world().hasSources();
    const { result, changed } = await stopped(BUILD);
    expect(result).toMatchObject({
      exitCode: 2,
      error: { title: expect.stringContaining('which container gets the image') },
    });
    expect(changed).toEqual([]);
  });

  it('two images for one container: exit code 2', async () => {
    await world().hasSources();
    const { result, changed } = await stopped([...BUILD, '--container', 'app', ...RELEASE]);
    expect(result).toMatchObject({ exitCode: 2, error: { title: expect.stringContaining('app') } });
    expect(changed).toEqual([]);
  });

  it('the definition would not fit the service: exit code 2 or 7, and no image is pushed', async () => {
    await world().hasSources();
    const bridge = { ...webDefinition(), networkMode: 'bridge', requiresCompatibilities: ['EC2'] };
    await writeFile(join(world().home, 'task.json'), JSON.stringify(bridge));
    const { result, changed } = await stopped(['--task-definition', 'task.json', ...BUILD, '--container', 'app']);
    expect([2, 7]).toContain(result.exitCode);
    expect(changed).toEqual([]);
  });

  it('a newer pipeline has released already: exit code 11', async () => {
    const pipeline = (number: string) => ({ env: { CIRCLECI: 'true', AWS_DEPLOY_PIPELINE_NUMBER: number } });
    await world().release(RELEASE, pipeline('9'));
    const { result, calls } = await world().release(['--image', 'app=ghcr.io/acme/web:0'], pipeline('8'));
    expect(result).toMatchObject({ exitCode: 11, status: 'superseded' });
    expect(calls.filter((call) => CHANGES.test(call))).toEqual([]);
  });
});

it('a service of CodeDeploy: exit code 2, with what there is instead', async () => {
  await world().stage.ecs.send(
    new CreateServiceCommand({ ...webService(), serviceName: 'blue', deploymentController: { type: 'CODE_DEPLOY' } }),
  );
  const { result, changed } = await stopped(RELEASE, 'blue');
  expect(result).toMatchObject({ exitCode: 2, error: { title: expect.stringContaining('AWS CodeDeploy') } });
  expect(changed).toEqual([]);
});

it('no cluster: exit code 5', async () => {
  const { result } = await world().run('release-ecs-service', ['--cluster', 'dmeo', '--service', 'web', ...RELEASE]);
  expect(result).toMatchObject({ exitCode: 5, error: { title: 'there is no cluster dmeo' } });
});
