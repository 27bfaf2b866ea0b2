/** What a tool of a job sees of the world. */
export interface ToolWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly stdout: (text: string | Uint8Array) => void;
  readonly stderr: (text: string | Uint8Array) => void;
}

/** One command of the tools. */
export interface ToolCommand {
  /** Its words after `circleci`; every way to say it. */
  readonly paths: readonly (readonly string[])[];
  /** How it is called: `circleci tests split [flags] [file]`. */
  readonly usage: string;
  readonly summary: string;
  readonly flags: Readonly<Record<string, FlagKind>>;
  readonly run: (call: ToolCall, world: ToolWorld) => number | Promise<number>;
}

export type FlagKind = 'text' | 'integer' | 'boolean';

/** Flags and operands, as they were given. */
export interface ToolCall {
  readonly flags: ReadonlyMap<string, string>;
  readonly operands: readonly string[];
}

/** What is said to who called the tool; its exit code is 1. */
export class ToolError extends Error {}

/** On every command, as with CircleCI's. */
const COMMON: Readonly<Record<string, FlagKind>> = { help: 'boolean', verbose: 'boolean' };
const SHORT: Readonly<Record<string, string>> = { h: 'help', v: 'verbose' };

/**
 * Reads arguments as CircleCI's tools do: `--flag=value` or `--flag value`, `--flag` alone for a boolean, flags and
 * operands in any order, operands only after `--`. Throws a ToolError for what no flag is.
 */
export function readCall(args: readonly string[], kinds: Readonly<Record<string, FlagKind>>): ToolCall {
  const all = { ...COMMON, ...kinds };
  const flags = new Map<string, string>();
  const operands: string[] = [];
  const rest = [...args];
  while (rest.length > 0) {
    const argument = rest.shift()!;
    if (argument === '--') {
      operands.push(...rest.splice(0));
    } else if (!argument.startsWith('-') || argument === '-') {
      operands.push(argument);
    } else {
      const [given, ...value] = argument.replace(/^--?/, '').split('=');
      const name = argument.startsWith('--') ? given! : SHORT[given!];
      const kind = name !== undefined && Object.hasOwn(all, name) ? all[name] : undefined;
      if (name === undefined || kind === undefined) throw new ToolError(unknownFlag(argument, given!));
      if (value.length > 0) flags.set(name, checked(name, value.join('='), kind));
      else if (kind === 'boolean') flags.set(name, 'true');
      else if (rest.length > 0) flags.set(name, checked(name, rest.shift()!, kind));
      else throw new ToolError(`flag needs an argument: --${name}`);
    }
  }
  return { flags, operands };
}

/** Throws a ToolError that names the flags that are not there. An empty value counts as given, as with CircleCI. */
export function requireFlags({ flags }: ToolCall, ...names: readonly string[]): void {
  const missing = names.filter((name) => !flags.has(name));
  if (missing.length > 0) {
    throw new ToolError(`required flag(s) ${missing.map((name) => `"${name}"`).join(', ')} not set`);
  }
}

export function isSet({ flags }: ToolCall, name: string): boolean {
  return flags.get(name) === 'true';
}

/** Throws a ToolError for operands that the command has no place for. */
export function atMostOperands({ operands }: ToolCall, most: number): void {
  if (operands.length > most) throw new ToolError(`accepts at most ${most} arg(s), received ${operands.length}`);
}

function checked(name: string, value: string, kind: FlagKind): string {
  const wrong = new ToolError(`invalid argument "${value}" for "--${name}": it must be ${WANTED[kind]}`);
  if (kind === 'integer' && !/^\d+$/.test(value)) throw wrong;
  if (kind !== 'boolean') return value;
  if (/^(1|t|true)$/i.test(value)) return 'true';
  if (/^(0|f|false)$/i.test(value)) return 'false';
  throw wrong;
}

const WANTED: Readonly<Record<FlagKind, string>> = {
  text: 'text',
  integer: 'a whole number from 0',
  boolean: 'true or false',
};

function unknownFlag(argument: string, name: string): string {
  return argument.startsWith('--') ? `unknown flag: --${name}` : `unknown shorthand flag: '${name[0]}' in ${argument}`;
}
