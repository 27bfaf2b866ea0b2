import { describe, expect, it } from '@jest/globals';
import type { Clock } from '../../../src/core/clock.ts';
import { DeployError } from '../../../src/core/errors.ts';
import { otherStep, runStep } from './job-world.ts';
import { hastyClock, never, place, run } from './running-steps.ts';

describe('steps after one another', () => {
  it('tells what happens, in order, with times', async () => {
    const { events } = await run([runStep('echo hi', { name: 'Greet' })], { clock: { ...hastyClock(), sleep: never } });
    const at = Date.parse('2026-01-01T00:00:00Z');
    const id = { workflow: 'main', job: 'build', node: 0 };
    const time = '2026-01-01T00:00:00.000Z';
    const end = {
      name: 'Greet',
      kind: 'run',
      status: 'success',
      exitCode: 0,
      reruns: 0,
      startedAt: time,
      finishedAt: time,
    };
    expect(events).toEqual([
      { kind: 'step-started', id, step: 0, name: 'Greet', at },
      { kind: 'output', id, step: 0, text: 'hi\n', at },
      { kind: 'step-ended', id, step: 0, end, at },
    ]);
  });

  it('after a failure runs what is for that, and what always runs', async () => {
    const stored: string[] = [];
    const { statuses, status } = await run(
      [
        runStep('true', { when: 'on_fail' }),
        runStep('exit 1'),
        runStep('true'),
        runStep('true', { when: 'on_fail' }),
        runStep('true', { when: 'always' }),
        otherStep('persist_to_workspace'),
        otherStep('store_artifacts'),
        otherStep('store_test_results'),
        otherStep('save_cache', { when: 'always' }),
      ],
      {
        handlers: {
          persist_to_workspace: async () => fail(),
          store_artifacts: async () => ({ artifacts: [stored.push('artifacts').toString()] }),
          store_test_results: async () => ({ artifacts: [stored.push('results').toString()] }),
          save_cache: async () => ({ artifacts: [stored.push('cache').toString()] }),
        },
      },
    );
    expect(statuses).toEqual([
      ...['skipped', 'failed', 'skipped', 'success', 'success'],
      ...['skipped', 'success', 'success', 'success'],
    ]);
    expect(stored).toEqual(['artifacts', 'results', 'cache']);
    expect(status).toBe('failed');
  });

  it('gives the first failure as the reason', async () => {
    const { reason } = await run([
      runStep('true', { name: 'one', shell: 'no-such' }),
      runStep('true', { name: 'two', shell: 'neither', when: 'always' }),
    ]);
    expect(reason).toMatch(/^one: .*no-such/);
  });

  it('ends as a success when a step halts the job, without what follows', async () => {
    const { statuses, status } = await run([
      runStep(`touch ${place.control}/halt`),
      runStep('exit 1'),
      runStep('true', { when: 'always' }),
      otherStep('store_artifacts'),
    ]);
    expect({ statuses, status }).toEqual({ statuses: ['halted', 'skipped', 'skipped', 'skipped'], status: 'success' });
  });

  it('stays failed when a job that fails is halted', async () => {
    const { statuses, status } = await run([
      runStep('exit 1'),
      runStep(`touch ${place.control}/halt`, { when: 'on_fail' }),
      runStep('true', { when: 'always' }),
    ]);
    expect({ statuses, status }).toEqual({ statuses: ['failed', 'halted', 'skipped'], status: 'failed' });
  });

  it.each([
    ['setup_remote_docker', 'reaches the engine of this machine'],
    ['add_ssh_keys', 'SSH keys are on CircleCI only'],
  ] as const)('%s is said and skipped', async (kind, text) => {
    const { statuses, status, log } = await run([otherStep(kind), runStep('true')]);
    expect({ statuses, status }).toEqual({ statuses: ['skipped', 'success'], status: 'success' });
    expect(log(0)).toContain(text);
  });

  it('one that nobody knows fails the job', async () => {
    const { statuses, status, log } = await run([otherStep('unknown'), runStep('true')]);
    expect({ statuses, status }).toEqual({ statuses: ['failed', 'skipped'], status: 'failed' });
    expect(log(0)).toContain('There is no step');
  });
});

