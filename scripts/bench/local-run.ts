import { execFileSync, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { wallTimes, type Bench } from './measure.ts';
import type { Row } from './table.ts';

const GOALS = { perStep: 100, firstStep: 1000 };

const STEPS = 50;
const ROUNDS = 5;

const SAMPLE = 'examples/nightly-batch';

/** What running jobs on this machine costs beside what they do. `dist` has to be built. */
export async function localRunRows(root: string): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'aws-deploy-bench-local-'));
  try {
    const env = { PATH: process.env['PATH'] ?? '', HOME: folder };
    const program = join(root, 'dist/aws-deploy.js');
    return [
      await stepsRow(program, { env, cwd: join(folder, 'steps') }),
      await firstStepRow(program, join(root, SAMPLE), { env, cwd: join(folder, 'sample') }),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A job of steps that do nothing beside as many processes of its shell, each from its start to its end. */
async function stepsRow(program: string, bench: Bench): Promise<Row> {
  const config = `version: 2.1\njobs:\n  build:\n    machine: true\n    steps:\n${'      - run: "true"\n'.repeat(STEPS)}`;
  const loop = `for i in $(seq ${STEPS}); do /bin/bash -eo pipefail true.sh; done\n`;
  await writeAll(bench.cwd, { '.circleci/config.yml': config, 'true.sh': 'true\n', 'loop.sh': loop });
  commit(bench.cwd);
  const { ours, theirs } = await wallTimes(
    {
      ours: { program: process.execPath, args: () => [program, 'local', 'run'] },
      theirs: { program: '/bin/bash', args: () => ['loop.sh'] },
    },
    ROUNDS,
    bench,
  );
  const perStep = (ours.median - theirs.median) / STEPS;
  return {
    what: `Run a job of ${STEPS} steps locally, beside as many shells: added by each step`,
    ours: `${ours.median.toFixed(0)} ms (${ours.min.toFixed(0)})`,
    theirs: `${theirs.median.toFixed(0)} ms (${theirs.min.toFixed(0)})`,
    measured: { value: perStep, goal: GOALS.perStep, unit: 'milliseconds' },
  };
}

/** How long it takes until the first step of the sample starts, the local AWS included. */
async function firstStepRow(program: string, sample: string, bench: Bench): Promise<Row> {
  await cp(sample, bench.cwd, { recursive: true, filter: (source) => !/\.circleci.local$/.test(source) });
  commit(bench.cwd);
  const times: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const time = await untilFirstStep([program, 'local', 'run', '--local-aws'], bench);
    // The first one compiles the program.
    if (round > 0) times.push(time);
  }
  const sorted = times.toSorted((a, b) => a - b);
  const median = sorted[ROUNDS >> 1] ?? 0;
  return {
    what: 'Run the sample locally with a local AWS: until its first step',
    ours: `${median.toFixed(0)} ms (${(sorted[0] ?? 0).toFixed(0)})`,
    theirs: '',
    measured: { value: median, goal: GOALS.firstStep, unit: 'milliseconds' },
  };
}

async function untilFirstStep(argv: readonly string[], { env, cwd }: Bench): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, argv, { env, cwd, stdio: ['ignore', 'pipe', 'ignore'] });
  let said = '';
  let time: number | undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (time !== undefined || !said.includes('==> ')) return;
    time = performance.now() - startedAt;
    child.kill('SIGINT');
  });
  await new Promise((resolve) => child.on('close', resolve));
  if (time === undefined) throw new Error(`no step has started:\n${said}`);
  return time;
}

async function writeAll(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

function commit(folder: string): void {
  const git = ['-C', folder, '-c', 'user.name=bench', '-c', 'user.email=bench@example.com'];
  execFileSync('git', [...git, 'init', '-q', '-b', 'main']);
  execFileSync('git', [...git, 'add', '.']);
  execFileSync('git', [...git, 'commit', '-q', '-m', 'bench']);
}
