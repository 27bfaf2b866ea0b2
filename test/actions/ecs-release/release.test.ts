import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { webDefinition, webService } from '../../local-aws/ecs/ecs-stage.ts';
import { IMAGE, releaseWorldForTests, type ReleaseRun } from './release-world.ts';

const world = releaseWorldForTests();

/** Operations that change something. */
const CHANGES = /:(Register|Create|Update|Run|Tag|Untag|Stop|Put|Delete|Continue|Initiate|Upload|Complete)/;

function changesIn({ calls }: ReleaseRun): string[] {
  return calls.filter((call) => CHANGES.test(call) || /^registry:(Put|Start|Finish|Complete)/.test(call));
}

describe('a release of an image', () => {
  beforeEach(() => world().serviceRuns());

  it('carries the newest revision forward, deploys it, proves it and marks it as verified', async () => {
    const { result } = await world().release(['--image', `app=${IMAGE}`]);
    expect(result).toMatchObject({
      exitCode: 0,
      status: 'changed',
      component: 'web',
      outputs: {
        family: 'web',
        revision: 2,
        taskDefinitionArn: expect.stringMatching(/web:2$/),
        previousTaskDefinitionArn: expect.stringMatching(/web:1$/),
        deploymentStatus: 'SUCCEEDED',
        digests: expect.arrayContaining([expect.stringContaining('app=sha256:')]),
        images: [`app=${IMAGE}`, 'sidecar=ghcr.io/acme/sidecar:1'],
        verified: true,
      },
    });
    expect(await world().serviceHas()).toBe('web:2');
    expect(await world().revisions()).toEqual([
      { image: 'ghcr.io/acme/web:1', tags: [] },
      { image: IMAGE, tags: ['verified'] },
    ]);
  });

  it('tells the hash that the revision is tagged with', async () => {
    const { result } = await world().release(['--image', `app=${IMAGE}`]);
    const tags = await world().tagsOf('web:2');
    expect(result.outputs['definitionHash']).toBe(tags['aws-deploy:definition-hash']);
  });

  it('says once that the revision before is not its own', async () => {
    const { said } = await world().release(['--image', `app=${IMAGE}`, '--migration-command', 'bin/migrate']);
    expect(said.filter((line) => line.startsWith('web:1 was not registered by aws-deploy.'))).toHaveLength(1);
  });

  it('builds nothing, asks no registry and runs no task', async () => {
    const { calls, result } = await world().release(['--image', `app=${IMAGE}`]);
    expect(calls.filter((call) => /^(ecr|registry):|RunTask/.test(call))).toEqual([]);
    expect(result.outputs).not.toHaveProperty('imageDigest');
    expect(result.outputs).not.toHaveProperty('migrationTaskArns');
  });

  it('changes nothing the second time', async () => {
    await world().release(['--image', `app=${IMAGE}`]);
    const again = await world().release(['--image', `app=${IMAGE}`]);
    expect(again.result).toMatchObject({ exitCode: 0, status: 'unchanged', outputs: { revision: 2, verified: true } });
    expect(changesIn(again)).toEqual([]);
  });

  it('leaves desiredCount alone, also when somebody has scaled the service', async () => {
    await world().stage.update({ desiredCount: 3 });
    await world().stage.pass(300);
    const { result } = await world().release(['--image', `app=${IMAGE}`]);
    expect(result.exitCode).toBe(0);
    expect((await world().stage.service()).desiredCount).toBe(3);
  });

  it('in a dry run says what it would do, and changes nothing', async () => {
    const run = await world().release(['--image', `app=${IMAGE}`, '--migration-command', 'migrate', '--dry-run']);
    expect(run.result).toMatchObject({ exitCode: 0, status: 'planned' });
    expect(changesIn(run)).toEqual([]);
    expect(run.said.join('\n')).toMatch(
      /Would register a revision of web[^]*Would run the migration[^]*Would update the service web/,
    );
    expect(run.said.join('\n')).toContain(IMAGE);
  });
});

