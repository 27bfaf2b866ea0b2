import { describe, expect, it } from '@jest/globals';
import { drivingClock } from '../../support/driving-clock.ts';
import { taskRunWorldForTests } from './task-run-world.ts';

const world = taskRunWorldForTests();

const MINUTE_MS = 60_000;

describe('CircleCI ends a step that says nothing for ten minutes', () => {
  it.each(['5s', '5m'])('with a look every %s it says every minute that the task still runs', async (interval) => {
    world().play({ durations: { RUNNING: '12m' } });
    const { said } = await world().run(['--poll-interval', interval]);
    const beats = said.filter((line) => /^Still RUNNING after \d+m/.test(line)).length;
    expect(beats).toBeGreaterThanOrEqual(9);
    expect(beats).toBeLessThanOrEqual(13);
  });
});

describe('what hinders a look at the task does not end the wait', () => {
  it.each(['throttle', '500', 'reset-before'] as const)(
    '%s for most of an hour: it only asks less often',
    async (kind) => {
      world().play({ durations: { RUNNING: '50m' } });
      const { control } = world().localAws;
      const clock = drivingClock(control);
      clock.at(MINUTE_MS, () => control.addFault({ operation: 'ecs:DescribeTasks', kind, times: 1000 }));
      clock.at(45 * MINUTE_MS, () => control.clearFaults());
      const { result, said } = await world().run(['--timeout', '2h', '--poll-interval', '10s'], { clock });
      expect(result).toMatchObject({ exitCode: 0, outputs: { taskStatus: 'SUCCEEDED' } });
      expect(said.filter((line) => line.endsWith('; asking less often'))).toHaveLength(1);
      expect(
        said.filter((line) => /^Still RUNNING after .*\. It can not be looked at now$/.test(line)).length,
      ).toBeGreaterThan(35);
      // Every ten seconds would be 300.
      expect(world().calls('DescribeTasks')).toBeLessThan(150);
    },
  );

  it('a missing permission does, at once, and the task goes on', async () => {
    world().play({ durations: { RUNNING: '50m' } });
    const clock = drivingClock(world().localAws.control);
    clock.at(MINUTE_MS, () => world().deny('ecs:DescribeTasks'));
    const { result } = await world().run([], { clock });
    expect(result).toMatchObject({
      exitCode: 3,
      outputs: { taskStatus: 'GOING' },
      error: {
        code: 'aws.access_denied',
        title: expect.stringContaining('not allowed: ecs:DescribeTasks'),
        hints: expect.arrayContaining([
          'The task was left as it is.',
          expect.stringMatching(/^To stop it: aws ecs stop-task/),
        ]),
      },
    });
    world().deny();
    expect(await world().tasks()).toMatchObject([{ lastStatus: 'RUNNING' }]);
  });

  it('a task that is gone is told, not waited for', async () => {
    world().play({ durations: { RUNNING: '50m' } });
    const { control } = world().localAws;
    const clock = drivingClock(control);
    clock.at(5 * MINUTE_MS, () => world().stage.restart());
    const { result } = await world().run([], { clock });
    expect(result).toMatchObject({
      exitCode: 5,
      error: {
        code: 'ecs.task_vanished',
        message: expect.stringMatching(/^[0-9a-f]{8} was RUNNING when it was seen last/),
      },
    });
  });
});

it.each([
  ['forward', 24],
  ['back', -24],
])('a clock that is set %s by a day does not end the wait', async (_way, hours) => {
  world().play({ durations: { RUNNING: '50m' } });
  const driving = drivingClock(world().localAws.control);
  let offset = 0;
  driving.at(30 * MINUTE_MS, () => {
    offset = hours * 60 * MINUTE_MS;
  });
  const clock = {
    now: () => new Date(driving.now().getTime() + offset),
    sleep: (ms: number, signal?: AbortSignal) => driving.sleep(ms, signal),
  };
  const { result } = await world().run(['--timeout', '1h', '--poll-interval', '30s'], { clock });
  expect(result).toMatchObject({ exitCode: 0, outputs: { taskStatus: 'SUCCEEDED' } });
});
