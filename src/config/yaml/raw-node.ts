import type { Node } from '../node.ts';
import type { Place } from '../source.ts';

/** What the syntax says, before tags, merge keys and keys that are there twice are looked at. */
export type RawNode = RawScalar | RawList | RawMap;

interface RawFields {
  /** The whole tag, such as `tag:yaml.org,2002:int`: as written, or what the text of a plain scalar looks like. */
  readonly tag: string;
  readonly at: Place;
  /** Index in the text, for messages. */
  readonly index: number;
  /** What was made of it; an alias is the same raw node, and becomes the same node. */
  node: Node | undefined;
}

export interface RawScalar extends RawFields {
  readonly kind: 'scalar';
  readonly text: string;
}

export interface RawList extends RawFields {
  readonly kind: 'list';
  readonly items: RawNode[];
  /** How many levels of collections it has. */
  height: number;
  /** Says that its end has not been read yet. */
  open: boolean;
}

export interface RawMap extends RawFields {
  readonly kind: 'map';
  pairs: RawPair[];
  height: number;
  open: boolean;
}

export interface RawPair {
  readonly key: RawNode;
  readonly value: RawNode;
}
