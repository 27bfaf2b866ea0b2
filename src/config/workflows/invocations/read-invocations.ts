import type { Budget } from '../../budget.ts';
import { reportForm } from '../../expand/follow-up.ts';
import { spendNode } from '../../expand/spend-node.ts';
import type { Frame } from '../../frame.ts';
import type { Library } from '../../library.ts';
import { mapNode, member, scalarNode, stringOf, type Entry, type MapNode, type Node } from '../../node.ts';
import type { Place } from '../../source.ts';
import { renderNode } from '../../template/render-node.ts';
import { textOf } from '../../template/text-of.ts';
import { variables as scope, type Variables } from '../../variables.ts';
import type { Invocation, JobSet } from './invocation.ts';
import { combinations, type Combination } from './matrix.ts';
import { readRequirements } from '../dependencies/requires.ts';
import type { ValueIds } from './value-ids.ts';
import { notInvocation, onlyApprovalInline } from '../workflow-texts.ts';

/** The keys of a job in a workflow that are not arguments of the job. */
const WORKFLOW_KEYS: ReadonlySet<string> = new Set([
  'name',
  'requires',
  'upstream',
  'context',
  'filters',
  'type',
  'matrix',
  'pre-steps',
  'post-steps',
  'serial-group',
  'override-with',
]);

/** An item of the `jobs` of a workflow or of a job group, as it is written. */
export interface WrittenInvocation {
  readonly job: string;
  readonly at: Place;
  /** Empty for a plain name. */
  readonly keys: MapNode;
}

/** What reading jobs of workflows needs besides the frame. */
export interface Reading {
  readonly frame: Frame;
  readonly ids: ValueIds;
  /**
   * Bounds what jobs are made of the config, whether they are printed or not: a few aliases of YAML can stand for millions
   * of them.
   */
  readonly making: Budget;
}

/** What a job of a workflow takes, and each name that it requires, in characters. */
const INVOCATION_COST = 512;
const REQUIREMENT_COST = 64;

/** @throws TooLarge, as all that reads jobs */
export function writtenInvocations(jobs: Node | undefined, reading: Reading): WrittenInvocation[] {
  const { frame, making } = reading;
  if (jobs?.kind !== 'list') return [];
  making.spend(jobs.items.length * INVOCATION_COST, jobs.at);
  return jobs.items.flatMap((item) => {
    const none = mapNode([], item.at);
    if (item.kind === 'scalar' && item.value !== null) {
      return [{ job: nameIn(String(item.value), item.at, reading), at: item.at, keys: none }];
    }
    if (item.kind !== 'map') {
      reportForm(notInvocation(), item.at, frame.report);
      return [];
    }
    // More than one key is an error, which the check of the shape has told.
    return [...item.entries].slice(0, 1).map(([job, { keyAt, value }]) => {
      const keys = value.kind === 'map' ? value : none;
      return { job: nameIn(job, keyAt, reading), at: keyAt, keys };
    });
  });
}

/** Names of jobs may hold templates too, where the job is an approval. */
function nameIn(text: string, at: Place, { frame: { variables, report }, making }: Reading): string {
  if (!text.includes('<<')) return text;
  return textOf(renderNode(scalarNode(text, at), variables, report, making)) ?? text;
}

/** The jobs that a written invocation stands for: itself, or all that its matrix makes. */
export function expandInvocation(written: WrittenInvocation, reading: Reading): ExpandedInvocation {
  const matrix = written.keys.entries.get('matrix');
  const single = { ...written, keys: withoutMatrix(written.keys) };
  if (matrix) return expandMatrix(single, matrix, reading);
  return { invocations: [readInvocation(written, renderKeys(single.keys, reading.frame.variables, reading), reading)] };
}

interface ExpandedInvocation {
  readonly invocations: readonly Invocation[];
  /** What `requires` can name to mean all of them. */
  readonly matrix?: JobSet;
}

/** @param written without its matrix */
function expandMatrix(written: WrittenInvocation, { keyAt: at, value }: Entry, reading: Reading): ExpandedInvocation {
  const { frame, ids, making } = reading;
  const matrix = renderMatrix(value, reading);
  const alias = stringOf(member(matrix, 'alias')) ?? written.job;
  const members = combinations(matrix, { alias, at, report: frame.report, budget: making, ids });
  making.spend(members.length * INVOCATION_COST, at);
  const invocations = members.map((values, index) => {
    const keys = renderKeys(written.keys, matrixScope(values, frame.variables), reading);
    const all = withCombination(keys, values, member(matrix, 'parameters'));
    const invocation = { ...readInvocation(written, all, reading), matrix: values };
    const number = members.length > 1 ? index + 1 : undefined;
    return { ...invocation, name: memberName(invocation, written, number) };
  });
  return { invocations, matrix: { kind: 'matrix', name: alias, members: invocations, own: invocations } };
}

