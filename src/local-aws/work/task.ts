/** What a container is to run. */
export interface Task {
  /** Unique, and good as a name of a file or a container. */
  id: string;
  /** As the definition names it: `127.0.0.1:4566/crawl@sha256:…`. */
  image: string;
  /** In place of the image's command; empty for that. */
  command: readonly string[];
  /** Beside the image's own. */
  environment: Readonly<Record<string, string>>;
  region: string;
  /** Pulls the image. */
  executionRoleArn?: string;
}

/** How a task will be done. */
export type Plan =
  /** Nothing here can do it. */
  | { kind: 'simulated'; why: string }
  /** It can't be done on AWS either; `reason` is the container's. */
  | { kind: 'refused'; reason: string }
  | { kind: 'real'; start(write: (line: string) => void): Promise<Running | Refused | { simulated: string }> };

export interface Refused {
  /** Why the container didn't start, in the words of ECS: `CannotPullContainerError: …`. */
  refused: string;
}

/** Without an exit code it never ran. */
export interface Ended {
  exitCode?: number;
  reason?: string;
}

/** A process or container that runs. */
export interface Running {
  /** When all of it is gone and all output was written. */
  ended: Promise<Ended>;
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
}
