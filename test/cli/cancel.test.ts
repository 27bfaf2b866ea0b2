import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { ActionContext } from '../../src/actions/context.ts';
import { defineAction, type Outcome } from '../../src/actions/define-action.ts';
import { runAction } from '../../src/cli/run-action.ts';
import { systemClock } from '../../src/core/clock.ts';
import { DeployError } from '../../src/core/errors.ts';
import type { Outputs } from '../../src/params/declaration.ts';
import { tempFolder } from '../support/temp-folder.ts';

const DONE: Outcome<Outputs> = { component: 'fence', status: 'changed', changes: [], outputs: { coats: 2 } };
const TAKEN_DOWN = new DeployError({ code: 'canceled', title: 'canceled; the scaffold is taken down', exitCode: 6 });

/** Runs an action that can cancel itself. */
async function run(
  work: (context: ActionContext, cancel: () => void) => Promise<Outcome<Outputs>>,
): Promise<{ exitCode: number; stderr: string; result: unknown }> {
  const canceling = new AbortController();
  const written = { stdout: '', stderr: '' };
  const cwd = await tempFolder();
  const action = defineAction({
    name: 'paint',
    summary: 'Paint a fence.',
    params: {},
    outputs: { coats: { type: 'integer', description: 'Coats.' } },
    surfaces: ['cli'],
    awsCalls: [],
    run: (_inputs, context) => work(context, () => canceling.abort()),
  });
  const exitCode = await runAction(
    action,
    { output: 'json', debug: false, flags: {} },
    {
      env: { HOME: cwd },
      cwd,
      clock: systemClock,
      stdout: (text) => (written.stdout += text),
      stderr: (text) => (written.stderr += text),
      signal: canceling.signal,
    },
  );
  return { exitCode, stderr: written.stderr, result: JSON.parse(written.stdout) };
}

describe('an action that has something to finish when it is canceled', () => {
  it('does so, and says how it ends, although its work has been given up', async () => {
    const done: string[] = [];
    const { exitCode, stderr } = await run(async ({ whenCanceled, clock, signal }, cancel) => {
      whenCanceled(async () => {
        await setTimeout(20);
        done.push('scaffold');
        return TAKEN_DOWN;
      });
      cancel();
      await clock.sleep(60_000, signal);
      return DONE;
    });
    expect(done).toEqual(['scaffold']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 6, stderr: 'error: canceled; the scaffold is taken down\n' });
  });

  it('does not begin when it is canceled already', async () => {
    const begun: string[] = [];
    const { exitCode } = await run(async ({ whenCanceled }, cancel) => {
      cancel();
      await Promise.resolve();
      whenCanceled(() => Promise.resolve(TAKEN_DOWN));
      begun.push('scaffold');
      return DONE;
    });
    expect({ exitCode, begun }).toEqual({ exitCode: 6, begun: [] });
  });

  it('has nothing to finish any more once it took that back', async () => {
    const { stderr } = await run(async ({ whenCanceled, clock, signal }, cancel) => {
      const takeBack = whenCanceled(() => Promise.resolve(TAKEN_DOWN));
      takeBack();
      cancel();
      await clock.sleep(60_000, signal);
      return DONE;
    });
    expect(stderr).toContain('error: canceled\n');
  });
});

it('what did not reach its aim fails, and its outputs tell how far it came', async () => {
  const failure = new DeployError({ code: 'paint.dripping', title: 'it drips', exitCode: 10 });
  const { exitCode, result } = await run(() => Promise.resolve({ ...DONE, failure }));
  expect(exitCode).toBe(10);
  expect(result).toMatchObject({
    status: 'failed',
    component: 'fence',
    outputs: { coats: 2 },
    error: { code: 'paint.dripping', exitCode: 10 },
  });
});

it('the output of something else is shown and not kept', async () => {
  const { stderr, result } = await run(({ progress }) => {
    progress.output('drip');
    return Promise.resolve(DONE);
  });
  expect(stderr).toBe('    | drip\n');
  expect(result).toMatchObject({ events: [] });
});
