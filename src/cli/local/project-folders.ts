import { basename, dirname, join } from 'node:path';

export interface ProjectFolders {
  /** Where `.circleci` is; a config elsewhere is a project of its own. */
  readonly project: string;
  /** What runs keep and read: `.circleci/local`. */
  readonly localFolder: string;
}

/** @param config absolute path */
export function projectFolders(config: string): ProjectFolders {
  const folder = dirname(config);
  const project = basename(folder) === '.circleci' ? dirname(folder) : folder;
  return { project, localFolder: join(project, '.circleci', 'local') };
}
