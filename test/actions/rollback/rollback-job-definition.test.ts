import { TagResourceCommand } from '@aws-sdk/client-batch';
import { describe, expect, it } from '@jest/globals';
import { pausingProxy } from '../../support/pausing-proxy.ts';
import { arnOf, scheduleWorldForTests } from '../schedule/schedule-world.ts';
import {
  contents,
  past,
  putRule,
  putSchedule,
  REJECTED_AT,
  revisions,
  ruleRuns,
  runOn,
  tagged,
  VERIFIED_AT,
  type HistoryRun,
} from './release-history.ts';

const world = scheduleWorldForTests();

const WRITES = /^(batch:(Register|Deregister|Tag)|scheduler:(Create|Update)|events:Put)/;

function rollBack(args: readonly string[] = [], more: Record<string, string> = {}): Promise<HistoryRun> {
  return runOn(world(), 'rollback-job-definition', args, more);
}

async function rolledBack(args: readonly string[] = [], more: Record<string, string> = {}): Promise<HistoryRun> {
  const run = await rollBack(args, more);
  if (run.exitCode !== 0) throw new Error(run.stderr);
  return run;
}

async function newest() {
  return (await revisions(world())).at(-1)!;
}

/** Two good releases and a bad one. */
const GOOD_GOOD_BAD = [
  { content: 'a', verified: true },
  { content: 'b', verified: true, tags: { 'git-sha': 'commit-of-b', pipeline: '41' } },
  { content: 'c', tags: { 'git-sha': 'commit-of-c', pipeline: '42' } },
];

describe('a rollback is forward', () => {
  it('the newest verified definition is registered as the next revision', async () => {
    await past(world(), ...GOOD_GOOD_BAD);
    const { result } = await rolledBack();
    expect(await contents(world())).toEqual(['a', 'b', 'c', 'b']);
    expect(result).toMatchObject({
      component: 'crawl',
      status: 'changed',
      changes: [
        { resource: arnOf(4), kind: 'updated', diff: ['- parameters.content: "c"', '+ parameters.content: "b"'] },
      ],
      outputs: {
        jobDefinitionName: 'crawl',
        jobDefinitionArn: arnOf(4),
        revision: 4,
        restoredRevision: 2,
        rejectedRevision: 3,
        repointed: [],
      },
    });
  });

  it('it goes past revisions that were rejected, were never verified, or say what runs now', async () => {
    await past(
      world(),
      { content: 'a', verified: true },
      { content: 'b', verified: true, rejected: true },
      { content: 'never' },
      { content: 'c', verified: true },
      { content: 'c' },
    );
    expect((await rolledBack()).result.outputs).toMatchObject({ restoredRevision: 1, rejectedRevision: 5 });
  });

  it('the one that is left is tagged as rejected, with the time', async () => {
    await past(world(), ...GOOD_GOOD_BAD);
    await rolledBack();
    expect(await tagged(world(), 'rejected')).toEqual([3]);
    expect((await revisions(world()))[2]?.tags).toMatchObject({ 'aws-deploy:rejected': '2026-11-20T00:00:00.000Z' });
  });

  it('it is tagged before anything else changes', async () => {
    await past(world(), ...GOOD_GOOD_BAD);
    await putSchedule(world(), 'nightly', arnOf(3));
    world().calls();
    await rolledBack();
    expect(
      world()
        .calls()
        .filter((call) => WRITES.test(call)),
    ).toEqual(['batch:TagResource', 'batch:RegisterJobDefinition', 'scheduler:UpdateSchedule']);
  });

  it('nothing is deregistered, and what was verified before still is', async () => {
    await past(world(), ...GOOD_GOOD_BAD);
    await rolledBack();
    expect((await revisions(world())).map(({ status }) => status)).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE', 'ACTIVE']);
    expect(await tagged(world(), 'verified')).toEqual([1, 2]);
  });

  it('the new revision says what it is, and that it is not verified by itself', async () => {
    await past(world(), ...GOOD_GOOD_BAD);
    await rolledBack([], { CIRCLE_WORKFLOW_JOB_ID: 'job-1', AWS_DEPLOY_PIPELINE_NUMBER: '43', CIRCLE_SHA1: 'other' });
    expect((await newest()).tags).toEqual({
      team: 'data',
      'aws-deploy:git-sha': 'commit-of-b',
      'aws-deploy:pipeline': '43',
      'aws-deploy:definition-hash': expect.stringMatching(/^[0-9a-f]{64}$/),
      'aws-deploy:rolled-back-from': '3',
      'aws-deploy:rollback-key': 'job-1',
    });
  });

  it('without a pipeline of its own it has that of the revision that is left', async () => {
    await past(world(), ...GOOD_GOOD_BAD);
    await rolledBack();
    expect((await newest()).tags).toMatchObject({ 'aws-deploy:pipeline': '42' });
  });
});

