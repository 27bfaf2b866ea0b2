import type { MapNode } from '../../node.ts';
import type { SchemaType } from '../schema/schema-texts.ts';

/**
 * What CircleCI permits at a place of a config. Scalars of all types pass where one type is permitted: templates hide the
 * rest, and what matters of it is checked in the compiled job. A null passes as if its key were not there, but for keys
 * that are required.
 */
export interface Shape {
  /** Scalars are permitted; the name of their type is for messages. */
  readonly scalar?: SchemaType;
  /** The only texts that are permitted. */
  readonly values?: readonly string[];
  /** Lists are permitted, with items of this shape. */
  readonly list?: Shape;
  /** A map in the place of the list is its only item. */
  readonly orOne?: true;
  /** Maps are permitted. */
  readonly map?: MapShape | ((node: MapNode) => MapShape);
  /** The value is a step: see check-steps.ts. */
  readonly step?: true;
  /** Anything goes: others look into it. */
  readonly any?: true;
}

export interface MapShape {
  readonly keys: ReadonlyMap<string, Shape>;
  readonly required?: readonly string[];
  /** Of each of these lists, one key is required. */
  readonly oneRequired?: readonly (readonly string[])[];
  /** The shape of values under names that the user chooses. */
  readonly others?: Shape;
  /** The most keys that the map may have. */
  readonly most?: number;
  /** What becomes of keys that nobody knows: CircleCI refuses the config, or drops them in silence. */
  readonly unknown?: 'refused' | 'dropped';
}

export const ANY: Shape = { any: true };
export const TEXT: Shape = { scalar: 'String' };
export const INTEGER: Shape = { scalar: 'Integer' };
export const FLAG: Shape = { scalar: 'Boolean' };
export const TEXTS: Shape = { scalar: 'String', list: TEXT };

/** A map with fixed keys. */
export function mapShape(keys: Readonly<Record<string, Shape>>, rest: Omit<MapShape, 'keys'> = {}): MapShape {
  return { keys: new Map(Object.entries(keys)), ...rest };
}

/** A map whose keys are names that the user chooses. */
export function mapOf(others: Shape): Shape {
  return { map: { keys: new Map(), others } };
}
