import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { constants } from 'node:os';
import { dirname } from 'node:path';
import { systemClock, type Clock } from '../../core/clock.ts';
import type { CommandEnd, CommandHost, HostCommand, RunningCommand } from '../command-host.ts';
import { endProcesses, send } from './end-processes.ts';
import { MARK } from './marked-processes.ts';
import { OutputPipe } from './output-pipe.ts';

export interface HostShellOptions {
  /** A folder that only this job uses. */
  readonly folder: string;
  readonly clock?: Clock;
  /** How long processes may take to end by themselves after SIGTERM; 2 seconds when not said. */
  readonly graceMs?: number;
  /** With this the mark of every process begins: that of the run. */
  readonly mark?: string;
  /** Told by `close` which processes it could not end: those that `sudo` started, for one. */
  readonly leftBehind?: (processIds: readonly number[]) => void;
}

const GRACE_MS = 2000;
/** As shells have it: a program that is not there, and one that can't be run. */
const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;
const SIGNAL_BASE = 128;

/**
 * Runs the commands of one job on this machine, each in a process group of its own, without input. Every process carries a
 * mark in its environment, by which `close()` finds those that left their group. When a command has ended, what it left in
 * its group gets SIGHUP: on CircleCI, where steps have a terminal, it ends with its step unless it was started with `nohup`
 * or as a daemon.
 */
export function hostShell(options: HostShellOptions): CommandHost {
  const { folder, clock = systemClock, graceMs = GRACE_MS, leftBehind = () => {} } = options;
  const jobMark = `${options.mark ?? ''}${randomUUID()}.`;
  const commands = new Set<HostRun>();
  let count = 0;
  let closed = false;
  return {
    start(command) {
      const run = new HostRun(command, { folder, clock, graceMs, mark: `${jobMark}${++count}.` });
      if (closed) run.ask();
      commands.add(run);
      return run;
    },
    async close() {
      closed = true;
      for (const run of commands) run.ask();
      const left = await endProcesses(jobMark, { clock, graceMs });
      for (const run of commands) run.kill();
      await Promise.all([...commands].map((run) => run.ended));
      if (left.length > 0) leftBehind(left);
      for (const run of commands) run.closePipe();
      commands.clear();
    },
  };
}

interface RunOptions {
  readonly folder: string;
  readonly clock: Clock;
  readonly graceMs: number;
  readonly mark: string;
}

class HostRun implements RunningCommand {
  readonly ended: Promise<CommandEnd>;
  private readonly options: RunOptions;
  private pipe: OutputPipe | undefined;
  private child: ChildProcess | undefined;
  private stopping = false;

  constructor(command: HostCommand, options: RunOptions) {
    this.options = options;
    this.ended = this.run(command).catch((error: Error) => ({
      exitCode: NOT_EXECUTABLE,
      failure: `it can not be started: ${error.message}`,
    }));
  }

  async stop(): Promise<void> {
    this.ask();
    await endProcesses(this.options.mark, this.options);
    this.kill();
    await this.ended;
  }

  /** Asks the command to end, with all that is in its group. One that is about to start does not. */
  ask(): void {
    this.stopping = true;
    this.signalGroup('SIGTERM');
  }

  kill(): void {
    this.signalGroup('SIGKILL');
  }

  closePipe(): void {
    this.pipe?.close();
  }

  /** As long as the command itself has not ended, its number can be no other's. */
  private signalGroup(signal: NodeJS.Signals): void {
    const { pid, exitCode = null, signalCode = null } = this.child ?? {};
    if (pid !== undefined && exitCode === null && signalCode === null) send(-pid, signal);
  }

  private async run(command: HostCommand): Promise<CommandEnd> {
    try {
      await makeFolder(command.cwd);
    } catch (error) {
      return { exitCode: 1, failure: `the working directory can not be made: ${(error as Error).message}` };
    }
    const pipe = await OutputPipe.open(this.options.folder, command.output);
    this.pipe = pipe;
    if (this.stopping) {
      pipe.close();
      return { exitCode: SIGNAL_BASE + constants.signals.SIGTERM };
    }
    const end = await this.spawn(command, pipe);
    pipe.finish();
    return end;
  }

  private spawn({ argv: [program = '', ...args], env, cwd }: HostCommand, pipe: OutputPipe): Promise<CommandEnd> {
    return new Promise((resolve) => {
      const output = pipe.forCommand;
      const child = spawn(program, args, {
        cwd,
        env: { ...env, [MARK]: this.options.mark },
        stdio: ['ignore', output, output],
        detached: true,
      });
      this.child = child;
      pipe.closeOurEnd();
      child.once('error', (error) => resolve(notStarted(program, error)));
      child.once('exit', (code, signal) => {
        if (child.pid !== undefined && !this.stopping) send(-child.pid, 'SIGHUP');
        resolve({ exitCode: code ?? SIGNAL_BASE + (signal === null ? 0 : constants.signals[signal]) });
      });
    });
  }
}

function notStarted(program: string, error: NodeJS.ErrnoException): CommandEnd {
  if (error.code === 'ENOENT') return { exitCode: NOT_FOUND, failure: `there is no program ${program} here` };
  return { exitCode: NOT_EXECUTABLE, failure: `${program} can not be started: ${error.message}` };
}

/** Like `mkdir -p`. (That of Node.js never comes back where a folder can't hold any, as below /proc.) */
async function makeFolder(path: string): Promise<void> {
  const make = (): Promise<void> =>
    mkdir(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  await make().catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await make();
  });
}
