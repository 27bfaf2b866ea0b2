import type { Node } from './node.ts';

/** What `<< name >>` can name at some place. */
export interface Variables {
  /** By the whole name, such as `parameters.version`. A value that is known to be empty is a null scalar. */
  lookUp(name: string): Node | undefined;
  /** All names, for suggestions. */
  names(): readonly string[];
}

export function variables(values: ReadonlyMap<string, Node>, outer?: Variables): Variables {
  return {
    lookUp: (name) => values.get(name) ?? outer?.lookUp(name),
    names: () => [...values.keys(), ...(outer?.names() ?? [])],
  };
}