describe('a step that is no command', () => {
  it('says what it does in its own log, redacted, and brings its artifacts', async () => {
    const { log, artifacts } = await run([runStep('true'), otherStep('store_artifacts')], {
      secret: 'hunter22',
      handlers: {
        store_artifacts: async (step, { say }) => {
          say(`storing ${step.path} of hunter22`);
          return { artifacts: ['artifacts/out'] };
        },
      },
    });
    expect(log(1)).toBe('storing out of ****\n');
    expect(artifacts).toEqual(['artifacts/out']);
  });

  it('fails with what its error says', async () => {
    const error = new DeployError({
      code: 'x',
      title: 'two jobs wrote out',
      message: 'a.txt',
      hints: ['Use two names.'],
    });
    const { log, steps, reason } = await run([otherStep('attach_workspace')], {
      handlers: { attach_workspace: () => Promise.reject(error) },
    });
    expect(log(0)).toBe('Error: two jobs wrote out\na.txt\nUse two names.\n');
    expect(steps[0]).toMatchObject({ status: 'failed', reason: 'two jobs wrote out' });
    expect(reason).toBe('attach_workspace: two jobs wrote out');
  });
});

describe('a step in the background', () => {
  it('runs beside the others, in its own log, and ends with the job', async () => {
    const { steps, status, log } = await run([
      runStep('echo up; touch ~/up; sleep 1000', { background: true }),
      runStep('until [ -e ~/up ]; do :; done; echo done'),
    ]);
    expect(log(0)).toBe('up\n');
    expect(log(1)).toBe('done\n');
    expect(steps).toMatchObject([{ status: 'canceled', reason: 'it ended with the job' }, { status: 'success' }]);
    expect(status).toBe('success');
  });

  it('does not fail the job when it fails', async () => {
    const { steps, status } = await run([
      runStep('touch ~/up; exit 4', { background: true, maxAutoReruns: 3 }),
      runStep('until [ -e ~/up ]; do :; done'),
      runStep('true', { when: 'on_fail' }),
    ]);
    expect(status).toBe('success');
    expect(steps[2]).toMatchObject({ status: 'skipped' });
    expect(steps[0]).toMatchObject({ reruns: 0 });
  });

  it('may be silent for long', async () => {
    let asked = 0;
    const clock: Clock = { now: () => new Date(0), sleep: async () => void asked++ };
    await run([runStep('exec sleep 1000', { background: true })], { clock });
    expect(asked).toBe(0);
  });
});

describe('cancel', () => {
  it('ends the step that runs and those in the background; nothing else runs', async () => {
    const cancel = new AbortController();
    const { statuses, status } = await run(
      [
        runStep('exec sleep 1000', { background: true }),
        runStep('echo ready; sleep 1000'),
        runStep('true', { when: 'always' }),
        runStep('true', { when: 'on_fail' }),
        otherStep('store_artifacts'),
      ],
      { signal: cancel.signal, onOutput: () => cancel.abort() },
    );
    expect(statuses).toEqual(['canceled', 'canceled', 'skipped', 'skipped', 'skipped']);
    expect(status).toBe('canceled');
  });

  it('ends the wait for a rerun', async () => {
    const cancel = new AbortController();
    const { steps, status } = await run([runStep('exit 1', { maxAutoReruns: 1, autoRerunDelayMs: 600_000 })], {
      signal: cancel.signal,
      onOutput: (text) => {
        if (text.includes('runs again in 10m')) cancel.abort();
      },
    });
    expect(steps[0]).toMatchObject({ status: 'canceled' });
    expect(status).toBe('canceled');
  });

  it('counts for a step that is no command, too', async () => {
    const cancel = new AbortController();
    const { statuses } = await run([otherStep('save_cache')], {
      signal: cancel.signal,
      handlers: {
        save_cache: () => {
          cancel.abort();
          return Promise.reject(new Error('stopped'));
        },
      },
    });
    expect(statuses).toEqual(['canceled']);
  });
});

function fail(): never {
  throw new Error('this step is not to run');
}
