import { member, stringOf, type Insertion, type MapNode, type Node, type Scalar } from './node.ts';
import type { Place } from './source.ts';

/** One value of a compiled job, and where it comes from. */
export interface Explained {
  /** From the job down: `steps`, 2, `run`, `command`. */
  readonly path: readonly (string | number)[];
  /** Undefined for the head of a map or a list, which is told for its place only. */
  readonly value: Scalar | undefined;
  /** Where the value is written; an argument's or a default's place when it came through a parameter. */
  readonly at: Place;
  /** The tags that it came through. */
  readonly insertions: readonly Insertion[];
}

/** Every value of a compiled job in the order of the job, each step with a head of its own. */
export function explainJob(job: MapNode): Explained[] {
  return [...job.entries].flatMap(([key, { value }]) => explainNode(value, [key]));
}

function explainNode(node: Node, path: readonly (string | number)[]): Explained[] {
  const head = { path, at: node.at, insertions: node.insertions ?? [] };
  switch (node.kind) {
    case 'scalar':
      return [{ ...head, value: node.value }];
    case 'list':
      return [
        ...emptyHead(head, node.items.length),
        ...node.items.flatMap((item, index) => explainItem(item, [...path, index])),
      ];
    case 'map':
      return [
        ...emptyHead(head, node.entries.size),
        ...[...node.entries].flatMap(([key, { value }]) => explainNode(value, [...path, key])),
      ];
  }
}

/** A step is told even where all of its parts are. */
function explainItem(item: Node, path: readonly (string | number)[]): Explained[] {
  const isStep = item.kind === 'map' && path.length === 2 && path[0] === 'steps';
  if (!isStep) return explainNode(item, path);
  return [{ path, value: undefined, at: item.at, insertions: item.insertions ?? [] }, ...explainNode(item, path)];
}

/** What has come through a tag, or has no parts, is told as a whole. */
function emptyHead(head: Omit<Explained, 'value'>, parts: number): Explained[] {
  return parts === 0 || head.insertions.length > 0 ? [{ ...head, value: undefined }] : [];
}

/** The names of the jobs that a name stands for: the job itself, or all jobs of the workflow that is called so. */
export function jobsNamed(document: MapNode, name: string): string[] {
  if (member(member(document, 'jobs'), name) !== undefined) return [name];
  const calls = member(member(member(document, 'workflows'), name), 'jobs');
  if (calls?.kind !== 'list') return [];
  const jobs = member(document, 'jobs');
  return calls.items.map(calledJob).filter((job) => member(jobs, job) !== undefined);
}

/** An invocation is the job's name, or a map with the name as its one key. */
function calledJob(call: Node): string {
  const [name] = call.kind === 'map' ? call.entries.keys() : [stringOf(call)];
  return name ?? '';
}