describe('INACTIVE is final', () => {
  it('so that a revision which was deregistered is registered anew', async () => {
    await past(world(), { content: 'a', verified: true, inactive: true }, { content: 'b' });
    expect((await rolledBack()).result.outputs).toMatchObject({ revision: 3, restoredRevision: 1 });
    expect(await contents(world())).toEqual(['(a)', 'b', 'a']);
  });

  it('and all revisions are looked at, over many pages', async () => {
    const many = Array.from({ length: 110 }, (_, index) => ({ content: String(index), verified: index === 4 }));
    await past(world(), ...many);
    expect((await rolledBack()).result.outputs).toMatchObject({ revision: 111, restoredRevision: 5 });
  });
});

describe('tags belong to one revision', () => {
  it('so that those of users are sent again', async () => {
    await past(world(), ...GOOD_GOOD_BAD);
    await rolledBack();
    expect((await newest()).tags).toMatchObject({ team: 'data' });
  });
});

describe('twice in a row', () => {
  it('never returns to what was left, and says that the newest was itself made by a rollback', async () => {
    await past(world(), ...GOOD_GOOD_BAD);
    await rolledBack();
    const { result, stderr } = await rolledBack();
    expect(result.outputs).toMatchObject({ revision: 5, restoredRevision: 1, rejectedRevision: 4 });
    expect(await contents(world())).toEqual(['a', 'b', 'c', 'b', 'a']);
    expect(stderr).toContain(
      'warning: Revision 4 was itself made by a rollback, from 3 at 2026-11-20T00:00:00.000Z; this one goes further back.',
    );
    const third = await rollBack();
    expect(third).toMatchObject({ exitCode: 5, result: { error: { code: 'batch.nothing_to_roll_back_to' } } });
    expect(await contents(world())).toHaveLength(5);
  });

  it('in one job is once: an automatic rerun goes on from the revision that it made', async () => {
    await past(world(), ...GOOD_GOOD_BAD);
    const job = { CIRCLE_WORKFLOW_JOB_ID: 'job-1' };
    const first = await rolledBack([], job);
    const again = await rolledBack([], job);
    expect(again.result).toMatchObject({ status: 'unchanged', outputs: first.result.outputs });
    expect(await contents(world())).toHaveLength(4);
  });

  it('in one job, with a release of somebody else in between, is superseded', async () => {
    await past(world(), ...GOOD_GOOD_BAD);
    const job = { CIRCLE_WORKFLOW_JOB_ID: 'job-1' };
    await rolledBack([], job);
    await past(world(), { content: 'd' });
    expect(await rollBack([], job)).toMatchObject({ exitCode: 11, result: { status: 'superseded' } });
    expect(await contents(world())).toEqual(['a', 'b', 'c', 'b', 'd']);
  });

  it('to the same named revision is once', async () => {
    await past(world(), ...GOOD_GOOD_BAD);
    await rolledBack(['--to-revision', '1']);
    const again = await rolledBack(['--to-revision', '1']);
    expect(again.result).toMatchObject({ status: 'unchanged', outputs: { revision: 4, restoredRevision: 1 } });
    expect(await contents(world())).toHaveLength(4);
  });
});

