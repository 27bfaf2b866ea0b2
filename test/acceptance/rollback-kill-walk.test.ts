import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/core/json.ts';
import type { FaultKind } from '../../src/local-aws/faults.ts';
import { runOn, type HistoryRun } from '../actions/rollback/release-history.ts';
import { wholeHistory } from '../actions/rollback/whole-history.ts';
import { scheduleWorldForTests } from '../actions/schedule/schedule-world.ts';
import { killingProxy, type Kill } from '../support/killing-proxy.ts';

// For every call of a rollback, the run ends right there, once before AWS has carried the call out and once after it has:
// from then on nothing that it does has any effect. The run after that must end where one ends that nobody disturbed.

const world = scheduleWorldForTests();

async function history(): Promise<void> {
  world().localAws.control.reset();
  await wholeHistory(world());
}

interface Walk {
  what: string;
  action: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
}

const WALKS: readonly Walk[] = [
  {
    what: 'a rollback in a job',
    action: 'rollback-job-definition',
    args: [],
    env: { CIRCLE_WORKFLOW_JOB_ID: 'job-1', AWS_DEPLOY_PIPELINE_NUMBER: '9' },
  },
  { what: 'a rollback to a named revision', action: 'rollback-job-definition', args: ['--to-revision', '3'], env: {} },
  { what: 'pruning', action: 'prune-job-definitions', args: ['--keep', '1'], env: {} },
];

/** Runs it on a way to AWS that may end. */
async function run({ action, args, env }: Walk, kill?: Kill): Promise<{ run: HistoryRun; calls: number }> {
  const way = await killingProxy(world().localAws.endpoint, kill);
  try {
    const ended = await runOn(world(), action, args, { ...env, AWS_ENDPOINT_URL: way.endpoint });
    return { run: ended, calls: way.count() };
  } finally {
    await way.close();
  }
}

/** Where it ends when nobody disturbs it. */
async function undisturbed(walk: Walk): Promise<{ calls: number; state: JsonObject }> {
  await history();
  const { run: ended, calls } = await run(walk);
  if (ended.exitCode !== 0) throw new Error(ended.stderr);
  return { calls, state: world().localAws.control.state() };
}

describe.each(WALKS)('$what', (walk) => {
  it.each([
    ['before AWS has carried it out', false],
    ['after AWS has carried it out', true],
  ])('killed at any call, %s, is completed by the next run', async (_when, applied) => {
    const { calls, state } = await undisturbed(walk);
    expect(calls).toBeGreaterThan(5);
    for (let nth = 1; nth <= calls; nth++) {
      await history();
      const killed = await run(walk, { nth, applied });
      // What comes after the last call needs AWS no more.
      if (!(applied && nth === calls)) expect({ nth, exitCode: killed.run.exitCode }).not.toEqual({ nth, exitCode: 0 });
      const { exitCode, stderr } = await runOn(world(), walk.action, walk.args, walk.env);
      expect({ nth, exitCode, stderr }).toEqual({ nth, exitCode: 0, stderr: expect.any(String) });
      expect({ nth, state: world().localAws.control.state() }).toEqual({ nth, state });
    }
  });
});

const PASSING: readonly FaultKind[] = ['reset-before', 'reset-after-apply', '500', 'throttle'];
const CHANGING = [
  [WALKS[0], 'batch:TagResource'],
  [WALKS[0], 'batch:RegisterJobDefinition'],
  [WALKS[0], 'scheduler:UpdateSchedule'],
  [WALKS[0], 'events:PutTargets'],
  [WALKS[2], 'batch:DeregisterJobDefinition'],
] as const;

describe('what passes by itself', () => {
  it.each(CHANGING.flatMap(([walk, operation]) => PASSING.map((kind) => ({ walk: walk!, operation, kind }))))(
    '$kind at $operation does not stop it',
    async ({ walk, operation, kind }) => {
      const { state } = await undisturbed(walk);
      await history();
      world().localAws.control.addFault({ operation, nth: 1, kind });
      const { exitCode, stderr } = await runOn(world(), walk.action, walk.args, { ...walk.env, AWS_MAX_ATTEMPTS: '3' });
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.any(String) });
      expect(
        world()
          .localAws.control.requests()
          .filter(({ fault }) => fault !== undefined),
      ).toHaveLength(1);
      expect(world().localAws.control.state()).toEqual(state);
    },
  );
});
