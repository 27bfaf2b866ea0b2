import { closeSync, fstatSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sizeText } from '../../core/amount-text.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { NodeId, RunEvent } from '../run-event.ts';
import { stepKey } from '../run-keys.ts';
import { logPaths, type LogPath } from './log-path.ts';

/**
 * In bytes, of the log of one step: `yes` would fill the disk, and logs stay for many runs. It is more than a person reads.
 * What a step writes at once is not cut in two.
 */
export const LOG_LIMIT = 100 * 1024 * 1024;

interface OpenLog {
  readonly file: number;
  readonly path: string;
  /** In bytes. */
  size: number;
}

/**
 * Appends what steps say to their logs. It writes at once, and waits for the disk: a log has everything when a run is killed,
 * and a step that says more than the disk takes fills no memory.
 */
export class LogWriter {
  private readonly folder: string;
  private readonly logPath: LogPath;
  private readonly problem: (error: Error) => void;
  private readonly limit: number;
  private readonly open = new Map<string, OpenLog>();
  private hasFailed = false;
  private hasCut = false;

  /**
   * @param folder of the run, absolute
   * @param problem called once, when a log can't be written: the disk is full, and once, when a log has its limit. The
   * run goes on.
   */
  constructor(pipeline: Pipeline, folder: string, problem: (error: Error) => void, limit = LOG_LIMIT) {
    this.folder = folder;
    this.logPath = logPaths(pipeline);
    this.problem = problem;
    this.limit = limit;
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
    const path = this.logPath(id, step, name);
    const absolute = join(this.folder, path);
    this.end(stepKey(id, step));
    mkdirSync(dirname(absolute), { recursive: true });
    const file = openSync(absolute, 'a');
    this.open.set(stepKey(id, step), { file, path, size: fstatSync(file).size });
  }

  private append(id: NodeId, step: number, text: string): void {
    const log = this.open.get(stepKey(id, step));
    if (!log || log.size >= this.limit) return;
    log.size += writeSync(log.file, text);
    if (log.size >= this.limit) this.cut(log);
  }

  private cut({ file, path }: OpenLog): void {
    const size = sizeText(this.limit);
    writeSync(file, `\n[The log ends here, at ${size}: what the step said after this is not kept.]\n`);
    if (!this.hasCut)
      this.problem(new Error(`${path} ends at ${size}, and so does any other log: the rest is not kept`));
    this.hasCut = true;
  }

  private end(key: string): void {
    const log = this.open.get(key);
    this.open.delete(key);
    if (log) closeSync(log.file);
  }
}