describe('a revision that is named', () => {
  it('is taken although it was never verified, with a warning', async () => {
    await past(world(), { content: 'a' }, { content: 'b', verified: true }, { content: 'c' });
    const { result, stderr } = await rolledBack(['--to-revision', '1']);
    expect(result.outputs).toMatchObject({ revision: 4, restoredRevision: 1 });
    expect(stderr).toContain('warning: Revision 1 was never verified; it is taken because it is named');
  });

  it('is taken although it was left before, with a warning', async () => {
    await past(world(), { content: 'a', verified: true, rejected: true }, { content: 'b' });
    expect((await rolledBack(['--to-revision', '1'])).stderr).toContain(
      'warning: Revision 1 was left by a rollback before',
    );
  });

  it('that is not there is exit code 5, and nothing changes', async () => {
    await past(world(), ...GOOD_GOOD_BAD);
    expect(await rollBack(['--to-revision', '9'])).toMatchObject({ exitCode: 5 });
    expect(await tagged(world(), 'rejected')).toEqual([]);
  });
});

it('a dry run prints the diff and what would be moved, and changes nothing', async () => {
  await past(world(), ...GOOD_GOOD_BAD);
  await putSchedule(world(), 'nightly', arnOf(3));
  const before = world().localAws.control.state();
  const { result, stderr } = await rolledBack(['--dry-run']);
  expect(world().localAws.control.state()).toEqual(before);
  expect(result).toMatchObject({
    status: 'planned',
    outputs: { restoredRevision: 2, rejectedRevision: 3, repointed: ['schedule nightly'] },
  });
  expect(stderr).toContain('- parameters.content: "c"');
  expect(stderr).toContain(`Would roll crawl back from revision 3 to 2, verified ${VERIFIED_AT}`);
});

describe('schedules and rules', () => {
  it('that run what is left, or what was left before, run the new revision', async () => {
    await past(world(), { content: 'a', verified: true }, { content: 'b', rejected: true }, { content: 'c' });
    await putSchedule(world(), 'nightly', arnOf(3));
    await putSchedule(world(), 'left-behind', 'crawl:2');
    await putRule(world(), 'weekly', arnOf(3));
    const { result } = await rolledBack();
    expect(result.outputs['repointed']).toEqual(['schedule left-behind', 'schedule nightly', 'rule weekly']);
    expect(await world().input('nightly')).toMatchObject({ JobDefinition: arnOf(4), JobName: 'by-hand' });
    expect(await world().input('left-behind')).toMatchObject({ JobDefinition: arnOf(4) });
    expect(await ruleRuns(world(), 'weekly')).toBe(arnOf(4));
  });

  it('that run a good revision, or go by the name, or run something else, stay as they are', async () => {
    await past(world(), ...GOOD_GOOD_BAD);
    await putSchedule(world(), 'pinned', arnOf(2));
    await putSchedule(world(), 'by-name', 'crawl');
    await putSchedule(world(), 'other', arnOf(3, 'crawl-2'));
    const { result } = await rolledBack();
    expect(result.outputs['repointed']).toEqual([]);
    expect(await world().input('pinned')).toMatchObject({ JobDefinition: arnOf(2) });
    expect(await world().input('by-name')).toMatchObject({ JobDefinition: 'crawl' });
    expect(await world().input('other')).toMatchObject({ JobDefinition: arnOf(3, 'crawl-2') });
  });

  it('are not even looked at with --no-repoint', async () => {
    await past(world(), ...GOOD_GOOD_BAD);
    await putSchedule(world(), 'nightly', arnOf(3));
    world().calls();
    await rolledBack(['--no-repoint']);
    expect(
      world()
        .calls()
        .filter((call) => /^(scheduler|events):/.test(call)),
    ).toEqual([]);
    expect(await world().input('nightly')).toMatchObject({ JobDefinition: arnOf(3) });
  });

  it('that can not be read are warned about by name', async () => {
    await past(world(), ...GOOD_GOOD_BAD);
    await putSchedule(world(), 'nightly', arnOf(3));
    world().localAws.control.setScenario({ iam: { deny: [{ action: 'scheduler:GetSchedule' }] } });
    expect((await rolledBack()).stderr).toContain('warning: schedule nightly could not be read');
  });

  it('of which one can not be moved: exit code 10, what is done and what is not, and what finishes it', async () => {
    await past(world(), ...GOOD_GOOD_BAD);
    await putSchedule(world(), 'nightly', arnOf(3));
    await putRule(world(), 'weekly', arnOf(3));
    world().localAws.control.setScenario({ iam: { deny: [{ action: 'scheduler:UpdateSchedule' }] } });
    const { exitCode, result } = await rollBack();
    expect(exitCode).toBe(10);
    expect(result.error).toMatchObject({
      code: 'batch.rollback_incomplete',
      title: 'crawl is rolled back, but schedule nightly still runs what was left',
    });
    expect(result.error?.message).toContain(
      'done: revision 4 is registered\ndone: rule weekly runs it\nnot done: schedule nightly: ',
    );
    expect(result.outputs).toMatchObject({ revision: 4, repointed: ['rule weekly'] });
    world().localAws.control.setScenario({});
    const command = /finish it: aws-deploy rollback-job-definition --job-definition-name crawl (.*)/.exec(
      result.error?.hints.join('\n') ?? '',
    );
    const finished = await rolledBack(command?.[1]?.split(' '));
    expect(finished.result).toMatchObject({
      status: 'changed',
      outputs: { revision: 4, repointed: ['schedule nightly'] },
    });
    expect(await world().input('nightly')).toMatchObject({ JobDefinition: arnOf(4) });
    expect(await contents(world())).toHaveLength(4);
  });
});

