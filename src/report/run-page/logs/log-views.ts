import { fileLink } from './file-link.ts';
import { LIMITS } from '../limits.ts';
import { markup, type Markup, type Piece } from '../text/markup.ts';
import type { PageStep, PageWorkflow } from '../page-run.ts';
import type { LogExcerpt, LogSource } from '../run-page-input.ts';
import { sizeText } from '../../../core/amount-text.ts';
import { terminalText } from './terminal-markup.ts';

export interface LogViews {
  /** What stands in a step's fold; undefined for a step that wrote nothing. */
  of(step: PageStep): Markup | undefined;
  /** The end of its log; undefined unless it is one of the first that failed. */
  endOf(step: PageStep): Markup | undefined;
  /** The steps whose logs found no room, with links to the files. */
  readonly elsewhere: ReadonlyMap<PageStep, Piece>;
}

/**
 * Reads the logs of all steps, those of failed steps first, until the page has enough: what comes after is a link to the
 * file only.
 */
export function logViews(workflows: readonly PageWorkflow[], logs: LogSource): LogViews {
  const steps = workflows.flatMap(({ jobs }) => jobs.flatMap(({ nodes }) => nodes.flatMap((node) => node.steps)));
  const failed = steps.filter(({ record }) => record.status === 'failed');
  const views = new Map<PageStep, Markup>();
  const ends = new Map<PageStep, Markup>();
  const elsewhere = new Map<PageStep, Piece>();
  let left: number = LIMITS.allLogs;
  for (const step of [...failed, ...steps.filter(({ record }) => record.status !== 'failed')]) {
    const path = step.record.log;
    if (path === undefined) continue;
    if (left <= 0) {
      elsewhere.set(step, logLink(path));
      continue;
    }
    const excerpt = logs(path, step.record.status === 'failed' ? LIMITS.failedLog : LIMITS.log);
    if (!excerpt || excerpt.head + excerpt.tail === '') continue;
    const view = logView(excerpt, path);
    left -= view.text.length;
    views.set(step, view);
    if (step.record.status === 'failed' && ends.size < LIMITS.failures) ends.set(step, endView(excerpt));
  }
  return { of: (step) => views.get(step), endOf: (step) => ends.get(step), elsewhere };
}

function logView({ head, tail, cutBytes }: LogExcerpt, path: string): Markup {
  const link = logLink(path);
  if (cutBytes === 0) {
    return markup`<pre>${terminalText(head)}</pre>${link && markup`<p class="file">${link}</p>`}`;
  }
  return markup`<pre>${terminalText(head)}</pre><p class="cut">${sizeText(cutBytes)} are left out here. The whole: ${link ?? 'its log file'}</p><pre>${terminalText(tail)}</pre>`;
}

function logLink(path: string): Markup | undefined {
  const link = fileLink(path);
  return link === undefined ? undefined : markup`<a href="${link}">log file</a>`;
}

/** Its last lines, without empty ones at the end. */
function endView({ head, tail }: LogExcerpt): Markup {
  const lines = (tail === '' ? head : tail).trimEnd().split('\n').slice(-LIMITS.lastLines);
  const text = lines.join('\n');
  const end = text.length > LIMITS.lastCharacters ? `…${text.slice(-LIMITS.lastCharacters)}` : text;
  return markup`<pre>${terminalText(end)}</pre>`;
}
