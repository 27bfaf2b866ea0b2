import { DeregisterTaskDefinitionCommand, TagResourceCommand } from '@aws-sdk/client-ecs';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { resultOf } from '../../support/run-cli.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { webDefinition } from '../../local-aws/ecs/ecs-stage.ts';
import { arnOf, byHand, runTaskInput, scheduledTaskWorldForTests, universalByHand } from './scheduled-task-world.ts';

const world = scheduledTaskWorldForTests();

const nightly = (...args: string[]): string[] => ['--schedule-name', 'nightly', ...args];
const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const PUSHED = `ghcr.io/acme/web@${DIGEST}`;
const OTHER = `ghcr.io/acme/crawl@${DIGEST}`;

/** A home in which earlier jobs of the workflow have left their results. */
async function homeWith(...results: { action: string; outputs: Record<string, unknown> }[]): Promise<string> {
  const home = await tempFolder();
  const folder = join(home, '.aws-deploy/record');
  await mkdir(folder, { recursive: true });
  for (const [index, result] of results.entries()) {
    const finishedAt = new Date(index * 1000).toISOString();
    const record = { schema: 'aws-deploy/result@1', component: 'web', finishedAt, ...result };
    await writeFile(join(folder, `${index}.json`), JSON.stringify(record));
  }
  return home;
}

const pushed = (image: string) => ({ action: 'build-and-push-image', outputs: { image } });
const registered = (reference: string) => ({
  action: 'register-task-definition',
  outputs: { taskDefinitionArn: arnOf(reference) },
});

beforeEach(async () => {
  await world().revisions(1);
});

describe('what a schedule is pointed to', () => {
  it('is the revision that is named, as it is', async () => {
    await world().schedule();
    await world().run(nightly('--task-definition-arn', arnOf('web:2')));
    expect(await world().runs('--schedule-name')).toBe(arnOf('web:2'));
  });

  it('is a new revision of what the inputs describe, of the family that runs', async () => {
    await world().schedule();
    const run = await world().run(nightly('--image', 'app=ghcr.io/acme/web:7'));
    expect(resultOf(run)).toMatchObject({
      status: 'changed',
      outputs: { images: ['app=ghcr.io/acme/web:7', 'sidecar=ghcr.io/acme/sidecar:1'] },
      changes: [{ resource: arnOf('web:3') }, { kind: 'updated' }],
    });
    expect(await world().runs('--schedule-name')).toBe(arnOf('web:3'));
  });

  it('run twice is run once', async () => {
    await world().schedule();
    const args = nightly('--image', 'app=ghcr.io/acme/web:7');
    await world().run(args);
    world().calls();
    const again = await world().run(args);
    expect(resultOf(again)).toMatchObject({ status: 'unchanged', exitCode: 0 });
    expect(world().calls()).not.toEqual(expect.arrayContaining([expect.stringMatching(/:(Update|Put|Register)/)]));
  });

  it.each([
    ['of the family that it says', { ...webDefinition(), family: 'crawl' }, 'crawl:1'],
    [
      'of the family that runs, when it says none',
      { ...webDefinition(), family: undefined, cpu: '512', memory: '1024' },
      'web:3',
    ],
  ])('is a new revision from a file, %s', async (_what, definition, reference) => {
    await world().schedule();
    const file = join(await tempFolder(), 'task-definition.json');
    await writeFile(file, JSON.stringify(definition));
    const run = await world().run(nightly('--task-definition', file));
    expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
    expect(await world().runs('--schedule-name')).toBe(arnOf(reference));
  });

  it.each([
    ['a revision of its family', [registered('crawl:1'), registered('web:2')], 'web:2'],
    ['the last of several', [registered('web:1'), registered('web:2')], 'web:2'],
    ['a revision, though there is an image of something else', [pushed(OTHER), registered('web:2')], 'web:2'],
    ['an image only: a new revision with it', [pushed(PUSHED)], 'web:3'],
    ['an image that is not in the revision: a new one with it', [registered('web:2'), pushed(PUSHED)], 'web:3'],
  ])('is what the workflow has released: %s', async (_what, results, reference) => {
    await world().schedule();
    const run = await world().run(nightly('--record'), { HOME: await homeWith(...results) });
    expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
    expect(await world().runs('--schedule-name')).toBe(arnOf(reference));
  });

  it('is what an earlier step of the job has released', async () => {
    await world().schedule();
    await world().run(nightly(), { AWS_DEPLOY_TASK_DEFINITION_ARN: arnOf('web:2') });
    expect(await world().runs('--schedule-name')).toBe(arnOf('web:2'));
  });

  it('can not be guessed: exit code 2 says what to give', async () => {
    await world().schedule();
    const HOME = await homeWith(registered('crawl:1'));
    const run = await world().run(nightly('--record'), { HOME });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('nothing says what schedule nightly is to run from now on');
    expect(run.stderr).toContain(`this workflow has released ${arnOf('crawl:1')}`);
    expect(run.stderr).toContain('Give task_definition_arn');
    expect(world().calls()).not.toContain('scheduler:UpdateSchedule');
  });
});