describe('what stops it before anything changes', () => {
  it('nothing that was verified: exit code 5, and how revisions get verified', async () => {
    await past(world(), { content: 'a' }, { content: 'b' });
    const { exitCode, result } = await rollBack();
    expect(exitCode).toBe(5);
    expect(result.error?.hints.join('\n')).toContain('mark_verified');
    expect(await tagged(world(), 'rejected')).toEqual([]);
  });

  it.each(['crawl:3', '$(touch x)', '; rm -rf /', '<< parameters.x >>', 'zoë'])(
    'the name %j: exit code 2, and AWS is not called',
    async (name) => {
      world().calls();
      expect(await rollBack(['--job-definition-name', name])).toMatchObject({ exitCode: 2 });
      expect(world().calls()).toEqual([]);
    },
  );
});

describe('what it is run with', () => {
  it('is data: a job id that no tag can hold is still the same key', async () => {
    await past(world(), ...GOOD_GOOD_BAD);
    const job = { CIRCLE_WORKFLOW_JOB_ID: '$(touch x)`;\n🚀' };
    await rolledBack([], job);
    expect((await rolledBack([], job)).result.status).toBe('unchanged');
    expect(await contents(world())).toHaveLength(4);
  });

  it('a tag of ours that says nonsense does not stop it', async () => {
    await past(
      world(),
      { content: 'a', verified: true },
      { content: 'b', tags: { pipeline: 'x', 'rolled-back-from': '+' } },
    );
    expect((await rolledBack()).result.outputs).toMatchObject({ revision: 3, restoredRevision: 1 });
  });
});

