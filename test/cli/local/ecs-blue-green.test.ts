import { describe, expect, it } from '@jest/globals';
import { sampleForTests } from './sample-runs.ts';

const sample = sampleForTests('examples/ecs-blue-green');

const NOT_APPROVED = 12;

/** A run in which only that approval is given, and what became of its jobs. */
async function decide(...approvals: string[]) {
  const { exitCode, stdout, record } = await sample().run(approvals.flatMap((name) => ['--approve', name]));
  const jobs = record.workflows.flatMap((workflow) => workflow.jobs);
  const statuses = Object.fromEntries(jobs.map(({ name, status }) => [name, status]));
  const changes = record.localAws?.filter((change) => change.startsWith('ecs '));
  return { exitCode, statuses, changes, stdout };
}

const UNTIL_PAUSED = { build: 'success', deploy: 'success' };

describe('examples/ecs-blue-green on this machine, without a network', () => {
  it('waits for a decision with the new tasks beside the old ones', async () => {
    const { exitCode, statuses, changes } = await decide();
    expect({ exitCode, statuses }).toEqual({
      exitCode: NOT_APPROVED,
      statuses: { ...UNTIL_PAUSED, approve: 'on_hold', go_on: 'waiting', reject: 'on_hold', go_back: 'waiting' },
    });
    expect(changes).toEqual([
      'ecs shop-api:2 registered',
      'ecs service shop/api set to shop-api:2',
      'ecs deployment of shop-api:2 to shop/api: IN_PROGRESS',
    ]);
  });

  it('goes on to its end when that is approved, and is verified', async () => {
    const { exitCode, statuses, changes, stdout } = await decide('approve');
    expect({ exitCode, statuses, stdout: exitCode === NOT_APPROVED ? '' : stdout }).toEqual({
      exitCode: NOT_APPROVED,
      statuses: { ...UNTIL_PAUSED, approve: 'success', go_on: 'success', reject: 'on_hold', go_back: 'waiting' },
      stdout: '',
    });
    expect(changes).toEqual([
      'ecs shop-api:2 registered, verified',
      'ecs service shop/api set to shop-api:2',
      'ecs deployment of shop-api:2 to shop/api: SUCCESSFUL',
    ]);
  });

  it('goes back when it is rejected, which is what was asked for', async () => {
    const { exitCode, statuses, changes, stdout } = await decide('reject');
    expect({ exitCode, statuses, stdout: exitCode === NOT_APPROVED ? '' : stdout }).toEqual({
      exitCode: NOT_APPROVED,
      statuses: { ...UNTIL_PAUSED, approve: 'on_hold', go_on: 'waiting', reject: 'success', go_back: 'success' },
      stdout: '',
    });
    expect(changes).toEqual([
      'ecs shop-api:2 registered, rejected',
      'ecs deployment of shop-api:2 to shop/api: ROLLBACK_SUCCESSFUL',
    ]);
  });
});