describe('a release that builds', () => {
  const BUILD = ['--repository', 'web', '--image-tags', 'v1', '--builder', 'embedded', '--container', 'app'];

  beforeEach(async () => {
    await world().serviceRuns();
    await world().hasSources();
  });

  it('pushes the image, and runs it by its digest in the container that is named', async () => {
    const { result } = await world().release(BUILD);
    expect(result).toMatchObject({ exitCode: 0, status: 'changed', outputs: { revision: 2, verified: true } });
    const digest = String(result.outputs['imageDigest']);
    expect(digest).toMatch(/^sha256:/);
    expect((await world().revisions())[1]?.image).toMatch(new RegExp(`/web@${digest}$`));
    expect(result.outputs['digests']).toContain(`app=${digest}`);
  });

  it('gives the next image to the container that runs an image of the repository', async () => {
    await world().release(BUILD);
    await writeFile(join(world().home, 'app/server'), 'serve better\n');
    const { result } = await world().release([...BUILD.slice(0, 2), '--image-tags', 'v2', '--builder', 'embedded']);
    expect(result).toMatchObject({ exitCode: 0, status: 'changed', outputs: { revision: 3 } });
    const [, second, third] = await world().revisions();
    expect(third?.image).not.toBe(second?.image);
    expect(third?.image).toContain(String(result.outputs['imageDigest']));
  });

  it('changes nothing the second time', async () => {
    await world().release(BUILD);
    const again = await world().release(BUILD);
    expect(again.result).toMatchObject({ exitCode: 0, status: 'unchanged', outputs: { revision: 2 } });
    expect(changesIn(again)).toEqual([]);
  });

  it('in a dry run builds, and changes nothing', async () => {
    const run = await world().release([...BUILD, '--migration-command', 'migrate', '--dry-run']);
    expect(run.result).toMatchObject({ exitCode: 0, status: 'planned' });
    expect(changesIn(run)).toEqual([]);
  });
});

describe('a first release', () => {
  beforeEach(async () => {
    const { home } = world();
    await writeFile(join(home, 'service.json'), JSON.stringify(webService()));
    await writeFile(
      join(home, 'task.json'),
      JSON.stringify({ ...webDefinition(), containerDefinitions: [{ name: 'app', image: 'set-by-the-release' }] }),
    );
  });

  it('creates the service from its file, with the image that was built and after the migration', async () => {
    await world().hasSources();
    const run = await world().release([
      ...['--create-from', 'service.json', '--task-definition', 'task.json', '--migration-command', 'migrate'],
      ...['--repository', 'web', '--image-tags', 'v1', '--builder', 'embedded'],
    ]);
    expect(run.result).toMatchObject({
      exitCode: 0,
      status: 'changed',
      outputs: { revision: 2, verified: true, migrationExitCode: 0 },
    });
    expect(await world().stage.service()).toMatchObject({ status: 'ACTIVE', desiredCount: 2, runningCount: 2 });
    expect(await world().serviceHas()).toBe('web:2');
    const order = run.calls.filter((call) => /RegisterTask|RunTask|CreateService/.test(call));
    expect(order).toEqual(['ecs:RegisterTaskDefinition', 'ecs:RunTask', 'ecs:CreateService']);
  });

  it('changes nothing the second time', async () => {
    const args = ['--create-from', 'service.json', '--image', `app=${IMAGE}`];
    await world().release(args);
    const again = await world().release(args);
    expect(again.result).toMatchObject({ exitCode: 0, status: 'unchanged', outputs: { verified: true } });
    expect(changesIn(again)).toEqual([]);
  });

  it('in a dry run changes nothing', async () => {
    const run = await world().release(['--create-from', 'service.json', '--image', `app=${IMAGE}`, '--dry-run']);
    expect(run.result).toMatchObject({ exitCode: 0, status: 'planned' });
    expect(changesIn(run)).toEqual([]);
  });
});
