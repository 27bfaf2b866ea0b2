import { chmodSync, existsSync } from 'node:fs';
import { DeployError } from '../../../core/errors.ts';
import type { JobPlace } from '../../job-place.ts';
import type { Container } from '../container/container.ts';
import { GIVE, SHARE } from '../container/container-scripts.ts';
import { reasonOf, type DockerEnd } from '../engine/docker-program.ts';

/** A group that no system gives out: it is for the user of a job's container and no one else. */
export const SHARED_GROUP = 1_517_203_000;

/** Numbers of users as the container sees them: its steps' user, and whoever runs the runner. */
export interface Users {
  readonly user: string;
  readonly group: string;
  readonly runner: string;
}

export interface SharedFolders {
  readonly place: JobPlace;
  /** Folders that belong to the user of the steps: the home and the working directory of the job. */
  readonly owned: readonly string[];
}

/**
 * The files of a job, when the user of its image is another than the user of the runner: the steps write them, and then
 * CircleCI's own steps do (`checkout`, workspaces, caches), which run in this process.
 */
export class SharedFiles {
  private readonly container: Container;
  private readonly users: Users;
  private readonly folders: SharedFolders;

  constructor(container: Container, users: Users, folders: SharedFolders) {
    this.container = container;
    this.users = users;
    this.folders = folders;
  }

  /** Root may do everything anyway. */
  private get stepsAreOthers(): boolean {
    return this.users.user !== '0' && this.users.user !== this.users.runner;
  }

  async open(): Promise<void> {
    if (!this.stepsAreOthers) return;
    const { folder, temp, control } = this.folders.place;
    await this.asRoot(SHARE, [String(SHARED_GROUP), folder, temp, control]);
    await this.give();
  }

  /** The runner has written a file for the steps. */
  showFile(path: string): void {
    if (this.stepsAreOthers && existsSync(path)) chmodSync(path, 0o750);
  }

  /**
   * Runs what this process does with files. They belong to its user meanwhile, and a step in the background has to wait with
   * writing new ones; root does not need that.
   */
  async lend<T>(work: () => Promise<T>): Promise<T> {
    const { user, runner } = this.users;
    if (user === runner) return work();
    if (process.getuid?.() !== 0) await this.asRoot(GIVE, [runner, ...this.folders.owned]);
    try {
      return await work();
    } finally {
      if (this.stepsAreOthers) await this.give();
    }
  }

  private give(): Promise<void> {
    const { user, group } = this.users;
    return this.asRoot(GIVE, [`${user}:${group}`, ...this.folders.owned]);
  }

  private async asRoot(script: string, args: readonly string[]): Promise<void> {
    const end = await this.container.runAsRoot(script, args);
    if (end.code !== 0) throw notShared(this.container.image, end);
  }
}

function notShared(image: string, end: DockerEnd): DeployError {
  return new DeployError({
    code: 'docker.files_not_shared',
    title: `the files of the job can not be handed over to the user of the image ${image}: ${reasonOf(end)}`,
    hints: ['The image needs `chown` and `chgrp`, and a folder for temporary files (TMPDIR) that can change owners.'],
  });
}
