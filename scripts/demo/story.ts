import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import type { AwsView, Revision } from './aws-view.ts';
import type { JobWork } from './job-work.ts';
import type { Narrator } from './narrator.ts';
import { BUCKET, REPOSITORY } from './platform.ts';
import type { CommandResult, Stage } from './stage.ts';

export const JOB = 'nightly-crawl';

/** What every chapter of the story has at hand. */
export interface Story {
  stage: Stage;
  aws: AwsView;
  narrator: Narrator;
  builder: 'embedded' | 'docker';
  /** The image that stands in for the base of the sample's Dockerfile, by digest. */
  base: string;
  work: JobWork;
}

/** The story is not true: something did not do what was told. */
export class StoryError extends Error {}

/** @throws StoryError */
export function mustHold(holds: boolean, what: string): asserts holds {
  if (!holds) throw new StoryError(`The story says otherwise: ${what}`);
}

/** Runs the release as a job on CircleCI would for this commit, and shows what it writes. */
export async function release(story: Story, commit: number, more: readonly string[] = []): Promise<CommandResult> {
  const { builder, base } = story;
  const flags = {
    'job-definition': 'job-definition.json',
    repository: REPOSITORY,
    script: 'jobs/crawl.sh',
    'script-destination': `s3://${BUCKET}/${JOB}`,
    builder,
    'build-args': `BASE=${base}`,
  };
  const args = [...Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, value]), ...more];
  const isFirst = commit === 1;
  return runAndShow(story, ['release-batch-job', ...args], {
    shown: isFirst ? ['release-batch-job', ...args] : ['release-batch-job', '…', ...more],
    leftOut: isFirst ? LONG_LISTS : LONG_LISTS_AND_BUILD,
    env: {
      CIRCLE_SHA1: createHash('sha1').update(`commit ${commit}`).digest('hex'),
      // docker writes it into the image; the embedded builder has no clock.
      ...(builder === 'docker' ? { SOURCE_DATE_EPOCH: '1767225600' } : {}),
    },
  });
}

/** Lists that the reader is told in other words: the fields of something new, and the outputs. */
const LONG_LISTS = /^ {6}\+ (?!containerProperties\.environment)|^ {2}[a-z0-9-]+ {2}/;
/** How an image is built is told once, and what a revision changes is shown as AWS has it. */
const LONG_LISTS_AND_BUILD =
  /^ {6}[-+] |^ {2}[a-z0-9-]+ {2}|^ {4} *(?:$|Builder|AWS account|Base image|COPY|Reading|Built|Layer|#\d|Step \d|---> |[0-9a-f]{12}: )/;

export interface Shown {
  /** The words of the command that the reader sees. */
  shown?: readonly string[];
  /** Lines of the output that are counted only. */
  leftOut?: RegExp;
  env?: Readonly<Record<string, string>>;
}

/** Runs the command line, and shows the command and what it writes. */
export async function runAndShow(
  { stage, narrator }: Story,
  args: readonly string[],
  { shown = args, leftOut = LONG_LISTS, env = {} }: Shown = {},
): Promise<CommandResult> {
  narrator.command(['aws-deploy', ...shown].map((word) => quoted(shortened(word))));
  const listing = shortListing(narrator, leftOut);
  const result = await stage.run(args, { env, onLine: (line) => listing.line(line) });
  listing.end();
  return result;
}

function shortListing(narrator: Narrator, leftOut: RegExp): { line(text: string): void; end(): void } {
  let left = 0;
  const end = (): void => {
    if (left > 1) narrator.output(`      … and ${left - 1} more lines`);
    left = 0;
  };
  return {
    line(text) {
      const isListed = leftOut.test(text);
      if (!isListed) end();
      if (!isListed || ++left === 1) narrator.output(shortened(text));
    },
    end,
  };
}

/** @throws StoryError when the newest revision has another number */
export async function newestRevision({ aws }: Story, expected: number): Promise<Revision> {
  const revision = (await aws.revisions(JOB)).at(-1);
  mustHold(revision?.number === expected, `the newest revision is ${revision?.number ?? 'not there'}, not ${expected}`);
  return revision;
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
