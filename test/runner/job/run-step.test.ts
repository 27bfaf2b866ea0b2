import { describe, expect, it } from '@jest/globals';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../../src/core/clock.ts';
import type { CommandHost } from '../../../src/runner/command-host.ts';
import { runStep } from './job-world.ts';
import { hastyClock, never, place, run } from './running-steps.ts';

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
