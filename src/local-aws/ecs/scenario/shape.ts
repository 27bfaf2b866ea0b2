import { isJsonObject, type JsonValue } from '../../../core/json.ts';
import { durationMs } from '../../duration.ts';

/** What a member of a scenario may be. */
export type Kind =
  | 'text'
  | 'boolean'
  | 'count'
  | 'duration'
  | 'lines'
  | 'exit code'
  | 'image digest'
  | { oneOf: readonly (string | boolean)[] }
  | { each: Shape }
  | { listOf: readonly string[] }
  | { durationsOf: readonly string[] }
  | 'exit codes'
  | { object: Shape };

export interface Shape {
  readonly required?: readonly string[];
  readonly members: Readonly<Record<string, Kind>>;
}

/** What is wrong with an object of a scenario, a sentence each. `at` says where it is: `"ecs.tasks[0]"`. */
function shapeProblems(value: JsonValue, { required = [], members }: Shape, at: string): string[] {
  if (!isJsonObject(value)) return [`${at} must be an object.`];
  const known = Object.keys(members);
  const missing = required.filter((member) => value[member] === undefined);
  return [
    ...missing.map((member) => `${at} needs "${member}".`),
    ...Object.entries(value).flatMap(([member, given]) => {
      const kind = Object.hasOwn(members, member) ? members[member]! : undefined;
      if (kind === undefined) return [`${at} has no member "${member}", only ${known.join(', ')}.`];
      return kindProblems(given, kind, `${at}: "${member}"`);
    }),
  ];
}

/** What is wrong with a list of objects. */
export function listProblems(value: JsonValue | undefined, shape: Shape, at: string): string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return [`"${at}" must be a list of rules.`];
  return value.flatMap((item, index) => shapeProblems(item, shape, `"${at}[${index}]"`));
}

function kindProblems(value: JsonValue, kind: Kind, at: string): string[] {
  if (typeof kind !== 'string') return compositeProblems(value, kind, at);
  const must = PLAIN[kind];
  return must.fits(value) ? [] : [`${at} must be ${must.be}.`];
}

const PLAIN: Record<Extract<Kind, string>, { be: string; fits(value: JsonValue): boolean }> = {
  text: { be: 'text', fits: (value) => typeof value === 'string' && value !== '' },
  boolean: { be: 'true or false', fits: (value) => typeof value === 'boolean' },
  count: { be: 'a whole number from 1', fits: (value) => Number.isSafeInteger(value) && (value as number) >= 1 },
  duration: { be: 'milliseconds, or like "90s", "15m"', fits: (value) => durationMs(value) !== undefined },
  lines: {
    be: 'a list of lines',
    fits: (value) => Array.isArray(value) && value.every((line) => typeof line === 'string'),
  },
  'image digest': {
    be: '"platform", or a digest like sha256:… with 64 hex digits',
    fits: (value) => typeof value === 'string' && /^(platform|sha256:[0-9a-f]{64})$/.test(value),
  },
  'exit code': { be: 'a number from 0 to 255', fits: isExitCode },
  'exit codes': {
    be: 'an object with a number from 0 to 255 for each container',
    fits: (value) => isJsonObject(value) && Object.values(value).every(isExitCode),
  },
};

function isExitCode(value: JsonValue): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < 256;
}

function compositeProblems(value: JsonValue, kind: Exclude<Kind, string>, at: string): string[] {
  if ('oneOf' in kind) {
    const isKnown = kind.oneOf.includes(value as string | boolean);
    return isKnown ? [] : [`${at} must be one of ${kind.oneOf.map((one) => JSON.stringify(one)).join(', ')}.`];
  }
  if ('object' in kind) return shapeProblems(value, kind.object, at);
  if ('durationsOf' in kind) return durationsProblems(value, kind.durationsOf, at);
  if (!Array.isArray(value)) return [`${at} must be a list.`];
  if ('each' in kind) return value.flatMap((item, index) => shapeProblems(item, kind.each, `${at}[${index}]`));
  const unknown = value.find((item) => typeof item !== 'string' || !kind.listOf.includes(item));
  return unknown === undefined && value.length > 0 ? [] : [`${at} must be a list of ${kind.listOf.join(', ')}.`];
}

function durationsProblems(value: JsonValue, names: readonly string[], at: string): string[] {
  if (!isJsonObject(value)) return [`${at} must be an object, like {"${names[0]}": "2s"}.`];
  return Object.entries(value).flatMap(([name, given]) => {
    if (!names.includes(name)) return [`${at} has no "${name}", only ${names.join(', ')}.`];
    return durationMs(given) === undefined ? [`${at}: "${name}" must be milliseconds, or like "90s", "15m".`] : [];
  });
}
