import type { Library } from './library.ts';
import type { Place } from './source.ts';

/**
 * What YAML says, with the place of every part. Nodes are never changed: what changes a part of a tree makes new nodes on
 * the way to it and shares all others, so that a thousand calls of one command cost one command.
 */
export type Node = ScalarNode | ListNode | MapNode;

/** Integers that a double can't hold exactly are bigints. */
export type Scalar = string | number | bigint | boolean | null;

interface NodeFields {
  /** Where the value is written; for one that was put in for `<< parameters.x >>`, where the argument is written. */
  readonly at: Place;
  /** The `<< >>` that this value came through, in the order of the text; absent for what is as it was written. */
  readonly insertions?: readonly Insertion[];
  /**
   * Says that the node is closed: all its templates have been replaced, in the scope where it was written, and names of
   * commands, jobs and executors in it are looked up there too. Arguments are closed; what they are put into is not.
   */
  readonly home?: Library;
}

export interface ScalarNode extends NodeFields {
  readonly kind: 'scalar';
  readonly value: Scalar;
  /** Says that the value is a whole number that is written as a float, such as 14.0, and is printed as one. */
  readonly float?: true;
}

export interface ListNode extends NodeFields {
  readonly kind: 'list';
  readonly items: readonly Node[];
}

export interface MapNode extends NodeFields {
  readonly kind: 'map';
  /** In the order of the source. Keys are texts, whatever YAML reads them as. */
  readonly entries: ReadonlyMap<string, Entry>;
}

export interface Entry {
  readonly keyAt: Place;
  readonly value: Node;
}

/** One `<< name >>` that was replaced. */
export interface Insertion {
  /** What stands between `<<` and `>>`. */
  readonly expression: string;
  /** Where the tag is. */
  readonly at: Place;
  /** The value that took its place, with insertions of its own when it was passed on; null where it has no node. */
  readonly value: Node | null;
}

export function scalarNode(value: Scalar, at: Place): ScalarNode {
  return { kind: 'scalar', value, at };
}

export function listNode(items: readonly Node[], at: Place): ListNode {
  return { kind: 'list', items, at };
}

export function mapNode(entries: Iterable<readonly [string, Entry]>, at: Place): MapNode {
  return { kind: 'map', entries: new Map(entries), at };
}

/** The value under a key of a map; undefined when there is none, or when the node is no map. */
export function member(node: Node | undefined, key: string): Node | undefined {
  return node?.kind === 'map' ? node.entries.get(key)?.value : undefined;
}

/** What a scalar holds when it is a string; undefined otherwise. */
export function stringOf(node: Node | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}
