import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandEnd, CommandHost } from '../../../src/runner/command-host.ts';
import { hostShell } from '../../../src/runner/shell/host-shell.ts';
import { MARK, markedProcesses } from '../../../src/runner/shell/marked-processes.ts';
import { startCommand, type StartedCommand } from '../support/started-command.ts';

let folder: string;
let host: CommandHost;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'host-shell-')));
  host = hostShell({ folder, graceMs: 200 });
});

afterEach(async () => {
  await host.close();
  rmSync(folder, { recursive: true });
});

function start(argv: readonly string[], env: Readonly<Record<string, string>> = {}, cwd = folder): StartedCommand {
  return startCommand(host, { argv, cwd, env: { PATH: process.env['PATH'] ?? '', ...env } });
}

const bash = (script: string, env?: Readonly<Record<string, string>>): StartedCommand =>
  start(['bash', '-c', script], env);

async function run(script: string, env?: Readonly<Record<string, string>>): Promise<CommandEnd & { text: string }> {
  const { running, text } = bash(script, env);
  return { ...(await running.ended), text: text() };
}

describe('a command on the host', () => {
  it.each([
    ['exit 0', 0],
    ['exit 3', 3],
    ['kill -9 $$', 137],
    ['kill -15 $$', 143],
  ])('%s ends with %i', async (script, exitCode) => {
    expect(await run(script)).toMatchObject({ exitCode });
  });

  it('writes both outputs in the order in which they were written', async () => {
    const { text } = await run('for i in 1 2 3 4 5 6 7 8 9; do echo o$i; echo e$i >&2; done');
    expect(text).toBe('123456789'.replace(/./g, (i) => `o${i}\ne${i}\n`));
  });

  it('can open /dev/stderr and /dev/stdout', async () => {
    expect(await run('echo a > /dev/stderr; echo b | tee /dev/stdout')).toMatchObject({
      exitCode: 0,
      text: 'a\nb\nb\n',
    });
  });

  it('gives all that was written, also when it ends at once', async () => {
    const { text } = await run('head -c 3000000 /dev/zero | tr "\\0" x');
    expect(text).toHaveLength(3_000_000);
  });

  it('has no input', async () => {
    expect(await run('cat; echo end')).toMatchObject({ text: 'end\n' });
  });

  it('has the environment that it was given, and its mark, and nothing else', async () => {
    const { text } = await run('exec env', { ONLY: 'this' });
    const names = new Set(
      text
        .trim()
        .split('\n')
        .map((line) => line.split('=')[0] ?? ''),
    );
    for (const ofBash of ['PWD', 'SHLVL', '_', 'OLDPWD']) names.delete(ofBash);
    expect(names).toEqual(new Set([MARK, 'ONLY', 'PATH']));
  });

  it('gets its arguments as they are', async () => {
    const { running, text } = start(['printf', '%s|', '$HOME', 'a b', '; rm x', '']);
    await running.ended;
    expect(text()).toBe('$HOME|a b|; rm x||');
  });

  it('gets a working directory that was missing', async () => {
    const cwd = join(folder, 'a/b c');
    const { running, text } = start(['pwd'], {}, cwd);
    await running.ended;
    expect(text()).toBe(`${cwd}\n`);
  });

  it('says when the working directory can not be made', async () => {
    writeFileSync(join(folder, 'file'), '');
    const { running } = start(['pwd'], {}, join(folder, 'file/below'));
    expect(await running.ended).toMatchObject({
      exitCode: 1,
      failure: expect.stringContaining('the working directory can not be made'),
    });
  });

  it.each([
    ['no-such-program', 127, 'there is no program no-such-program here'],
    ['/etc/passwd', 126, '/etc/passwd can not be started'],
    ['a\0b', 126, 'it can not be started'],
  ])('%j is not started, and says so', async (program, exitCode, failure) => {
    const { running } = start([program]);
    expect(await running.ended).toEqual({ exitCode, failure: expect.stringContaining(failure) });
  });

  it('leaves nothing in its folder', async () => {
    await run('true');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('what a command leaves behind', () => {
  it('does not hold up its end, and can still write where nobody reads', async () => {
    const [go, alive] = [fifo('go'), fifo('alive')];
    const daemon = `touch ready; read x < ${go}; echo tick && echo lives > ${alive}`;
    expect(await run(`nohup bash -c "${daemon}" & until [ -e ready ]; do :; done`)).toMatchObject({ exitCode: 0 });
    expect(await run(`echo > ${go}; cat ${alive}`)).toMatchObject({ text: 'lives\n' });
  });

  it('ends with it when it has neither nohup nor a session of its own, as with a terminal', async () => {
    fifo('gone');
    await run(
      '(trap "echo hup > gone; exit" HUP; echo ready > ready; while :; do sleep 0.01; done) & until [ -s ready ]; do :; done',
    );
    const { running, text } = bash('cat gone');
    await running.ended;
    expect(text()).toBe('hup\n');
  });
});

describe('stop', () => {
  it('asks first', async () => {
    const { running, text, wrote } = bash('trap "echo asked; exit 5" TERM; echo ready; while :; do sleep 0.01; done');
    await wrote('ready');
    await running.stop();
    expect(text()).toContain('asked');
    expect(await running.ended).toEqual({ exitCode: 5 });
  });

  it('kills what does not listen', async () => {
    const { running, wrote } = bash('trap "" TERM; echo ready; while :; do sleep 0.01; done');
    await wrote('ready');
    await running.stop();
    expect(await running.ended).toEqual({ exitCode: 137 });
  });

  it('kills what neither listens nor has its mark', async () => {
    const { running, wrote } = bash(`exec env -i "$BASH" -c 'trap "" TERM; echo ready; while :; do read -t 1; done'`);
    await wrote('ready');
    await running.stop();
    expect(await running.ended).toEqual({ exitCode: 137 });
  });

  it('ends a command that has not really started', async () => {
    const { running } = bash('exec sleep 1000');
    await running.stop();
    expect(await running.ended).toEqual({ exitCode: 143 });
  });

  it('leaves other commands alone', async () => {
    const one = bash('echo one; exec sleep 1000');
    const other = bash(`echo other; read line < ${fifo('go')}; echo "still here"`);
    await Promise.all([one.wrote('one'), other.wrote('other')]);
    await one.running.stop();
    writeFileSync(join(folder, 'go'), 'go\n');
    expect(await other.running.ended).toEqual({ exitCode: 0 });
    expect(other.text()).toBe('other\nstill here\n');
  });
});

describe('close', () => {
  it.each([
    ['a process in the background', 'sleep 1000 & echo $! > pid'],
    ['nohup', 'nohup sleep 1000 > /dev/null 2>&1 & echo $! > pid'],
    ['a session of its own', 'setsid bash -c "echo \\$\\$ > pid; exec sleep 1000" & until [ -s pid ]; do :; done'],
    [
      'a daemon, forked twice',
      '(setsid bash -c "(echo \\$BASHPID > pid; exec sleep 1000) &" &) ; until [ -s pid ]; do :; done',
    ],
    [
      'one that ignores SIGTERM',
      'setsid bash -c "trap \\"\\" TERM HUP; echo \\$\\$ > pid; while :; do sleep 1; done" & until [ -s pid ]; do :; done',
    ],
    [
      'one that forgets its environment, below one that does not',
      'setsid bash -c "env -i sleep 1000 & echo \\$! > pid; wait" & until [ -s pid ]; do :; done',
    ],
    [
      'one that starts another when it is ended',
      'setsid bash -c "trap \\"setsid sleep 1000 & exit\\" TERM; echo \\$\\$ > pid; while :; do sleep 0.01; done" & until [ -s pid ]; do :; done',
    ],
  ])('ends %s', async (_what, script) => {
    const { text } = await run(`echo $${MARK}; ${script}`);
    const mark = text.split('\n')[0] ?? '';
    expect(readFileSync(join(folder, 'pid'), 'utf8')).not.toBe('');
    await host.close();
    expect(await markedProcesses(mark)).toEqual([]);
    for (const pid of readFileSync(join(folder, 'pid'), 'utf8').trim().split('\n')) {
      expect(isAlive(pid)).toBe(false);
    }
  });

  it('ends commands that run, and starts no more', async () => {
    const { running, wrote } = bash('echo ready; exec sleep 1000');
    await wrote('ready');
    await host.close();
    expect(await running.ended).toEqual({ exitCode: 143 });
    expect(await bash('echo no').running.ended).toEqual({ exitCode: 143 });
  });

  it('leaves the processes of other jobs alone', async () => {
    const other = hostShell({ folder, graceMs: 200 });
    let text = '';
    const running = other.start({
      argv: ['bash', '-c', `read line < ${fifo('go')}; echo fine`],
      env: { PATH: process.env['PATH'] ?? '' },
      cwd: folder,
      output: (chunk) => {
        text += chunk.toString();
      },
    });
    await run('true');
    await host.close();
    writeFileSync(join(folder, 'go'), 'go\n');
    await running.ended;
    await other.close();
    expect(text).toBe('fine\n');
  });
});

/** An orphan that has ended stays in the process list until somebody asks for its exit code. */
function isAlive(pid: string): boolean {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) && !/\) [ZX] /.test(readFileSync(file, 'utf8'));
}

function fifo(name: string): string {
  execFileSync('mkfifo', [join(folder, name)]);
  return name;
}
