import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock, type Clock } from '../../../src/core/clock.ts';
import { DeployError } from '../../../src/core/errors.ts';
import { redactor } from '../../../src/core/redact.ts';
import type { CommandHost } from '../../../src/runner/command-host.ts';
import type { JobPlace } from '../../../src/runner/job-place.ts';
import { makeJobPlace, removeJobPlace } from '../../../src/runner/job/make-job-place.ts';
import { runSteps, type StepsEnd } from '../../../src/runner/job/run-steps.ts';
import type { StepHandlers } from '../../../src/runner/job/step-handlers.ts';
import type { Step } from '../../../src/runner/pipeline/pipeline.ts';
import type { RunEvent } from '../../../src/runner/run-event.ts';
import { hostShell } from '../../../src/runner/shell/host-shell.ts';
import { jobWorld, otherStep, runStep } from './job-world.ts';

let place: JobPlace;
let host: CommandHost;

beforeEach(async () => {
  place = await makeJobPlace();
  host = hostShell({ folder: place.folder, graceMs: 200 });
});

afterEach(async () => {
  await host.close();
  await removeJobPlace(place);
});

interface Setting extends NonNullable<Parameters<typeof jobWorld>[1]> {
  readonly handlers?: Partial<StepHandlers>;
  readonly clock?: Clock;
  readonly secret?: string;
  readonly onOutput?: (text: string) => void;
}

interface Ran extends StepsEnd {
  readonly events: readonly RunEvent[];
  /** What the log of a step holds. */
  readonly log: (step: number) => string;
  readonly statuses: readonly string[];
}

async function run(steps: readonly Step[], setting: Setting = {}): Promise<Ran> {
  const { handlers = {}, clock = systemClock, secret, onOutput, ...world } = setting;
  const events: RunEvent[] = [];
  const end = await runSteps(steps, jobWorld({ place, host }, world), {
    handlers: handlers as StepHandlers,
    listen: (event) => {
      events.push(event);
      if (event.kind === 'output') onOutput?.(event.text);
    },
    redact: redactor(secret === undefined ? {} : { A_TOKEN: secret }),
    clock,
  });
  const log = (step: number): string =>
    events.map((event) => (event.kind === 'output' && event.step === step ? event.text : '')).join('');
  return { ...end, events, log, statuses: end.steps.map(({ status }) => status) };
}

/** A clock on which every wait is over at once, and that writes down how long each would have been. */
function hastyClock(): Clock & { readonly waits: number[] } {
  const waits: number[] = [];
  let now = Date.parse('2026-01-01T00:00:00Z');
  return {
    waits,
    now: () => new Date(now),
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      waits.push(ms);
      now += ms;
    },
  };
}

