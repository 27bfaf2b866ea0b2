import { describe, expect, it } from '@jest/globals';
import type { BegunDeployment, JudgeRequest } from '../../../src/actions/ecs/judge-deployment.ts';
import { drivingClock } from '../../support/driving-clock.ts';
import { ecsWorldForTests } from '../../support/ecs-world.ts';
import { deploySecond } from './follow-world.ts';
import { judgeCanceled, runningService, STUCK } from './judge-world.ts';

const world = ecsWorldForTests();

/** Cancels a deployment that never ends after a minute. */
async function canceledAfterAMinute(onCancel: JudgeRequest['onCancel']) {
  await runningService(world(), STUCK);
  const canceling = new AbortController();
  const clock = drivingClock(world().stage.localAws.control);
  clock.at(60_000, () => canceling.abort());
  return judgeCanceled(world(), () => deploySecond(world()), { clock, onCancel }, canceling);
}

describe('a cancel', () => {
  it.each<[JudgeRequest['onCancel'], string, string]>([
    ['leave', 'it goes on', 'IN_PROGRESS'],
    ['stop', 'it was told to stop', 'STOP_REQUESTED'],
    ['rollback', 'it was told to roll back', 'ROLLBACK_REQUESTED'],
  ])('with %s: exit code 6, and %s', async (onCancel, fate, status) => {
    const { exitCode, title } = await canceledAfterAMinute(onCancel);
    expect(exitCode).toBe(6);
    expect(title).toMatch(new RegExp(`^canceled; deployment ecs-svc/\\d+ of web: ${fate}$`));
    expect((await world().stage.deployment()).status).toBe(status);
  });

  it('tells the commands that go on', async () => {
    const { hints } = await canceledAfterAMinute('leave');
    expect(hints.join('\n')).toMatch(
      /aws-deploy watch-deployment --cluster demo --service web --deployment ecs-svc\/\d+ --region eu-central-1\n.*aws-deploy rollback-service/,
    );
  });

  it('while the answer to the call is on its way acts on what is found, too', async () => {
    await runningService(world(), STUCK);
    const canceling = new AbortController();
    let begun: BegunDeployment | undefined;
    const begin = async (): Promise<BegunDeployment> => {
      begun = await deploySecond(world());
      canceling.abort();
      return new Promise<BegunDeployment>(() => undefined);
    };
    const findBegun = () => Promise.resolve(begun);
    const { title } = await judgeCanceled(world(), begin, { onCancel: 'rollback', findBegun }, canceling);
    expect(title).toMatch(/^canceled; deployment ecs-svc\/\d+ of web: it was told to roll back$/);
    expect((await world().stage.deployment()).status).toBe('ROLLBACK_REQUESTED');
  });

  it('that comes when nothing was seen to start says so', async () => {
    await runningService(world());
    const canceling = new AbortController();
    const begin = (): Promise<BegunDeployment> => {
      canceling.abort();
      return Promise.reject(new Error('reset'));
    };
    const { title, exitCode } = await judgeCanceled(world(), begin, {}, canceling);
    expect([exitCode, title]).toEqual([6, 'canceled; no deployment of web was seen to start']);
  });

  it('that comes after the end changes nothing any more', async () => {
    await runningService(world());
    const canceling = new AbortController();
    const { tasks } = world().ecs;
    // The proof comes after the end.
    Object.assign(tasks, {
      ofService: () => {
        canceling.abort();
        return new Promise(() => undefined);
      },
    });
    const { title } = await judgeCanceled(world(), () => deploySecond(world()), { onCancel: 'rollback' }, canceling);
    expect(title).toMatch(/^canceled; deployment ecs-svc\/\d+ of web had ended: SUCCEEDED$/);
    expect((await world().stage.deployment()).status).toBe('SUCCESSFUL');
  });
});
