import { join } from 'node:path';
import { changesText } from '../../report/local-run/outcome/changes-text.ts';
import { outcomeText, summaryTable } from '../../report/local-run/outcome/summary-table.ts';
import { colorPaint, plainPaint } from '../../report/local-run/status-texts.ts';
import type { RunRecord } from '../../runner/run-record.ts';
import type { Screen } from '../world.ts';

export interface EndPlaces {
  /** Folder of the run, as users can type it. */
  readonly shown: string;
  /** Its page in that folder; undefined when it could not be written. */
  readonly page: string | undefined;
  readonly screen: Screen | undefined;
}

/** What is told at the end: how the jobs ended, what changed in the local AWS, and where more is to be seen. */
export function endText(record: RunRecord, { shown, page, screen }: EndPlaces): string {
  const paint = screen?.terminal.colors ? colorPaint : plainPaint;
  return [
    '',
    summaryTable(record, { folder: shown, paint }),
    ...(record.localAws ? [changesText(record.localAws)] : []),
    outcomeText(record) + (page === undefined ? '' : `The page of this run: ${join(shown, page)}\n`),
  ].join('\n');
}
