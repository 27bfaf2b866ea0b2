import { join } from 'node:path';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { NodeId, RunEvent } from '../run-event.ts';
import type { RunRecord } from '../run-record.ts';
import { writeFileAtomic } from '../storage/files/atomic-write.ts';
import {
  firstRecord,
  stepFacts,
  withEvent,
  withKept,
  type Kept,
  type StepFacts,
  type RunEnd,
  type RunFacts,
} from './record-events.ts';

/** Another form of the record, written when the run has ended: `junit.xml`. */
export interface RecordView {
  /** Name in the run's folder. */
  readonly file: string;
  readonly text: (record: RunRecord) => string;
}

export interface RecorderSettings {
  readonly pipeline: Pipeline;
  readonly facts: RunFacts;
  /** Folder of the run, absolute. */
  readonly folder: string;
  readonly views?: readonly RecordView[];
  /** Called once, when the record can't be written: the disk is full. The run goes on. */
  readonly problem: (error: Error) => void;
  /** So long after a change the record is written, with all that changed meanwhile; 500 milliseconds when not said. */
  readonly delayMs?: number;
}

/**
 * Keeps `run.json` in the folder of a run: whoever reads it at any time, also after the run was killed, finds all of the
 * record as it was a moment before.
 */
export class RunRecorder {
  private readonly settings: RecorderSettings;
  private readonly steps: StepFacts;
  private current: RunRecord;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();
  private hasFailed = false;

  constructor(settings: RecorderSettings) {
    this.settings = settings;
    this.steps = stepFacts(settings.pipeline);
    this.current = firstRecord(settings.pipeline, settings.facts);
    this.write('run.json', recordText);
  }

  get record(): RunRecord {
    return this.current;
  }

  /** A RunListener. */
  readonly listen = (event: RunEvent): void => {
    this.change(withEvent(this.current, event, this.steps));
  };

  keep(id: NodeId, kept: Kept): void {
    this.change(withKept(this.current, id, kept));
  }

  /** Writes the record of the run that has ended, and its other forms. */
  async finish(end: RunEnd): Promise<RunRecord> {
    clearTimeout(this.timer);
    this.current = { ...this.current, ...end };
    this.write('run.json', recordText);
    for (const { file, text } of this.settings.views ?? []) this.write(file, text);
    await this.writing;
    return this.current;
  }

  private change(record: RunRecord): void {
    if (record === this.current) return;
    this.current = record;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.write('run.json', recordText);
    }, this.settings.delayMs ?? 500).unref();
  }

  /** One after the other, so that no older state comes last. */
  private write(file: string, text: (record: RunRecord) => string): void {
    this.writing = this.writeAfter(this.writing, file, text);
  }

  private async writeAfter(earlier: Promise<void>, file: string, text: (record: RunRecord) => string): Promise<void> {
    await earlier;
    try {
      await writeFileAtomic(join(this.settings.folder, file), text(this.current));
    } catch (error) {
      if (!this.hasFailed) this.settings.problem(error as Error);
      this.hasFailed = true;
    }
  }
}

function recordText(record: RunRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}
