import type { JobChanges } from './job-request.ts';

/** What a job was submitted with, by which it is found again. */
export interface Submission {
  definitionName: string;
  /** Only when a certain one was asked for. */
  revision: number | undefined;
  queue: string;
  /** What the job's name begins with. */
  baseName: string;
  key: string;
  changes: JobChanges;
}

/** The command that finds a submitted job again and follows it. */
export function attachCommand(
  { definitionName, revision, queue, baseName, key, changes }: Submission,
  region: string,
): string {
  const { container, command, environment, parameters, arraySize, shareIdentifier } = changes;
  const flags: [string, string | undefined][] = [
    ['--job-definition-name', definitionName],
    ['--revision', revision?.toString()],
    ['--job-queue', queue],
    ['--job-name', baseName],
    ['--container', container],
    ['--command', asJson(command)],
    ['--environment', asJson(environment)],
    ['--parameters', asJson(parameters)],
    ['--array-size', arraySize?.toString()],
    ['--share-identifier', shareIdentifier],
    ['--idempotency-key', key],
    ['--region', region],
  ];
  const given = flags.flatMap(([flag, value]) => (value === undefined ? [] : [flag, value]));
  return shellWords(['aws-deploy', 'submit-job', ...given]);
}

export function terminateCommand(jobId: string, region: string): string {
  return shellWords(['aws', 'batch', 'terminate-job', '--job-id', jobId, '--reason', 'by hand', '--region', region]);
}

function asJson(value: object | undefined): string | undefined {
  return value === undefined || Object.keys(value).length === 0 ? undefined : JSON.stringify(value);
}

/** A command line of which a shell takes every word as it is. */
export function shellWords(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`))
    .join(' ');
}
