import { isJsonObject, type JsonObject, type JsonValue } from '../../../core/json.ts';
import { durationMs } from '../../duration.ts';
import type { World } from '../../service.ts';

/** How an attempt ends. Without an exit code its container never ran, or was lost. */
export interface Outcome {
  exitCode?: number;
  /** The container's: `OutOfMemoryError: Container killed due to memory usage`. */
  reason?: string;
  /** The attempt's: `Host EC2 (instance i-0123456789abcdef0) terminated.` */
  statusReason?: string;
  /** What it writes to its log. */
  log?: string[];
}

/** How long a job stays in its states, in milliseconds of the virtual clock. RUNNING is that of simulated work. */
export type Durations = Record<'SUBMITTED' | 'PENDING' | 'RUNNABLE' | 'STARTING' | 'RUNNING', number>;

/** What a scenario says about an attempt. */
export interface Play {
  outcome?: Outcome;
  /** Where it stays until somebody ends it. */
  stuck?: 'RUNNABLE' | 'STARTING';
  statusReason?: string;
  durations: Durations;
}

const DEFAULT_DURATIONS: Durations = {
  SUBMITTED: 1000,
  PENDING: 1000,
  RUNNABLE: 5000,
  STARTING: 5000,
  RUNNING: 30_000,
};

/** The rules of the scenario's `batch.jobs`, and how often each was used. */
export class JobRules {
  readonly #world: World;
  /** By the rule's own object, which another scenario doesn't have. */
  #uses = new WeakMap<JsonObject, number>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Rules are unused again. */
  reset(): void {
    this.#uses = new WeakMap();
  }

  durations(jobName: string, definitionName: string): Durations {
    return durationsOf(this.#first(jobName, definitionName));
  }

  /** The first rule that fits and isn't used up, for one attempt. */
  take(jobName: string, definitionName: string): Play {
    const rule = this.#first(jobName, definitionName);
    if (rule === undefined) return { durations: DEFAULT_DURATIONS };
    this.#uses.set(rule, (this.#uses.get(rule) ?? 0) + 1);
    const { outcome, stuck, statusReason } = rule;
    return {
      ...(outcome !== undefined && { outcome: outcome as Outcome }),
      ...(stuck !== undefined && { stuck: stuck as 'RUNNABLE' }),
      ...(typeof statusReason === 'string' && { statusReason }),
      durations: durationsOf(rule),
    };
  }

  /** The ways to do real work that the scenario leaves. */
  work(): readonly string[] {
    const part = this.#world.scenario('batch');
    const work = isJsonObject(part) ? part['work'] : undefined;
    return Array.isArray(work) ? (work as string[]) : WORK;
  }

  #first(jobName: string, definitionName: string): JsonObject | undefined {
    const part = this.#world.scenario('batch');
    const rules = isJsonObject(part) && Array.isArray(part['jobs']) ? part['jobs'].filter(isJsonObject) : [];
    return rules.find((rule) => {
      const isLeft = (this.#uses.get(rule) ?? 0) < Number(rule['times'] ?? Infinity);
      const matches = globOf(String(rule['match'] ?? '*'));
      return isLeft && (matches.test(jobName) || matches.test(definitionName));
    });
  }
}

function durationsOf(rule: JsonObject | undefined): Durations {
  const given = isJsonObject(rule?.['durations']) ? Object.entries(rule['durations']) : [];
  return { ...DEFAULT_DURATIONS, ...Object.fromEntries(given.map(([state, value]) => [state, durationMs(value)])) };
}

/** `*` is any text, `?` one character. */
function globOf(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's');
}

const WORK = ['docker', 'host'];
const RULE_MEMBERS = ['match', 'times', 'outcome', 'stuck', 'statusReason', 'durations'];
const OUTCOME_MEMBERS = ['exitCode', 'reason', 'statusReason', 'log'];

