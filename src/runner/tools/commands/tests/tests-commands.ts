import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { resolve } from 'node:path';
import { globFiles, GlobError } from './glob-files.ts';
import { readAll } from '../read-all.ts';
import { splitTests } from './split-tests.ts';
import {
  atMostOperands,
  isSet,
  requireFlags,
  type ToolCall,
  type ToolCommand,
  ToolError,
  type ToolWorld,
} from '../tool-command.ts';

const SPLIT_FLAGS = {
  'split-by': 'text',
  'timings-type': 'text',
  index: 'integer',
  total: 'integer',
  'show-counts': 'boolean',
} as const;

/** `name` and `file` are what `tests run` calls them. */
const TIMINGS_TYPES = ['autodetect', 'classname', 'filename', 'testname', 'name', 'file'];

export const globCommand: ToolCommand = {
  paths: [['tests', 'glob']],
  usage: `circleci tests glob 'pattern' ['pattern' …]`,
  summary: 'Print the files that fit a pattern.',
  flags: {},
  run({ operands }, { cwd, stdout }) {
    if (operands.length === 0) throw new ToolError('requires at least 1 arg(s), only received 0');
    try {
      stdout(lines(globFiles(operands, cwd)));
      return 0;
    } catch (error) {
      if (error instanceof GlobError) throw new ToolError(error.message);
      throw error;
    }
  },
};

export const splitCommand: ToolCommand = {
  paths: [['tests', 'split']],
  usage: 'circleci tests split [flags] [file]',
  summary: "Print this node's share of a list of tests.",
  flags: { ...SPLIT_FLAGS, 'time-default': 'text', 'timings-file': 'text' },
  async run(call, world) {
    atMostOperands(call, 1);
    world.stdout(lines(await shareOf(call, world)));
    return 0;
  },
};

/** Its command is the user's own script, so that a shell runs it: on CircleCI it has redirections and pipes too. */
export const runTestsCommand: ToolCommand = {
  paths: [['tests', 'run']],
  usage: "circleci tests run --command='xargs …' [flags] < list",
  summary: "Hand this node's share of a list of tests to a command.",
  flags: { ...SPLIT_FLAGS, command: 'text' },
  async run(call, world) {
    atMostOperands(call, 0);
    requireFlags(call, 'command');
    const tests = await shareOf(call, world);
    if (tests.length === 0) {
      world.stderr('There are no tests for this node: the command is not run.\n');
      return 0;
    }
    return await runShell(call.flags.get('command')!, lines(tests), world);
  },
};

async function shareOf(call: ToolCall, world: ToolWorld): Promise<readonly string[]> {
  const total = nodeNumber(call, world, 'total', 'CIRCLE_NODE_TOTAL', 1);
  const index = nodeNumber(call, world, 'index', 'CIRCLE_NODE_INDEX', 0);
  if (total < 1) throw new ToolError('the total of nodes must be 1 or more');
  if (index >= total) throw new ToolError(`node index ${index} is not below the total of ${total} nodes`);
  const weight = weightOf(call, world);
  const text = call.operands[0] === undefined ? await readAll(world.stdin) : readList(call.operands[0], world);
  const tests = text
    .split('\n')
    .map((test) => test.trim())
    .filter((test) => test !== '');
  const shares = splitTests(tests, total, weight);
  if (isSet(call, 'show-counts')) {
    world.stderr(`Read ${tests.length} tests, ${shares[index]!.length} of them for node ${index}.\n`);
  }
  return shares[index]!;
}

function weightOf({ flags }: ToolCall, { cwd, stderr }: ToolWorld): (test: string) => number {
  const by = flags.get('split-by') ?? 'name';
  const timingsType = flags.get('timings-type');
  if (timingsType !== undefined && !TIMINGS_TYPES.includes(timingsType)) {
    throw new ToolError(`unknown timings type "${timingsType}": it must be one of ${TIMINGS_TYPES.join(', ')}`);
  }
  if (by === 'filesize') return (test) => fileSize(test, cwd, stderr);
  if (by === 'timings') {
    // There is no history on a laptop; these are the words of CircleCI for a first run.
    stderr(
      'Error reading historical timing data: file does not exist\n' +
        'Requested weighting by historical based timing, but they are not present. Falling back to weighting by name.\n',
    );
  } else if (by !== 'name') {
    throw new ToolError(`unknown split type "${by}": it must be one of name, filesize, timings`);
  }
  return () => 1;
}

function fileSize(test: string, cwd: string, stderr: ToolWorld['stderr']): number {
  const size = statSync(resolve(cwd, test), { throwIfNoEntry: false })?.size;
  if (size === undefined) stderr(`Warning: ${test} is no file; it counts as an empty one.\n`);
  return size ?? 0;
}

function readList(file: string, { cwd }: ToolWorld): string {
  try {
    return readFileSync(resolve(cwd, file), 'utf8');
  } catch (error) {
    throw new ToolError(`cannot read ${file}: ${(error as Error).message}`);
  }
}

function nodeNumber(
  { flags }: ToolCall,
  { env }: ToolWorld,
  flag: 'total' | 'index',
  variable: string,
  otherwise: number,
): number {
  const given = flags.get(flag) ?? env[variable];
  if (given === undefined || given === '') return otherwise;
  if (!/^\d+$/.test(given)) throw new ToolError(`${variable} is "${given}", which is no number`);
  return Number(given);
}

function runShell(script: string, input: string, { env, cwd, stdout, stderr }: ToolWorld): Promise<number> {
  // Without --norc, bash takes the pipe that Node.js gives it for a network connection, and reads ~/.bashrc.
  const [shell, ...flags] = existsSync('/bin/bash') ? ['/bin/bash', '--norc'] : ['/bin/sh'];
  return new Promise((ended, failed) => {
    const child = spawn(shell, [...flags, '-c', script], { cwd, env, stdio: 'pipe' });
    child.stdout.on('data', stdout);
    child.stderr.on('data', stderr);
    // A command that reads nothing closes its input.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.on('error', failed);
    child.on('close', (code, signal) => ended(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}