describe('pin: family', () => {
  it.each([
    ['a cluster', byHand, arnOf('web')],
    ['RunTask', universalByHand, 'web'],
  ])('points a schedule whose target is %s to the newest, whichever it is', async (_what, made, reference) => {
    await world().schedule(made());
    const run = await world().run(nightly('--pin', 'family'));
    expect(run.exitCode).toBe(0);
    expect(await world().runs('--schedule-name')).toBe(reference);
    const again = await world().run(nightly('--pin', 'family'));
    expect(resultOf(again)).toMatchObject({ status: 'unchanged' });
  });

  it('registers what is asked for, and leaves a schedule alone that goes by the family already', async () => {
    await world().schedule(byHand('web'));
    world().calls();
    const run = await world().run(nightly('--pin', 'family', '--image', 'app=ghcr.io/acme/web:7'));
    expect(resultOf(run)).toMatchObject({ status: 'changed', outputs: { taskDefinitionArn: arnOf('web') } });
    const calls = world().calls();
    expect(calls).toContain('ecs:RegisterTaskDefinition');
    expect(calls).not.toContain('scheduler:UpdateSchedule');
  });

  it('says so when the family goes on with another one than was released', async () => {
    await world().schedule();
    const HOME = await homeWith(registered('web:1'));
    const run = await world().run(nightly('--record', '--pin', 'family'), { HOME });
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toContain('web:1 is not the newest any more: by the family, web:2 runs');
  });
});

describe('pin: family with a newest revision that is tagged as rejected', () => {
  it.each([
    ['it is warned of', ['--pin', 'family'], true],
    ['it is not warned of without it', ['--task-definition-arn', arnOf('web:1')], false],
  ])('%s', async (_what, args, isWarned) => {
    await world().schedule();
    const tags = [{ key: 'aws-deploy:rejected', value: '2026-11-20T00:00:00.000Z' }];
    await world().stage.ecs.send(new TagResourceCommand({ resourceArn: arnOf('web:2'), tags }));
    const run = await world().run(nightly(...args));
    expect(run.exitCode).toBe(0);
    expect(run.stderr.includes('web:2, which runs by its family, is tagged as rejected')).toBe(isWarned);
  });
});

describe('an older revision', () => {
  it.each([
    ['a lower revision', byHand('web:2'), 'web:1', 'it runs revision 2, which is newer than 1'],
    ['a lower revision than the newest of the family', byHand('web'), 'web:1', 'it runs revision 2'],
    ['a lower one of RunTask', universalByHand(runTaskInput('web:2')), 'web:1', 'it runs revision 2'],
  ])('%s', async (_what, made, reference, told) => {
    await world().schedule(made);
    const args = nightly('--task-definition-arn', reference);
    const run = await world().run(args);
    expect(resultOf(run)).toMatchObject({ status: 'superseded', exitCode: 11 });
    expect(run.stderr).toContain(told);
    expect((await world().run([...args, '--allow-older'])).exitCode).toBe(0);
    expect(await world().runs('--schedule-name')).toBe(arnOf(reference));
  });

  it('of an older pipeline, though higher in number, is superseded too', async () => {
    await world().revisions(1, 12);
    await world().revisions(1, 11);
    await world().schedule(byHand('web:3'));
    const run = await world().run(nightly('--task-definition-arn', 'web:4'));
    expect(resultOf(run)).toMatchObject({ status: 'superseded', exitCode: 11 });
    expect(run.stderr).toContain('it runs revision 3 of pipeline 12, and revision 4 is of pipeline 11');
  });

  it('is not even registered by an older pipeline', async () => {
    await world().revisions(1, 12);
    await world().revisions(1);
    await world().schedule(byHand('web:3'));
    world().calls();
    const run = await world().run(nightly('--image', 'app=ghcr.io/acme/web:7'), {
      CIRCLECI: 'true',
      AWS_DEPLOY_PIPELINE_NUMBER: '11',
    });
    expect(resultOf(run)).toMatchObject({ status: 'superseded', exitCode: 11 });
    expect(world().calls()).not.toContain('ecs:RegisterTaskDefinition');
  });
});

describe('a revision that can not run', () => {
  it('because it is INACTIVE: exit code 5, and nothing is changed', async () => {
    await world().schedule();
    await world().stage.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: 'web:2' }));
    world().calls();
    const run = await world().run(nightly('--task-definition-arn', 'web:2'));
    expect(run.exitCode).toBe(5);
    expect(run.stderr).toContain('revision web:2 is INACTIVE');
    expect(world().calls()).not.toContain('scheduler:UpdateSchedule');
  });

  it.each([
    ['web:9', 'there is no revision 9 of task definition web'],
    ['wbe:1', 'Did you mean web?'],
  ])('because there is no %s: exit code 5', async (reference, told) => {
    await world().schedule();
    const run = await world().run(nightly('--task-definition-arn', reference));
    expect(run.exitCode).toBe(5);
    expect(run.stderr).toContain(told);
  });

  it.each([
    ['one that is there', ['--task-definition-arn', 'web:3']],
    ['one that would be registered', ['--environment', 'A=1', '--container', 'main']],
  ])('by this target, %s: exit code 2, and nothing is registered', async (_what, args) => {
    const [app, sidecar] = webDefinition().containerDefinitions!;
    await world().stage.register({ containerDefinitions: [{ ...app!, name: 'main' }, sidecar!] });
    await world().schedule();
    world().calls();
    const run = await world().run(nightly(...args));
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('the target overrides container app, and the task definition has main, sidecar');
    expect(world().calls()).not.toEqual(expect.arrayContaining([expect.stringMatching(/:(Update|Register)/)]));
  });
});

describe('a dry run', () => {
  it('shows both diffs, and changes nothing', async () => {
    await world().schedule();
    const before = world().stage.localAws.control.state();
    const run = await world().run(nightly('--image', 'app=ghcr.io/acme/web:7', '--dry-run'));
    expect(resultOf(run)).toMatchObject({ status: 'planned', exitCode: 0, changes: [{}, {}] });
    expect(run.stderr).toContain('"ghcr.io/acme/web:7"');
    expect(run.stderr).toContain(`+ Target.EcsParameters.TaskDefinitionArn: "${arnOf('web')}:<the new revision>"`);
    expect(world().stage.localAws.control.state()).toEqual(before);
  });
});
