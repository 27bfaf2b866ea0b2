import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { NodeId, RunEvent } from '../run-event.ts';
import { stepKey } from '../run-keys.ts';
import { logPaths, type LogPath } from './log-path.ts';

/**
 * Appends what steps say to their logs. It writes at once, and waits for the disk: a log has everything when a run is killed,
 * and a step that says more than the disk takes fills no memory.
 */
export class LogWriter {
  private readonly folder: string;
  private readonly logPath: LogPath;
  private readonly problem: (error: Error) => void;
  private readonly open = new Map<string, number>();
  private hasFailed = false;

  /**
   * @param folder of the run, absolute
   * @param problem called once, when a log can't be written: the disk is full. The run goes on.
   */
  constructor(pipeline: Pipeline, folder: string, problem: (error: Error) => void) {
    this.folder = folder;
    this.logPath = logPaths(pipeline);
    this.problem = problem;
  }

  /** A RunListener. */
  readonly listen = (event: RunEvent): void => {
    try {
      if (event.kind === 'step-started') this.start(event.id, event.step, event.name);
      if (event.kind === 'output') this.append(event.id, event.step, event.text);
      if (event.kind === 'step-ended') this.end(stepKey(event.id, event.step));
    } catch (error) {
      if (!this.hasFailed) this.problem(error as Error);
      this.hasFailed = true;
    }
  };

  /** Closes the logs of steps that have not ended. */
  close(): void {
    for (const key of [...this.open.keys()]) this.end(key);
  }

  private start(id: NodeId, step: number, name: string): void {
    const path = join(this.folder, this.logPath(id, step, name));
    this.end(stepKey(id, step));
    mkdirSync(dirname(path), { recursive: true });
    this.open.set(stepKey(id, step), openSync(path, 'a'));
  }

  private append(id: NodeId, step: number, text: string): void {
    const file = this.open.get(stepKey(id, step));
    if (file !== undefined) writeSync(file, text);
  }

  private end(key: string): void {
    const file = this.open.get(key);
    this.open.delete(key);
    if (file !== undefined) closeSync(file);
  }
}