/**
 * What a job of a matrix is called: by a `name` with templates, which say the values, or by one that is itself a parameter of
 * the matrix; otherwise by a plain `name` and its number, or by the name of the job and its values.
 * @param number undefined for the only job of a matrix
 */
function memberName(
  { name, matrix: values }: Invocation & { matrix: Combination },
  written: WrittenInvocation,
  number: number | undefined,
): string {
  const writtenName = written.keys.entries.get('name')?.value;
  if (!writtenName) return values.has('name') ? name : defaultName(written.job, values);
  const hasTemplate = stringOf(writtenName)?.includes('<<') === true;
  return hasTemplate || number === undefined ? name : `${name}-${number}`;
}

function withoutMatrix(keys: MapNode): MapNode {
  if (!keys.entries.has('matrix')) return keys;
  return mapNode(
    [...keys.entries].filter(([key]) => key !== 'matrix'),
    keys.at,
  );
}

/** Templates in `exclude` stay: CircleCI does not replace them (discuss.circleci.com/t/37882). */
function renderMatrix(matrix: Node, { frame: { variables, report }, making }: Reading): MapNode {
  if (matrix.kind !== 'map') return mapNode([], matrix.at);
  const entries = [...matrix.entries].map(([key, { keyAt, value }]): [string, Entry] => {
    return [key, { keyAt, value: key === 'exclude' ? value : renderNode(value, variables, report, making) }];
  });
  return mapNode(entries, matrix.at);
}

function matrixScope(values: Combination, outer: Variables | undefined): Variables {
  return scope(new Map([...values].map(([name, value]) => [`matrix.${name}`, value])), outer);
}

function renderKeys(keys: MapNode, variables: Variables | undefined, { frame, making }: Reading): MapNode {
  const rendered = renderNode(keys, variables, frame.report, making);
  spendNode(rendered, making);
  return rendered.kind === 'map' ? rendered : keys;
}

/** Values of a matrix are arguments, or keys of the workflow such as `name`. What is written beside the matrix comes first. */
function withCombination(keys: MapNode, values: Combination, parameters: Node | undefined): MapNode {
  const entries = new Map<string, Entry>();
  for (const [name, value] of values) {
    const declared = parameters?.kind === 'map' ? parameters.entries.get(name) : undefined;
    entries.set(name, { keyAt: declared?.keyAt ?? value.at, value });
  }
  for (const [key, entry] of keys.entries) entries.set(key, entry);
  return mapNode(entries, keys.at);
}

/** `build-linux-1.0`: the values in the alphabetical order of their parameters (observed; the documentation does not say). */
function defaultName(job: string, values: Combination): string {
  return [job, ...[...values.values()].map((value) => textOf(value) ?? '')].join('-');
}

/** @param keys with their templates replaced */
function readInvocation({ job, at }: WrittenInvocation, keys: MapNode, { frame, making }: Reading): Invocation {
  const name = member(keys, 'name');
  const requirements = readRequirements(member(keys, 'upstream') ?? member(keys, 'requires'), frame.report);
  making.spend(requirements.length * REQUIREMENT_COST, at);
  const given = argumentsIn(keys, frame.library);
  return {
    job,
    at,
    name: (name && textOf(name)) || job,
    origin: originOf(member(keys, 'type'), frame),
    requirements,
    ...optional('filters', member(keys, 'filters')),
    ...optional('context', member(keys, 'context')),
    ...optional('serialGroup', member(keys, 'serial-group')),
    ...optional('overrideWith', member(keys, 'override-with')),
    ...optional('preSteps', closed(member(keys, 'pre-steps'), frame.library)),
    ...optional('postSteps', closed(member(keys, 'post-steps'), frame.library)),
    ...optional('arguments', given.entries.size > 0 ? given : undefined),
  };
}

function originOf(type: Node | undefined, { report }: Frame): 'call' | 'approval' | 'wrong-type' {
  if (type?.kind !== 'scalar' || type.value === null) return 'call';
  if (type.value === 'approval') return 'approval';
  report.error(onlyApprovalInline(String(type.value)), type.at);
  return 'wrong-type';
}

function argumentsIn(keys: MapNode, library: Library): MapNode {
  const entries = [...keys.entries].flatMap(([key, { keyAt, value }]): [string, Entry][] => {
    return WORKFLOW_KEYS.has(key) ? [] : [[key, { keyAt, value: closed(value, library) }]];
  });
  return mapNode(entries, keys.at);
}

/** Templates have been replaced: what is left of `<<` is text. Names in it mean what they mean in the config. */
function closed<T extends Node | undefined>(node: T, home: Library): T {
  return node === undefined || node.home !== undefined ? node : { ...node, home };
}

function optional<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}