describe('a run step', () => {
  it('runs in the working directory of the job, which is made', async () => {
    const { log } = await run([runStep('pwd')]);
    expect(log(0)).toBe(`${place.home}/project\n`);
  });

  it.each([
    ['sub/dir', 'project/sub/dir'],
    ['~/other', 'other'],
    ['~', ''],
    ['..', ''],
  ])('with working_directory %s runs there', async (workingDirectory, below) => {
    const { log } = await run([runStep('pwd', { workingDirectory })]);
    expect(log(0)).toBe(`${join(place.home, below)}\n`);
  });

  it("takes the job's shell, and ends at the first command that fails, also in a pipe", async () => {
    const { log, status } = await run([runStep('echo a\nfalse | cat\necho b')]);
    expect({ log: log(0), status }).toEqual({ log: 'a\n\nExited with code exit status 1\n', status: 'failed' });
  });

  it('takes its own shell', async () => {
    const { log } = await run([runStep('false\necho "$0" | grep -c step-1', { shell: 'sh -u' })]);
    expect(log(0)).toBe('1\n');
  });

  it('can be in another language', async () => {
    const { log } = await run([runStep('console.log(6 * 7)', { shell: process.execPath })]);
    expect(log(0)).toBe('42\n');
  });

  it('is never part of a command line', async () => {
    const { log } = await run([runStep(`echo 'it'"'"'s "$HOME" \\ $(echo x)'`)]);
    expect(log(0)).toBe(`it's "$HOME" \\ $(echo x)\n`);
  });

  it('has its own environment above that of the job, and nothing in it is expanded', async () => {
    const environment = new Map([
      ['A', '$HOME'],
      ['B', 'step'],
    ]);
    const { log } = await run([runStep('echo "$A $B $C"', { environment }), runStep('echo "[$A] $B"')], {
      env: { B: 'job', C: 'job' },
    });
    expect(log(0)).toBe('$HOME step job\n');
    expect(log(1)).toBe('[] job\n');
  });

  it('passes variables on by BASH_ENV', async () => {
    const { log } = await run([runStep(`echo 'export A="b c"' >> "$BASH_ENV"`), runStep('echo "$A"')]);
    expect(log(1)).toBe('b c\n');
  });

  it('has no input: who asks gets the end of file', async () => {
    const { status, log } = await run([runStep('read -r answer || echo "no answer"')]);
    expect({ status, log: log(0) }).toEqual({ status: 'success', log: 'no answer\n' });
  });

  it('shows its exit code as CircleCI does', async () => {
    const { steps, log, status, reason } = await run([runStep('exit 3')]);
    expect(log(0)).toBe('\nExited with code exit status 3\n');
    expect(steps[0]).toMatchObject({ status: 'failed', exitCode: 3 });
    expect({ status, reason }).toEqual({ status: 'failed', reason: undefined });
  });

  it('says a signal as a shell does', async () => {
    const { steps } = await run([runStep('kill -KILL $$')]);
    expect(steps[0]).toMatchObject({ status: 'failed', exitCode: 137 });
  });

  it.each([
    [{ shell: '/no/such/shell -e' }, 'there is no program /no/such/shell here (/no/such/shell -e in '],
    [{ shell: 'bash "-e' }, 'the quote " is not closed'],
    [{ workingDirectory: '/proc/no/such' }, 'the working directory can not be made'],
  ])('that can not be started says why: %j', async (fields, why) => {
    const { steps, log, reason } = await run([runStep('true', { name: 'Try', ...fields })]);
    expect(steps[0]).toMatchObject({ status: 'failed', reason: expect.stringContaining(why) });
    expect(log(0)).toContain(why);
    expect(reason).toMatch(/^Try: /);
  });

  it.each([
    [undefined, ['/bin/bash -eo pipefail', '/bin/sh -eo pipefail'], 'success'],
    ['/bin/bash -e', ['/bin/bash -e'], 'failed'],
  ])('with shell %s, where there is no bash, is tried with %j', async (shell, tried, status) => {
    const seen: string[] = [];
    const withoutBash: CommandHost = {
      start: ({ argv: [program, ...args] }) => {
        seen.push([program, ...args.slice(0, -1)].join(' '));
        const missing = { exitCode: 127, failure: 'there is no program /bin/bash here' };
        return { ended: Promise.resolve(program === '/bin/bash' ? missing : { exitCode: 0 }), stop: async () => {} };
      },
      close: async () => {},
    };
    const end = await run([runStep('true', shell === undefined ? {} : { shell })], { host: withoutBash });
    expect({ seen, status: end.status }).toEqual({ seen: tried, status });
  });

  it('has its secrets masked, in its output and its name', async () => {
    const { log, steps } = await run([runStep('printf hunt; printf "er22\\n"', { name: 'say hunter22' })], {
      secret: 'hunter22',
    });
    expect(log(0)).toBe('****\n');
    expect(steps[0]?.name).toBe('say ****');
  });
});

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
    ['setup_remote_docker', 'There is no remote Docker here'],
    ['add_ssh_keys', 'SSH keys are on CircleCI only'],
    ['unknown', 'is not known here'],
  ] as const)('%s is said and skipped', async (kind, text) => {
    const { statuses, status, log } = await run([otherStep(kind), runStep('true')]);
    expect({ statuses, status }).toEqual({ statuses: ['skipped', 'success'], status: 'success' });
    expect(log(0)).toContain(text);
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

describe('no_output_timeout', () => {
  it('ends a silent step in the words of CircleCI', async () => {
    const { steps, log, status } = await run([runStep('sleep 1000')], { clock: hastyClock() });
    const reason = 'Too long with no output (exceeded 10m0s): context deadline exceeded';
    expect(steps[0]).toMatchObject({ status: 'failed', reason });
    expect(log(0)).toBe(`${reason}\n`);
    expect(status).toBe('failed');
  });

  it('counts from the last output', async () => {
    let now = 0;
    const waits: number[] = [];
    const clock: Clock = {
      now: () => new Date(now),
      // The step writes when three seconds have passed, and is silent from then on.
      sleep: async (ms) => {
        waits.push(ms);
        if (waits.length === 1) {
          now = 3000;
          writeFileSync(join(place.home, 'go'), 'go\n');
          await written;
          now = 5000;
        } else now += ms;
      },
    };
    let tell = (): void => {};
    const written = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const { steps } = await run(
      [runStep('until [ -e ~/go ]; do :; done; echo on; sleep 1000', { noOutputTimeoutMs: 5000 })],
      { clock, onOutput: () => tell() },
    );
    expect(waits).toEqual([5000, 3000]);
    expect(steps[0]).toMatchObject({ reason: expect.stringContaining('exceeded 5s') });
  });
});

describe('max_auto_reruns', () => {
  const untilThird = 'echo x >> ~/tries; [ "$(wc -l < ~/tries)" -ge 3 ]';

  it('runs a failed step again until it succeeds', async () => {
    const { steps, status, log } = await run([runStep(untilThird, { maxAutoReruns: 5 })]);
    expect(steps[0]).toMatchObject({ status: 'success', reruns: 2 });
    expect(status).toBe('success');
    expect(log(0)).toContain('The step failed and runs again: rerun 2 of 5.');
  });

  it('gives up after so many', async () => {
    const { steps, status } = await run([runStep(untilThird, { maxAutoReruns: 1 })]);
    expect(steps[0]).toMatchObject({ status: 'failed', exitCode: 1, reruns: 1 });
    expect(status).toBe('failed');
  });

  it('waits in between', async () => {
    const waits: number[] = [];
    const sleep: Clock['sleep'] = async (ms, signal) => {
      if (ms !== 90_000) return never(ms, signal);
      waits.push(ms);
    };
    const clock = { ...hastyClock(), sleep };
    await run([runStep(untilThird, { maxAutoReruns: 5, autoRerunDelayMs: 90_000 })], { clock });
    expect(waits).toEqual([90_000, 90_000]);
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

describe('a broken BASH_ENV', () => {
  it('is named, with who wrote it, when it ends the shell', async () => {
    const { steps, log } = await run([
      runStep('echo "export A=1" >> "$BASH_ENV"', { name: 'Fine' }),
      runStep('echo "exit 4" >> "$BASH_ENV"', { name: 'Break it' }),
      runStep('echo never'),
    ]);
    const reason =
      'BASH_ENV, which bash reads before every step, ends the shell with exit code 4. It was last written by the step "Break it".';
    expect(steps[2]).toMatchObject({ status: 'failed', exitCode: 4, reason });
    expect(log(2)).toContain(reason);
  });

  it('is named when it has an error that bash passes over, and the step fails', async () => {
    const { steps } = await run([
      runStep(`echo "export A='b" >> "$BASH_ENV"`, { name: 'Break it' }),
      runStep('[ "$A" = b ]'),
    ]);
    expect(steps[1]?.reason).toMatch(/BASH_ENV.* has an error: .*unexpected EOF.*"Break it"/);
  });

  it('is not blamed for what a step does itself', async () => {
    const { steps } = await run([runStep('echo "export A=1" >> "$BASH_ENV"'), runStep('exit 4')]);
    expect(steps[1]).toMatchObject({ status: 'failed', exitCode: 4 });
    expect(steps[1]?.reason).toBeUndefined();
  });
});

it('leaves the commands of steps readable to the user alone', async () => {
  mkdirSync(join(place.home, 'project'));
  await run([runStep('stat -c %a "$0"; cp "$0" copy', { name: 'x' })]);
  expect(readFileSync(join(place.home, 'project/copy'), 'utf8')).toContain('stat -c');
  expect(readdirSync(place.temp)).toEqual(['step-1']);
});

function never(_ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(new Error('over')), { once: true });
  });
}

function fail(): never {
  throw new Error('this step is not to run');
}
