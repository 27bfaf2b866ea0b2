import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Probe } from './compile-probe.ts';
import { largeConfig } from './large-config.ts';
import type { Row } from './table.ts';

const GOALS = { example: 50, large: 1000, memory: 300, growth: 1.3 };

const EXAMPLE = 'examples/nightly-batch/.circleci/multi-job.yml';

/** Jobs of the large config, and of a sixteenth and a quarter of it. */
const JOBS = [500 / 16, 500 / 4, 500].map(Math.round) as [number, number, number];

const ROUNDS = 7;

/** Medians; and the shortest time, which is what a machine with nothing else to do takes. */
interface Measured extends Probe {
  readonly least: number;
}

/** How long compiling takes, in processes of their own, and how time and memory grow with the result. */
export async function compileRows(root: string): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'aws-deploy-bench-compile-'));
  try {
    const start = await bundled('compile-start', root, folder);
    const program = await bundled('compile-probe', root, folder);
    const env = { PATH: process.env['PATH'], HOME: folder };
    const probe = (config: string): Measured =>
      medianProbe(() => {
        const args = [start, program, config, join(root, 'orb/orb.yml')];
        return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', env })) as Probe;
      });
    const example = probe(join(root, EXAMPLE));
    const files = await Promise.all(JOBS.map((jobs) => largeFile(folder, jobs)));
    const [small, middle, large] = files.map(probe) as [Measured, Measured, Measured];
    const { size } = await stat(files[2]!);
    const what = `Compile ${(size / 1e6).toFixed(1)} MB with ${JOBS[2]} jobs of an orb`;
    return [
      timeRow('Compile our largest example', example, GOALS.example),
      timeRow(what, large, GOALS.large),
      memoryRow(`${what}, peak memory`, large),
      growthRow('the same beside a quarter of it, time', large, middle, (one) => one.milliseconds),
      growthRow('the same beside a sixteenth of it, time', large, small, (one) => one.milliseconds),
      growthRow('the same beside a quarter of it, peak memory', large, middle, (one) => one.peakMemory),
      growthRow('the same beside a sixteenth of it, peak memory', large, small, (one) => one.peakMemory),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function largeFile(folder: string, jobs: number): Promise<string> {
  const file = join(folder, `config-${jobs}.yml`);
  await writeFile(file, largeConfig(jobs));
  return file;
}

async function bundled(name: string, root: string, folder: string): Promise<string> {
  const outfile = join(folder, `${name}.cjs`);
  const entryPoints = [join(root, 'scripts/bench', `${name}.ts`)];
  await build({ entryPoints, outfile, bundle: true, minify: true, platform: 'node', target: 'node20.19' });
  return outfile;
}

/** The first one, which compiles the program, does not count. */
function medianProbe(run: () => Probe): Measured {
  run();
  const probes = Array.from({ length: ROUNDS }, run);
  const median = (of: (probe: Probe) => number): number => probes.map(of).toSorted((a, b) => a - b)[ROUNDS >> 1]!;
  return {
    milliseconds: median((one) => one.milliseconds),
    least: Math.min(...probes.map((one) => one.milliseconds)),
    characters: median((one) => one.characters),
    peakMemory: median((one) => one.peakMemory),
  };
}

function timeRow(what: string, { milliseconds, least }: Measured, goal: number): Row {
  return {
    what,
    ours: `${milliseconds.toFixed(0)} ms (${least.toFixed(0)})`,
    theirs: '',
    measured: { value: milliseconds, goal, unit: 'milliseconds' },
  };
}

function memoryRow(what: string, { peakMemory }: Probe): Row {
  return {
    what,
    ours: `${(peakMemory / 1e6).toFixed(0)} MB`,
    theirs: '',
    measured: { value: peakMemory / 1e6, goal: GOALS.memory, unit: 'megabytes' },
  };
}

/** How much more the large one takes for each character of the result: 1 is in proportion. */
function growthRow(what: string, large: Probe, small: Probe, of: (probe: Probe) => number): Row {
  const value = of(large) / large.characters / (of(small) / small.characters);
  const times = (large.characters / small.characters).toFixed(1);
  return { what, ours: `${times} × the result`, theirs: '', measured: { value, goal: GOALS.growth, unit: 'ratio' } };
}
