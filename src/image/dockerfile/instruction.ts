import type { Heredoc } from './lines.ts';
import type { Location } from './error.ts';

export interface KeyValue {
  key: string;
  value: string;
}

/** Exec form (a JSON array), or shell form (the text after the keyword). */
export type CommandForm = { exec: string[] } | { shell: string };

export interface CopyInstruction {
  kind: 'copy';
  keyword: 'COPY' | 'ADD';
  /** Without heredocs. */
  sources: string[];
  heredocs: Heredoc[];
  destination: string;
  /** A stage's name or number, or an image. */
  from?: string;
  chown?: string;
  chmod?: string;
  link: boolean;
}

/** How a health check runs; durations are nanoseconds, as in the image configuration. */
export interface HealthcheckInstruction {
  kind: 'healthcheck';
  /** Undefined for `HEALTHCHECK NONE`. */
  command: CommandForm | undefined;
  intervals: { Interval?: number; Timeout?: number; StartPeriod?: number; StartInterval?: number; Retries?: number };
}

/** What an instruction says, words still as written: variables are expanded when it is run. */
export type InstructionBody =
  | { kind: 'arg'; pairs: { key: string; value: string | undefined }[] }
  | { kind: 'env' | 'label'; pairs: KeyValue[] }
  | { kind: 'workdir' | 'user' | 'stopsignal' | 'maintainer'; text: string }
  | { kind: 'cmd' | 'entrypoint'; command: CommandForm }
  | { kind: 'shell'; exec: string[] }
  | { kind: 'expose' | 'volume'; words: string[] }
  | CopyInstruction
  | HealthcheckInstruction;

export type Instruction = Location & InstructionBody;

export interface Stage extends Location {
  /** In lower case, as stages are compared. */
  name: string | undefined;
  /** As written: a stage, an image, or `scratch`; may hold variables. */
  base: string;
  platform: string | undefined;
  instructions: Instruction[];
}

export interface Dockerfile {
  /** As the user named it. */
  file: string;
  escape: string;
  /** ARG before the first FROM. */
  globalArgs: Extract<Instruction, { kind: 'arg' }>[];
  stages: Stage[];
}
