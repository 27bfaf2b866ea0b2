import { describe, expect, it } from '@jest/globals';
import { batchQueueForTests } from '../../support/batch-queue.ts';
import { arnOf, DEAD_LETTERS, ROLE, scheduleWorldForTests } from './schedule-world.ts';

const world = scheduleWorldForTests();
const queue = batchQueueForTests(() => world().localAws);

const HOUR_MS = 3_600_000;
const AT_THREE = ['--schedule', 'cron(0 3 * * ? *)', '--job-queue', 'nightly', '--schedule-role-arn', ROLE];

async function submitted(): Promise<[string | undefined, string | undefined][]> {
  const jobs = await queue().jobs();
  return jobs
    .toSorted((a, b) => Number(a.createdAt) - Number(b.createdAt))
    .map(({ jobName, jobDefinition }) => [jobName, jobDefinition]);
}

describe.each([
  ['a schedule', '--schedule-name'],
  ['a rule', '--rule-name'],
])('%s fires at its time', (_what, flag) => {
  const change = (...args: string[]) => world().run([flag, 'nightly', '--job-definition-name', 'crawl', ...args]);

  it('and submits the revision that it is pinned to, the next night the one that it was moved to', async () => {
    await world().register();
    await change(...AT_THREE);
    await world().register();
    await world().localAws.control.advance(4 * HOUR_MS);
    expect(await submitted()).toEqual([['crawl', arnOf(1)]]);
    expect((await change()).exitCode).toBe(0);
    await world().localAws.control.advance(24 * HOUR_MS);
    expect(await submitted()).toEqual([
      ['crawl', arnOf(1)],
      ['crawl', arnOf(2)],
    ]);
  });

  it('with pin: name and submits the newest, without being touched', async () => {
    await world().register();
    await change(...AT_THREE, '--pin', 'name');
    await world().register();
    await world().localAws.control.advance(4 * HOUR_MS);
    expect(await submitted()).toEqual([['crawl', arnOf(2)]]);
  });

  it('not when it is paused', async () => {
    await world().register();
    await change(...AT_THREE);
    await change('--state', 'disabled');
    await world().localAws.control.advance(24 * HOUR_MS);
    expect(await submitted()).toEqual([]);
  });
});

it('a schedule hands over what it overrides', async () => {
  await world().register();
  const overrides = [
    '--environment',
    'A=$HOME',
    '--command',
    'crawl',
    '--command',
    'Ref::depth',
    '--parameters',
    'depth=3',
  ];
  await world().run(['--schedule-name', 'nightly', '--job-definition-name', 'crawl', ...AT_THREE, ...overrides]);
  await world().localAws.control.advance(4 * HOUR_MS);
  const [job] = await queue().jobs();
  expect(job?.container).toMatchObject({
    command: ['crawl', '3'],
    environment: expect.arrayContaining([{ name: 'A', value: '$HOME' }]),
  });
});

it('what can not be submitted goes to the dead-letter queue', async () => {
  await world().register();
  const [queueFlag, elsewhere] = ['--job-queue', 'nowhere'];
  const args = [...AT_THREE, queueFlag, elsewhere, '--dead-letter-queue-arn', DEAD_LETTERS];
  await world().run(['--schedule-name', 'nightly', '--job-definition-name', 'crawl', ...args]);
  await world().localAws.control.advance(4 * HOUR_MS);
  expect(world().localAws.control.state()).toMatchObject({
    scheduler: { deadLetters: { [DEAD_LETTERS]: [{ body: expect.stringContaining('nowhere') }] } },
  });
});
