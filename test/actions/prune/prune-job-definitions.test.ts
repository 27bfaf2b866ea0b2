import { describe, expect, it } from '@jest/globals';
import { pausingProxy } from '../../support/pausing-proxy.ts';
import { contents, past, putRule, putSchedule, runOn, type HistoryRun } from '../rollback/release-history.ts';
import { arnOf, scheduleWorldForTests } from '../schedule/schedule-world.ts';

const world = scheduleWorldForTests();

function prune(args: readonly string[] = [], more: Record<string, string> = {}): Promise<HistoryRun> {
  return runOn(world(), 'prune-job-definitions', args, more);
}

/** Revisions 1 to `count`, that nobody has verified. */
function many(count: number) {
  return Array.from({ length: count }, (_, index) => ({ content: String.fromCharCode(97 + index) }));
}

it('deregisters what nothing uses, the oldest first, and keeps the newest ones', async () => {
  await past(world(), ...many(8));
  world().calls();
  const { exitCode, result } = await prune();
  expect(exitCode).toBe(0);
  expect(result).toMatchObject({
    component: 'crawl',
    status: 'changed',
    outputs: { deregistered: ['1', '2', '3'], kept: ['8', '7', '6', '5', '4'] },
  });
  expect(result.changes.map(({ resource }) => resource)).toEqual([arnOf(1), arnOf(2), arnOf(3)]);
  expect(await contents(world())).toEqual(['(a)', '(b)', '(c)', 'd', 'e', 'f', 'g', 'h']);
});

it('a second time there is nothing to do', async () => {
  await past(world(), ...many(4));
  await prune(['--keep', '2']);
  const { result, stderr } = await prune(['--keep', '2']);
  expect(result).toMatchObject({ status: 'unchanged', outputs: { deregistered: [], kept: ['4', '3'] } });
  expect(stderr).toContain('Nothing to deregister');
});

it('a dry run says what would go, and changes nothing', async () => {
  await past(world(), ...many(4));
  const before = world().localAws.control.state();
  const { result, stderr } = await prune(['--keep', '1', '--dry-run']);
  expect(world().localAws.control.state()).toEqual(before);
  expect(result).toMatchObject({ status: 'planned', outputs: { deregistered: ['1', '2', '3'], kept: ['4'] } });
  expect(stderr).toContain('Revision 2 would go: nothing uses it, and no rollback needs it');
});

describe('never pruned is', () => {
  it('what a schedule or a rule uses, paused or not, and it is said', async () => {
    await past(world(), ...many(5));
    await putSchedule(world(), 'nightly', arnOf(1));
    await putSchedule(world(), 'paused', arnOf(2), { State: 'DISABLED' });
    await putRule(world(), 'weekly', 'crawl:3');
    const { result, stderr } = await prune(['--keep', '1']);
    expect(result.outputs).toEqual({ deregistered: ['4'], kept: ['5', '3', '2', '1'] });
    expect(stderr).toContain('Revision 1 stays: used by schedule nightly');
    expect(stderr).toContain('Revision 2 stays: used by schedule paused');
    expect(stderr).toContain('Revision 3 stays: used by rule weekly');
  });

  it('what a rollback would go to', async () => {
    await past(world(), { content: 'a', verified: true }, { content: 'b' }, { content: 'c' });
    const { result, stderr } = await prune(['--keep', '1']);
    expect(result.outputs).toEqual({ deregistered: ['2'], kept: ['3', '1'] });
    expect(stderr).toContain('Revision 1 stays: verified: a rollback would go there');
  });

  it('anything, when something could not be read: a warning that names it, and exit code 0', async () => {
    await past(world(), ...many(4));
    await putSchedule(world(), 'nightly', arnOf(4));
    world().localAws.control.setScenario({ iam: { deny: [{ action: 'scheduler:GetSchedule' }] } });
    const { exitCode, result, stderr } = await prune(['--keep', '1']);
    expect(exitCode).toBe(0);
    expect(result).toMatchObject({ status: 'unchanged', outputs: { deregistered: [] } });
    expect(stderr).toContain('warning: Nothing is deregistered');
    expect(stderr).toContain('schedule nightly');
    expect(await contents(world())).toEqual(['a', 'b', 'c', 'd']);
  });

  it.each(['batch:DescribeJobQueues', 'scheduler:ListSchedules', 'events:ListRules'])(
    'anything, when %s is denied',
    async (action) => {
      await past(world(), ...many(3));
      world().localAws.control.setScenario({ iam: { deny: [{ action }] } });
      const { exitCode, result } = await prune(['--keep', '1']);
      expect({ exitCode, deregistered: result.outputs['deregistered'] }).toEqual({ exitCode: 0, deregistered: [] });
      expect(await contents(world())).toEqual(['a', 'b', 'c']);
    },
  );
});

it('what begins to use a revision after the first look keeps it', async () => {
  await past(world(), ...many(3));
  await putSchedule(world(), 'nightly', arnOf(3));
  const way = await pausingProxy(world().localAws.endpoint);
  way.before('/schedules?MaxResults=100', 2, () => putSchedule(world(), 'late', arnOf(1)));
  const { result } = await prune(['--keep', '1'], { AWS_ENDPOINT_URL: way.endpoint });
  expect(result.outputs).toEqual({ deregistered: ['2'], kept: ['3', '1'] });
});

it('a name that matches nothing is exit code 5', async () => {
  expect(await prune()).toMatchObject({ exitCode: 5, result: { error: { code: 'batch.definition_not_found' } } });
});

it('keeping none is refused before AWS is called', async () => {
  world().calls();
  expect(await prune(['--keep', '0'])).toMatchObject({ exitCode: 2 });
  expect(world().calls()).toEqual([]);
});