describe('a release at the same time', () => {
  const onTheWay = async (when: string, nth: number, meanwhile: () => Promise<unknown>, more = {}) => {
    const way = await pausingProxy(world().localAws.endpoint);
    way.before(when, nth, meanwhile);
    return rollBack([], { AWS_ENDPOINT_URL: way.endpoint, AWS_DEPLOY_PIPELINE_NUMBER: '42', ...more });
  };

  it('that comes after the revision was registered has the last word', async () => {
    await past(world(), ...GOOD_GOOD_BAD);
    const run = await onTheWay('/describejobdefinitions', 2, () => past(world(), { content: 'd' }));
    expect(run).toMatchObject({ exitCode: 11, result: { error: { code: 'batch.superseded' } } });
    expect(await contents(world())).toEqual(['a', 'b', 'c', 'b', 'd']);
  });

  it('of a newer pipeline that comes before is put on top again', async () => {
    await past(world(), ...GOOD_GOOD_BAD);
    const run = await onTheWay('/registerjobdefinition', 1, () =>
      past(world(), { content: 'd', tags: { pipeline: '50' } }),
    );
    expect(run).toMatchObject({ exitCode: 11 });
    expect(await contents(world())).toEqual(['a', 'b', 'c', 'd', 'b', 'd']);
  });

  it('of a newer pipeline is put on top also by an automatic rerun, when the first run was killed before it', async () => {
    const job = { CIRCLE_WORKFLOW_JOB_ID: 'job-1', AWS_DEPLOY_PIPELINE_NUMBER: '42' };
    await past(world(), ...GOOD_GOOD_BAD, { content: 'd', tags: { pipeline: '50' } });
    await past(world(), {
      content: 'b',
      tags: { pipeline: '42', 'rolled-back-from': '3', 'rollback-key': 'job-1' },
    });
    expect(await rollBack([], job)).toMatchObject({ exitCode: 11 });
    expect((await contents(world())).at(-1)).toBe('d');
  });

  it('of no newer pipeline, that comes before, lies under it, and that is told', async () => {
    await past(world(), ...GOOD_GOOD_BAD);
    const run = await onTheWay('/registerjobdefinition', 1, () => past(world(), { content: 'd' }));
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toContain('warning: Another release has made revision 4 meanwhile; 5 lies over it');
  });

  const release = (env: Record<string, string>) =>
    runOn(world(), 'register-job-definition', ['--environment', 'X=1'], env);
  const top = async () => {
    const { parameters, containerProperties } = await newest();
    return { content: parameters?.['content'], environment: containerProperties?.environment };
  };

  it('that carries what is left forward, and is of a newer pipeline, stands', async () => {
    await past(world(), ...GOOD_GOOD_BAD);
    const run = await onTheWay('/registerjobdefinition', 1, () => release({ AWS_DEPLOY_PIPELINE_NUMBER: '50' }));
    expect(run).toMatchObject({ exitCode: 11 });
    expect(await top()).toEqual({ content: 'c', environment: [{ name: 'X', value: '1' }] });
  });

  it('that is overtaken by the rollback makes its change to what was gone back to', async () => {
    await past(world(), ...GOOD_GOOD_BAD);
    const way = await pausingProxy(world().localAws.endpoint);
    way.before('/registerjobdefinition', 1, () => rolledBack([], { AWS_DEPLOY_PIPELINE_NUMBER: '43' }));
    const released = await release({ AWS_ENDPOINT_URL: way.endpoint, AWS_DEPLOY_PIPELINE_NUMBER: '43' });
    expect(released.exitCode).toBe(0);
    expect(await top()).toEqual({ content: 'b', environment: [{ name: 'X', value: '1' }] });
  });

  it('that is the same rollback is no conflict', async () => {
    await past(world(), ...GOOD_GOOD_BAD);
    const run = await onTheWay('/registerjobdefinition', 1, () => rolledBack());
    expect(run.exitCode).toBe(0);
    expect((await contents(world())).at(-1)).toBe('b');
  });
});

it('an answer to RegisterJobDefinition that is lost is looked for, and nothing is registered twice', async () => {
  await past(world(), ...GOOD_GOOD_BAD);
  world().localAws.control.addFault({ operation: 'batch:RegisterJobDefinition', nth: 1, kind: 'reset-after-apply' });
  expect((await rolledBack()).result.outputs).toMatchObject({ revision: 4 });
  expect(await contents(world())).toHaveLength(4);
});

it('a registration that is refused says that the tag was set, and the next run begins there', async () => {
  await past(world(), ...GOOD_GOOD_BAD);
  world().localAws.control.setScenario({ iam: { deny: [{ action: 'batch:RegisterJobDefinition' }] } });
  const { exitCode, result } = await rollBack();
  expect(exitCode).toBe(3);
  expect(result.error?.hints.at(-1)).toContain('only its tag aws-deploy:rejected was set');
  world().localAws.control.setScenario({});
  expect((await rolledBack()).result.outputs).toMatchObject({ revision: 4, restoredRevision: 2, rejectedRevision: 3 });
});

it('the time of a rejection is that of the first one', async () => {
  await past(world(), { content: 'a', verified: true }, { content: 'b' });
  const tags = { 'aws-deploy:rejected': REJECTED_AT };
  await world().batch.send(new TagResourceCommand({ resourceArn: arnOf(2), tags }));
  await rolledBack();
  expect((await revisions(world()))[1]?.tags).toMatchObject(tags);
});
