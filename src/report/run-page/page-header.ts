import { counted } from '../../core/amount-text.ts';
import type { RunRecord } from '../../runner/run-record.ts';
import { LIMITS } from './limits.ts';
import { markup, type Markup, type Piece } from './text/markup.ts';
import { momentOf, spanOf, tookText, type ClockFace } from './text/moments.ts';
import type { PageWorkflow } from './page-run.ts';
import { oneLine } from './text/short-text.ts';
import { countsText, icon, lookOf, runStatus, workflowStatus } from './text/status-look.ts';
import { durationText } from '../../core/duration-text.ts';

/** What ran, on what, when, and how it ended. */
export function pageHeader(record: RunRecord, workflows: readonly PageWorkflow[], clock: ClockFace): Markup {
  const status = runStatus(record);
  const { tone, words } = lookOf(status);
  const started = momentOf(record.startedAt);
  const facts: readonly (readonly [string, Piece])[] = [
    ['Config', markup`<code>${oneLine(record.config, LIMITS.name)}</code>`],
    ['Branch', record.branch === undefined ? undefined : oneLine(record.branch, LIMITS.name)],
    ['Commit', commitOf(record)],
    ['Started', started === undefined ? undefined : `${clock.date(started)} ${clock.zone}`],
    ['Duration', tookText(record)],
    ['Exit code', record.exitCode],
  ];
  const jobs = workflows.flatMap((workflow) => workflow.record.jobs);
  return markup`<header><div class="top"><h1>Local run ${record.number}</h1><p class="badge ${tone}">${icon(status)}${words}</p><p class="counts">${counted(jobs.length, 'job')}: ${countsText(jobs)}</p></div>
<dl class="facts">${facts.map(([name, value]) => (value === undefined || value === '' ? undefined : markup`<div><dt>${name}</dt><dd>${value}</dd></div>`))}</dl>
${workflows.length < 2 ? undefined : markup`<nav aria-label="Workflows"><ul>${workflows.map(workflowLink)}</ul></nav>`}</header>`;
}

const SHORT_COMMIT = 12;

function commitOf({ commit, dirty }: RunRecord): Piece {
  const changed = dirty ? markup` <span class="chip">with uncommitted files</span>` : undefined;
  if (commit === undefined) return dirty ? changed : undefined;
  return markup`<code title="${oneLine(commit, LIMITS.name)}">${oneLine(commit, 64).slice(0, SHORT_COMMIT)}</code>${changed}`;
}

function workflowLink({ id, record }: PageWorkflow): Markup {
  return markup`<li><a href="#${id}">${icon(workflowStatus(record))}<span>${oneLine(record.name, LIMITS.name)}</span></a> <small>${workflowText(record.jobs)}</small></li>`;
}

/** As `failed, 3m 20s: 1 failed, 9 success`. */
export function workflowText(jobs: RunRecord['workflows'][number]['jobs']): string {
  const span = spanOf(jobs);
  const took = span === undefined ? '' : `${durationText(span.end - span.start)}: `;
  return `${took}${countsText(jobs)}`;
}