/** What is wrong with `batch.jobs` and `batch.work` of a scenario, a sentence each. */
export function jobRuleProblems(jobs: JsonValue | undefined, work: JsonValue | undefined): string[] {
  const problems: string[] = [];
  if (work !== undefined && !(Array.isArray(work) && work.every((way) => WORK.includes(way as string)))) {
    problems.push('"batch.work" must be a list of "docker" and "host"; an empty one simulates every job.');
  }
  if (jobs === undefined) return problems;
  if (!Array.isArray(jobs)) return [...problems, '"batch.jobs" must be a list of rules.'];
  return [...problems, ...jobs.flatMap((rule, index) => ruleProblems(rule, `"batch.jobs[${index}]"`))];
}

function ruleProblems(rule: JsonValue, at: string): string[] {
  if (!isJsonObject(rule)) return [`${at} must be an object.`];
  const { match, times, outcome, stuck, statusReason, durations } = rule;
  const problems = unknownMembers(rule, RULE_MEMBERS, at);
  if (typeof match !== 'string' || match === '') {
    problems.push(`${at} needs "match", the name of jobs or of their definition, like "nightly-*".`);
  }
  if (times !== undefined && !(Number.isSafeInteger(times) && (times as number) >= 1)) {
    problems.push(`${at}: "times" must be a whole number from 1.`);
  }
  if (stuck !== undefined && stuck !== 'RUNNABLE' && stuck !== 'STARTING') {
    problems.push(`${at}: "stuck" must be "RUNNABLE" or "STARTING".`);
  }
  if (statusReason !== undefined && typeof statusReason !== 'string') {
    problems.push(`${at}: "statusReason" must be text.`);
  }
  if (statusReason !== undefined && stuck === undefined) {
    problems.push(`${at}: "statusReason" belongs to "stuck"; that of an end is in "outcome".`);
  }
  if (outcome !== undefined) problems.push(...outcomeProblems(outcome, `${at}: "outcome"`));
  if (durations !== undefined) problems.push(...durationProblems(durations, `${at}: "durations"`));
  return problems;
}

function outcomeProblems(outcome: JsonValue, at: string): string[] {
  if (!isJsonObject(outcome)) return [`${at} must be an object, like {"exitCode": 3}.`];
  const { exitCode, reason, statusReason, log } = outcome;
  const problems = unknownMembers(outcome, OUTCOME_MEMBERS, at);
  if (
    exitCode !== undefined &&
    !(Number.isInteger(exitCode) && (exitCode as number) >= 0 && (exitCode as number) < 256)
  ) {
    problems.push(`${at}: "exitCode" must be a number from 0 to 255.`);
  }
  if (exitCode === undefined && reason === undefined && statusReason === undefined) {
    problems.push(`${at} needs "exitCode", or a "reason" or "statusReason" for a container that never ran.`);
  }
  for (const [member, value] of Object.entries({ reason, statusReason })) {
    if (value !== undefined && typeof value !== 'string') problems.push(`${at}: "${member}" must be text.`);
  }
  if (log !== undefined && !(Array.isArray(log) && log.every((line) => typeof line === 'string'))) {
    problems.push(`${at}: "log" must be a list of lines.`);
  }
  return problems;
}

function durationProblems(durations: JsonValue, at: string): string[] {
  const states = Object.keys(DEFAULT_DURATIONS);
  if (!isJsonObject(durations)) return [`${at} must be an object, like {"RUNNABLE": "2s"}.`];
  return Object.entries(durations).flatMap(([state, value]) => {
    if (!states.includes(state)) return [`${at} has no state "${state}", only ${states.join(', ')}.`];
    return durationMs(value) === undefined ? [`${at}: "${state}" must be milliseconds, or like "90s", "15m".`] : [];
  });
}

function unknownMembers(object: JsonObject, known: readonly string[], at: string): string[] {
  return Object.keys(object)
    .filter((member) => !known.includes(member))
    .map((member) => `${at} has no member "${member}", only ${known.join(', ')}.`);
}
