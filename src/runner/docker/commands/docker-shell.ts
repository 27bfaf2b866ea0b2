import type { Clock } from '../../../core/clock.ts';
import type { CommandHost } from '../../command-host.ts';
import type { JobPlace } from '../../job-place.ts';
import type { Container } from '../container/container.ts';
import { DockerCommand } from './docker-command.ts';
import type { SharedFiles } from '../files/shared-files.ts';

export interface DockerShellOptions {
  readonly container: Container;
  readonly place: JobPlace;
  readonly files: SharedFiles;
  readonly clock: Clock;
  /** Where a path of the container is on this machine. */
  readonly hostPath: (path: string) => string;
  /** Removes the containers, and sees to it that the files of the job can be removed. */
  readonly remove: () => Promise<void>;
  /** How long processes may take to end by themselves after SIGTERM; 2 seconds when not said. */
  readonly graceMs?: number;
}

const GRACE_MS = 2000;

/** Runs the commands of one job in its container. */
export function dockerShell(options: DockerShellOptions): CommandHost {
  const { container, place, files, clock, graceMs = GRACE_MS } = options;
  const commands = new Set<DockerCommand>();
  let closed = false;
  return {
    start(command) {
      for (const word of command.argv) if (word.startsWith(`${place.temp}/`)) files.showFile(word);
      const run = new DockerCommand(command, { container, clock, graceMs });
      commands.add(run);
      if (closed) void run.stop();
      return run;
    },
    hostPath: options.hostPath,
    lendFiles: (work) => files.lend(work),
    async close() {
      closed = true;
      for (const command of commands) command.expectEnd();
      await options.remove();
      for (const command of commands) command.abandon();
      commands.clear();
    },
  };
}
