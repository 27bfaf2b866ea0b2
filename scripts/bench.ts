/**
 * npm run bench: the CLI beside what people use today, as ratios of whole processes; compiling, running jobs and waiting
 * for deployments; sizes. Writes bench/results.md and ends with 1 when a goal is missed.
 */
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { compileRows } from './bench/compile.ts';
import { hasJq, newRevisionContest, registerContest, registerTaskContest, startContest } from './bench/contests.ts';
import { ecsWaitRows } from './bench/ecs-wait.ts';
import { localRunRows } from './bench/local-run.ts';
import { fetchOfficialCli, officialCli } from './bench/official-cli.ts';
import { sizeRows } from './bench/sizes.ts';
import { openStage, type Stage } from './bench/stage.ts';
import { isMissed, markdownTable, type Row } from './bench/table.ts';
import { main as build } from './build.ts';
import { buildCliArchive, type CliArchive } from './cli-archive.ts';

const PARTS: Readonly<Record<string, (root: string) => Promise<readonly Row[]>>> = {
  compile: compileRows,
  'ecs-wait': ecsWaitRows,
  async 'local-run'(root) {
    await build([], root);
    return localRunRows(root);
  },
  register: (root) =>
    onStage(root, async ({ stage, aws }) => {
      if (!aws) throw new Error(NO_OFFICIAL_CLI);
      return [...(await registerContest(stage, aws)), ...(await registerTaskContest(stage, aws))];
    }),
};

const USAGE = `Usage: npm run bench -- [options]

  --only PART  Measure one part and write nothing: ${Object.keys(PARTS).join(', ')}.
  --fetch      Only fetch what the bench compares with: the official AWS CLI v2, from npm.
  --help       This text.`;

interface Arguments {
  only: string | undefined;
  fetch: boolean;
  help: boolean;
}

/** What is wrong with them is said in words. */
function readArguments(args: readonly string[]): Arguments | string {
  const flag = { type: 'boolean', default: false } as const;
  try {
    const { only, fetch, help } = parseArgs({
      args: [...args],
      options: { only: { type: 'string' }, fetch: flag, help: flag },
    }).values;
    if (only !== undefined && !Object.hasOwn(PARTS, only)) return `There is no part ${only}.`;
    return { only, fetch, help };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const NO_OFFICIAL_CLI =
  'What is held against the official AWS CLI v2: its build in the npm package is for Linux on x86-64.';

export async function main(args: readonly string[], root: string): Promise<number> {
  const wanted = readArguments(args);
  if (typeof wanted === 'string') {
    console.error(`${wanted}\n\n${USAGE}`);
    return 2;
  }
  const { fetch, only, help } = wanted;
  if (help) {
    console.log(USAGE);
    return 0;
  }
  if (fetch) {
    await fetchOfficialCli(root);
    return 0;
  }
  if (only !== undefined) return measurePart(only, root);
  return onStage(root, async ({ stage, aws, archive }) => {
    const { rows, skipped } = await measureAll(stage, root, aws);
    rows.push(...(await compileRows(root)), ...(await localRunRows(root)));
    rows.push(...(await ecsWaitRows()), ...(await sizeRows(root, archive)));
    const report = reportText(rows, skipped);
    await mkdir(join(root, 'bench'), { recursive: true });
    const file = join(root, 'bench', 'results.md');
    await writeFile(file, await format(report, { ...(await resolveConfig(file)), parser: 'markdown' }));
    console.log(report);
    return tellMissed(rows);
  });
}

interface Contest {
  stage: Stage;
  archive: CliArchive;
  /** The official CLI, where there is one. */
  aws: string | undefined;
}

/** Builds everything, and closes the stage after the work. */
async function onStage<T>(root: string, work: (contest: Contest) => Promise<T>): Promise<T> {
  await build([], root);
  const archive = await buildCliArchive(root);
  const aws = process.platform === 'linux' && process.arch === 'x64' ? officialCli(root) : undefined;
  if (aws) execFileSync(process.execPath, [join(root, 'scripts', 'run.mjs'), 'bench', '--fetch'], { stdio: 'inherit' });
  const stage = await openStage(root, archive);
  try {
    return await work({ stage, archive, aws });
  } finally {
    await stage.close();
  }
}

async function measurePart(part: string, root: string): Promise<number> {
  const rows = (await PARTS[part]?.(root)) ?? [];
  console.log(markdownTable(rows));
  return tellMissed(rows);
}

function tellMissed(rows: readonly Row[]): number {
  const missed = rows.filter(isMissed);
  if (missed.length > 0) console.error(`Missed: ${missed.map(({ what }) => what).join('; ')}.`);
  return missed.length > 0 ? 1 : 0;
}

async function measureAll(
  stage: Stage,
  root: string,
  aws: string | undefined,
): Promise<{ rows: Row[]; skipped: string[] }> {
  const rows: Row[] = [];
  const skipped: string[] = [];
  console.log('Measuring, in turn; this takes a minute …');
  if (!aws) {
    skipped.push(NO_OFFICIAL_CLI);
  } else {
    rows.push(...(await registerContest(stage, aws)), ...(await registerTaskContest(stage, aws)));
    if (hasJq()) rows.push(...(await newRevisionContest(stage, root, aws)));
    else skipped.push('A new revision from the active one: there is no jq here.');
  }
  rows.push(...(await startContest(stage)));
  return { rows, skipped };
}

function reportText(rows: readonly Row[], skipped: readonly string[]): string {
  return `# Speed and size

Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}, with Node ${process.versions.node}.

${markdownTable(rows)}

Times and memory are medians (minima in brackets) of whole processes, run in turn on one machine against one local AWS; the
ratio is that of the medians, and only ratios can be compared with another machine's. _Ours_ is the CLI archive as the orb
installs it, and each of its runs asks who it is, looks for the newest revision, registers, and reads back; _theirs_ is the
official AWS CLI v2, which only registers. A new revision: three calls of the CLI v2 and two of jq in bash (the script is
\`scripts/bench/new-revision.sh\`), against one process of ours. What an earlier run compiled is there, as it is in the second
step of a job, except in the line that says "for the first time". Compiling a config is the first compilation in a process,
from reading the files to the text of the result, without the start of the process; how it grows is per character of the
result. Running jobs locally is from the start of the command to its end, or to the line that says that the first step starts. Waiting for deployments of ECS
is on the virtual time of the local AWS, and the shortest is in brackets.
${skipped.length > 0 ? `\nNot measured:\n\n${skipped.map((text) => `- ${text}`).join('\n')}\n` : ''}`;
}
