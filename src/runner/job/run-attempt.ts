import { join } from 'node:path';
import { DeployError } from '../../core/errors.ts';
import type { Clock } from '../../core/clock.ts';
import type { CommandEnd, HostCommand } from '../command-host.ts';
import type { JobWorld } from '../job-world.ts';
import type { RunStep } from '../pipeline/pipeline.ts';
import { shellWords } from '../shell/shell-words.ts';
import type { BashEnvWatch } from './bash-env-watch.ts';
import { writeCommandFile } from './command-file.ts';
import { jobFolder, jobPath } from './job-path.ts';
import type { RedactedOutput } from './redacted-output.ts';
import { silenceText, untilSilent } from './silence.ts';

/** What a run step needs beside itself. */
export interface StepContext {
  readonly world: JobWorld;
  readonly clock: Clock;
  readonly output: RedactedOutput;
  readonly bashEnv: BashEnvWatch;
  /** Place of the step in its job, from 0. */
  readonly index: number;
  /** Ends the step: the job's own signal, for a step in the background also the end of the job. */
  readonly signal: AbortSignal;
}

export interface AttemptEnd {
  readonly status: 'success' | 'failed' | 'canceled';
  readonly exitCode?: number;
  /** How it failed, where that is not the exit code alone. */
  readonly reason?: string;
}

type Command = Pick<HostCommand, 'argv' | 'env' | 'cwd'>;

/** As shells have it: there is no such program. */
const NOT_FOUND = 127;

/** Runs the command of a step once. Never rejects. */
export async function runAttempt(step: RunStep, context: StepContext): Promise<AttemptEnd> {
  const { world, output, signal } = context;
  try {
    if (signal.aborted) return { status: 'canceled' };
    let command = await prepare(step, context);
    let end = await runCommand(command, step, context);
    const fallback = withoutBash(command, end);
    if (fallback) end = await runCommand((command = fallback), step, context);
    output.end();
    if (end === 'canceled') return { status: 'canceled' };
    if (end === 'silent') return failed(output, silenceText(step.noOutputTimeoutMs));
    if (end.failure !== undefined) return failed(output, startFailure(end.failure, command), end.exitCode);
    if (end.exitCode === 0) return { status: 'success', exitCode: 0 };
    output.say(`\nExited with code exit status ${end.exitCode}`);
    const reason = await context.bashEnv.blame(world.host, command, context.clock);
    return reason === undefined ? { status: 'failed', exitCode: end.exitCode } : failed(output, reason, end.exitCode);
  } catch (error) {
    const text = error instanceof DeployError ? [error.title, ...error.hints].join('\n') : (error as Error).message;
    return failed(output, text);
  }
}

/** The command goes into a file, so that it is never part of a command line. */
async function prepare(step: RunStep, { world, index }: StepContext): Promise<Command> {
  const { place, job, env } = world;
  const file = join(place.temp, `step-${index + 1}`);
  await writeCommandFile(file, step.command.endsWith('\n') ? step.command : `${step.command}\n`, world.host);
  const folder = jobFolder(job.job?.workingDirectory ?? '~/project', place.home);
  return {
    argv: [...shellWords(step.shell ?? job.job?.shell ?? ''), file],
    env: { ...env, ...Object.fromEntries(step.environment) },
    cwd: jobPath(step.workingDirectory ?? '.', { folder, home: place.home }),
  };
}

async function runCommand(
  command: Command,
  step: RunStep,
  { world, clock, output, signal }: StepContext,
): Promise<CommandEnd | 'silent' | 'canceled'> {
  let heardAt = clock.now().getTime();
  const running = world.host.start({
    ...command,
    output: (chunk) => {
      heardAt = clock.now().getTime();
      output.push(chunk);
    },
  });
  const over = new AbortController();
  const limit = { limitMs: step.noOutputTimeoutMs, clock, signal: over.signal };
  const first = await Promise.race([
    running.ended,
    aborted(signal, over.signal).then(() => 'canceled' as const),
    // A step in the background has nothing to say for long: a database that waits.
    ...(step.background
      ? []
      : [
          untilSilent(() => heardAt, limit).then(
            () => 'silent' as const,
            () => running.ended,
          ),
        ]),
  ]);
  over.abort();
  if (first === 'silent' || first === 'canceled') await running.stop();
  return first;
}

/** Where there is no bash, CircleCI's default shell is `/bin/sh -eo pipefail` (docs: Default shell options). */
function withoutBash(command: Command, end: CommandEnd | 'silent' | 'canceled'): Command | undefined {
  if (typeof end === 'string' || end.failure === undefined || end.exitCode !== NOT_FOUND) return undefined;
  const [program, ...rest] = command.argv;
  return program === '/bin/bash' && rest[0] === '-eo' && rest[1] === 'pipefail' && rest.length === 3
    ? { ...command, argv: ['/bin/sh', ...rest] }
    : undefined;
}

function aborted(signal: AbortSignal, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true, signal: over });
  });
}

function startFailure(failure: string, { argv, cwd }: Pick<HostCommand, 'argv' | 'cwd'>): string {
  return `The step can not be started: ${failure} (${argv.slice(0, -1).join(' ')} in ${cwd})`;
}

function failed(output: RedactedOutput, reason: string, exitCode?: number): AttemptEnd {
  output.say(reason);
  return { status: 'failed', ...(exitCode === undefined ? {} : { exitCode }), reason };
}
