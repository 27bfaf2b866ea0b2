/** The way to a place in a config, from its end; made into text only where there is something to say. */
export interface Path {
  readonly parent?: Path;
  readonly key: string;
}

export const ROOT: Path = { key: '#' };

export function below(parent: Path, key: string | number): Path {
  return { parent, key: String(key) };
}

/** As JSON pointers have it: `#/jobs/build/steps/0`. */
export function pathText(path: Path): string {
  const keys: string[] = [];
  for (let part: Path | undefined = path; part !== undefined; part = part.parent) keys.push(part.key);
  return keys.toReversed().join('/');
}
