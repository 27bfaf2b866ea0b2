import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type Contender, type Measured, peakMemory, runOnce, wallTimes } from './measure.ts';
import type { Stage } from './stage.ts';
import type { Row } from './table.ts';

const GOALS = {
  registerTime: 0.15,
  registerTaskTime: 0.15,
  registerMemory: 0.75,
  newRevisionTime: 0.06,
  startTime: 1.5,
};

const REGISTER = 'register-job-definition';
const REGISTER_TASK = 'register-task-definition';

/** Help, the version and a usage error beside a program that does nothing: how long people wait for an answer. */
export async function startContest(stage: Stage): Promise<Row[]> {
  const measured = await wallTimes(
    {
      empty: { program: process.execPath, args: () => [stage.empty] },
      '--help': ours(stage, () => ['--help']),
      '--version': ours(stage, () => ['--version']),
      'a usage error': { ...ours(stage, () => [REGISTER, '--imag']), exitCode: 2 },
    },
    40,
    stage,
  );
  const { empty, ...commands } = measured;
  return Object.entries(commands).map(([what, time]) =>
    ratioRow(`${what}, beside an empty program`, time, empty, GOALS.startTime, milliseconds),
  );
}

/** Registering one job definition from a file, beside one call of the official CLI with the same file. */
export async function registerContest(stage: Stage, aws: string): Promise<Row[]> {
  const newName = names('register');
  const register = (): string[] => [REGISTER, '--job-definition', stage.definition, '--job-definition-name', newName()];
  // In the order of a job that goes over to us: what it did, then our first call, which compiles, and our second.
  const contenders = {
    theirs: {
      program: aws,
      args: () => [
        'batch',
        REGISTER,
        '--cli-input-json',
        `file://${stage.definition}`,
        '--job-definition-name',
        newName(),
      ],
    },
    first: { ...ours(stage, register), env: () => ({ HOME: join(stage.cwd, newName()) }) },
    ours: ours(stage, register),
  };
  const times = await wallTimes(contenders, 20, stage);
  const memory = await peakMemory({ ours: contenders.ours, theirs: contenders.theirs }, 5, stage);
  return [
    ratioRow('Register a job definition', times.ours, times.theirs, GOALS.registerTime, milliseconds),
    {
      what: 'the same for the first time on a machine',
      ours: milliseconds(times.first),
      theirs: milliseconds(times.theirs),
    },
    ratioRow('Register a job definition, peak memory', memory.ours, memory.theirs, GOALS.registerMemory, mebibytes),
  ];
}

/** The same for a task definition of ECS. */
export async function registerTaskContest(stage: Stage, aws: string): Promise<Row[]> {
  const newName = names('task');
  const file = stage.taskDefinition;
  const times = await wallTimes(
    {
      theirs: {
        program: aws,
        args: () => ['ecs', REGISTER_TASK, '--cli-input-json', `file://${file}`, '--family', newName()],
      },
      ours: ours(stage, () => [REGISTER_TASK, '--task-definition', file, '--family', newName()]),
    },
    20,
    stage,
  );
  return [ratioRow('Register a task definition', times.ours, times.theirs, GOALS.registerTaskTime, milliseconds)];
}

/** A new revision from the active one, beside a script with three calls of the official CLI and two of jq. */
export async function newRevisionContest(stage: Stage, root: string, aws: string): Promise<Row[]> {
  const rounds = 10;
  const active = await registered(stage, 2 * (rounds + 1));
  const nextName = (): string => active.pop() ?? '';
  const script = join(root, 'scripts', 'bench', 'new-revision.sh');
  const times = await wallTimes(
    {
      ours: ours(stage, () => [REGISTER, '--job-definition-name', nextName(), '--environment', 'BUILD=2']),
      theirs: { program: 'bash', args: () => [script, aws, nextName(), '2'] },
    },
    rounds,
    stage,
  );
  return [
    ratioRow('A new revision from the active one', times.ours, times.theirs, GOALS.newRevisionTime, milliseconds),
  ];
}

export function hasJq(): boolean {
  try {
    execFileSync('jq', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function ours(stage: Stage, args: () => readonly string[]): Contender {
  return { program: process.execPath, args: () => [stage.cli, ...args()] };
}

function names(stem: string): () => string {
  let count = 0;
  return () => `${stem}-${++count}`;
}

/** Registers the definition under as many new names. */
async function registered(stage: Stage, count: number): Promise<string[]> {
  const newName = names('active');
  const made: string[] = [];
  while (made.length < count) {
    const name = newName();
    const args = [REGISTER, '--job-definition', stage.definition, '--job-definition-name', name];
    await runOnce(
      ours(stage, () => args),
      stage,
    );
    made.push(name);
  }
  return made;
}

function ratioRow(
  what: string,
  own: Measured,
  other: Measured,
  goal: number,
  text: (measured: Measured) => string,
): Row {
  const value = own.median / other.median;
  return { what, ours: text(own), theirs: text(other), measured: { value, goal, unit: 'ratio' } };
}

function milliseconds({ median, min }: Measured): string {
  return `${median.toFixed(0)} ms (${min.toFixed(0)})`;
}

function mebibytes({ median, min }: Measured): string {
  return `${(median / 2 ** 20).toFixed(1)} MiB (${(min / 2 ** 20).toFixed(1)})`;
}
