import { nearestName } from '../core/nearest-name.ts';
import type { Node } from './node.ts';

/** What `<< name >>` can name at some place. */
export interface Variables {
  /** By the whole name, such as `parameters.version`. A value that is known to be empty is a null scalar. */
  lookUp(name: string): Node | undefined;
  /** All names, for suggestions. */
  names(): readonly string[];
  /** What to do about a name that means something elsewhere, but nothing here. */
  hintFor?(name: string): string | undefined;
}

export function variables(values: ReadonlyMap<string, Node>, outer?: Variables): Variables {
  return {
    lookUp: (name) => values.get(name) ?? outer?.lookUp(name),
    names: () => [...values.keys(), ...(outer?.names() ?? [])],
    hintFor: (name) => outer?.hintFor?.(name),
  };
}

/** The name that a misspelt one most likely means: of those that differ in the last part only, or of all others. */
export function nearestVariable(name: string, names: readonly string[]): string | undefined {
  const prefix = name.slice(0, name.lastIndexOf('.') + 1);
  const isBeside = (one: string): boolean => prefix !== '' && one.startsWith(prefix);
  const beside = names.filter(isBeside).map((one) => one.slice(prefix.length));
  const last = nearestName(name.slice(prefix.length), beside);
  return last === undefined
    ? nearestName(
        name,
        names.filter((one) => !isBeside(one)),
      )
    : prefix + last;
}
