import { EXIT, type ExitCode } from './exit-codes.ts';

export interface DeployErrorFields {
  /** Stable and dotted, for programs: `batch.definition_not_found`. */
  code: string;
  /** One line without a full stop: what went wrong. */
  title: string;
  /** Where and why; may have several lines. */
  message?: string;
  /** What to do next, each a full sentence. */
  hints?: readonly string[];
  exitCode?: ExitCode;
  cause?: unknown;
}

/** An error whose text is meant for the user. Everything else that is thrown is a bug of ours. */
export class DeployError extends Error {
  readonly code: string;
  readonly title: string;
  readonly hints: readonly string[];
  readonly exitCode: ExitCode;

  constructor(fields: DeployErrorFields) {
    super(fields.message ?? fields.title, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.name = 'DeployError';
    this.code = fields.code;
    this.title = fields.title;
    this.hints = fields.hints ?? [];
    this.exitCode = fields.exitCode ?? EXIT.general;
  }
}

/** The same error, with these fields instead. What it says beside its title stays, also with another title. */
export function retold(error: DeployError, changes: Partial<DeployErrorFields>): DeployError {
  const { code, title, message, hints, exitCode, cause } = error;
  const more = message === title ? {} : { message };
  return new DeployError({ code, title, ...more, hints, exitCode, cause, ...changes });
}

/** All that an error says: its title, and what it says beside it. */
export function textOf({ title, message }: DeployError): string {
  return message === title ? title : `${title}\n${message}`;
}

/** A wrong flag, parameter or value: exit code 2. */
export function badArgument(title: string, hints: readonly string[] = []): DeployError {
  return new DeployError({ code: 'arguments.invalid', title, hints, exitCode: EXIT.badArguments });
}

/** A file that was found but can't be used: exit code 7. `message` says where in the file. */
export function invalidFile(title: string, message: string, hints: readonly string[] = []): DeployError {
  return new DeployError({ code: 'file.invalid', title, message, hints, exitCode: EXIT.invalidFile });
}
