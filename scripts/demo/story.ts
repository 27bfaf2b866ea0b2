import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { flagName } from '../../src/params/names.ts';
import { STARTS_AROUND } from './brief-printer.ts';
import type { Narrator } from './narrator.ts';
import type { CommandResult, PipelineResult, Stage } from './stage.ts';
import type { Workshop } from './workshop.ts';

/** What a demo is told with. */
export interface Telling {
  /** Of this checkout. */
  root: string;
  workshop: Workshop;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
  narrator: Narrator;
  pages: Pages;
}

/** The pages of the runs: what was run, and the path. */
export type Pages = [what: string, path: string][];

/** What every chapter of every story has at hand. */
export interface Story {
  stage: Stage;
  narrator: Narrator;
  pages: Pages;
}

/** The story is not true: something did not do what was told. */
export class StoryError extends Error {}

/** @throws StoryError */
export function mustHold(holds: boolean, what: string): asserts holds {
  if (!holds) throw new StoryError(`The story says otherwise: ${what}`);
}

/** Lists that the reader is told in other words: the fields of something new, the outputs, and how a load balancer follows. */
const LONG_LISTS = new RegExp(
  [
    String.raw`^ {6}\+ (?!containerProperties\.environment|taskDefinition|containerDefinitions\[\w+\]\.image)`,
    String.raw`^ {2}[a-z0-9-]+ {2}`,
    String.raw`^ {4}\(service [\w-]+\) (?:de)?registered \d+ targets`,
  ].join('|'),
);
/** How an image is built is told once, and what a revision changes is shown as AWS has it. */
const LONG_LISTS_AND_BUILD = new RegExp(
  [
    LONG_LISTS.source,
    String.raw`^ {6}[-+] (?!taskDefinition|containerDefinitions\[\w+\]\.image)`,
    '^ {4} *(?:$|Builder|AWS account|Base image|Asked the mirror|COPY|Reading|Built|Layer|environment-variable)',
    String.raw`^ {4} *(?:#\d|Step \d|---> |[0-9a-f]{12}: |DEPRECATED|BuildKit is|Sending build|Successfully)`,
    '^ {4} *(?:The push refers|Removing intermediate)',
  ].join('|'),
);

export interface Release {
  /** For the reader. */
  what: string;
  /** The message that what was changed is committed with. */
  commit?: string;
  /** How an image is built is left out: the reader knows it. */
  isKnown?: boolean;
  /** Flags of `local run`, by the names of its parameters. */
  flags?: Readonly<Record<string, readonly string[]>>;
}

/** Commits what was changed, where anything was, and runs the pipeline of that commit. */
export async function release(
  { stage, narrator, pages }: Story,
  { what, commit, isKnown = true, flags = {} }: Release,
): Promise<PipelineResult> {
  if (commit !== undefined) {
    narrator.command(['git', 'commit', '--all', '--message', quoted(commit)]);
    await stage.project.commit(commit);
  }
  const words = Object.entries(flags).flatMap(([name, values]) => values.flatMap((value) => [flagName(name), value]));
  narrator.command(['aws-deploy', 'local', 'run', '--local-aws', ...words]);
  const listing = shortListing(narrator, isKnown ? LONG_LISTS_AND_BUILD : LONG_LISTS);
  const onSummary = (line: string): void => {
    listing.end();
    narrator.output(shortened(line));
  };
  const result = await stage.runPipeline(flags, { onLine: listing.line, onSummary });
  pages.push([what, join(result.folder, 'index.html')]);
  return result;
}

/** Runs the command line, and shows the command and what it writes. */
export async function runAndShow({ stage, narrator }: Story, words: readonly string[]): Promise<CommandResult> {
  narrator.command(['aws-deploy', ...words.map(quoted)]);
  const listing = shortListing(narrator, LONG_LISTS);
  const result = await stage.runCommand(words, listing.line);
  listing.end();
  return result;
}

/** Where several jobs run at once, their lines begin with the name of the job. */
const OF_JOB = /^[\w/-]+ +\| /;

function shortListing(narrator: Narrator, leftOut: RegExp): { line: (text: string) => void; end: () => void } {
  let left = 0;
  const end = (): void => {
    if (left > 1) narrator.output(`      … and ${left - 1} more lines`);
    left = 0;
  };
  return {
    line(text) {
      const own = text.replace(OF_JOB, '');
      if (STARTS_AROUND.test(own)) return;
      const isListed = leftOut.test(own);
      if (!isListed) end();
      if (!isListed || ++left === 1) narrator.output(shortened(text));
    },
    end,
  };
}

/** @throws StoryError when the pipeline did not end with that exit code */
export function mustEnd({ exitCode, record }: PipelineResult, expected: number): void {
  const failed = failedStep(record);
  const why = failed ? `: ${failed.name} failed${failed.exitCode === undefined ? '' : ` (${failed.exitCode})`}` : '';
  mustHold(exitCode === expected, `the pipeline ended with exit code ${exitCode}, not ${expected}${why}`);
}

/** The step that failed, with its exit code and what it wrote. */
export async function mustFail({ exitCode, record, folder }: PipelineResult): Promise<{ code: number; log: string }> {
  const step = failedStep(record);
  mustHold(exitCode === 1 && step?.exitCode !== undefined, `the pipeline ended with exit code ${exitCode}, not 1`);
  const log = step.log === undefined ? '' : await readFile(join(folder, step.log), 'utf8');
  return { code: step.exitCode, log };
}

function failedStep(record: PipelineResult['record']) {
  const jobs = record.workflows.flatMap((workflow) => workflow.jobs);
  const steps = jobs.flatMap(({ nodes }) => nodes.flatMap((node) => node.steps));
  return steps.find(({ status }) => status === 'failed');
}

/** Hashes by their first digits: enough to tell them apart. Addresses of the console, which knows no local AWS, by their host. */
export function shortened(text: string): string {
  return text
    .replaceAll(/([0-9a-f]{12})[0-9a-f]{28,}/g, '$1…')
    .replaceAll(/(https:\/\/[^/\s]*console\.aws\.amazon\.com\/)\S+/g, '$1…');
}

/** As a person has to type it in a shell. */
function quoted(word: string): string {
  return /[\s()*?]/.test(word) ? `'${word}'` : word;
}

/** @throws StoryError when the file does not hold `from` */
export async function editFile(path: string, from: string, to: string): Promise<void> {
  const text = await readFile(path, 'utf8');
  mustHold(text.includes(from), `${path} does not hold ${from}`);
  await writeFile(
    path,
    text.replace(from, () => to),
  );
}
