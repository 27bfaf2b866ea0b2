import type { ExitCode } from './exit-codes.ts';
import type { JsonObject } from './json.ts';

/** One difference that an action made, or in a dry run would make. */
export interface Change {
  /** What changed, as AWS names it: an ARN, an image reference, an s3:// URL. */
  resource: string;
  kind: 'created' | 'updated' | 'unchanged';
  /** Lines of a diff, each beginning with `+`, `-` or a blank. */
  diff?: readonly string[];
}

export type OutputsRecord = Readonly<Record<string, string | number | boolean | readonly string[] | JsonObject>>;

export type ResultStatus = 'changed' | 'unchanged' | 'planned' | 'superseded' | 'failed' | 'canceled';

export interface ResultEvent {
  /** ISO 8601. */
  at: string;
  level: 'step' | 'info' | 'warn';
  text: string;
}

/** What one run of an action came to. Programs read this: change it only together with `schema`. */
export interface Result {
  schema: 'aws-deploy/result@1';
  action: string;
  component: string;
  status: ResultStatus;
  exitCode: ExitCode;
  account: string | null;
  region: string | null;
  changes: readonly Change[];
  outputs: OutputsRecord;
  events: readonly ResultEvent[];
  error?: {
    code: string;
    title: string;
    message: string;
    hints: readonly string[];
    exitCode: ExitCode;
    cause?: string;
  };
  /** ISO 8601. */
  startedAt: string;
  finishedAt: string;
}
