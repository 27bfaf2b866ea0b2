import { durationText } from '../../../core/duration-text.ts';
import { LIMITS } from '../limits.ts';
import { markup, type Markup, type Piece } from '../text/markup.ts';
import type { ClockFace, Span } from '../text/moments.ts';
import type { PageWorkflow } from '../page-run.ts';
import { oneLine } from '../text/short-text.ts';
import { icon, lookOf } from '../text/status-look.ts';
import { ticksOf, timelineRows, type Bar, type StepBar, type TimelineRow } from './timeline-layout.ts';

const ROW = 30;
const AXIS = 24;
const BAR = 14;
/** Steps that are shorter than this part of the whole are not drawn one by one, unless they failed. */
const SHORTEST = 0.0012;
/** What a bar has at least, so that it can be seen. */
const NARROWEST = 0.004;

/** When what ran, as names and durations beside an SVG whose bars take the width that there is. */
export function timelinePicture(workflow: PageWorkflow, whole: Span, clock: ClockFace): Piece {
  const all = timelineRows(workflow, whole);
  if (all.length === 0) return markup`<p class="none">Nothing has run.</p>`;
  const rows = all.slice(0, LIMITS.timelineRows);
  const height = AXIS + rows.length * ROW + 4;
  const label = `Timeline of the workflow ${oneLine(workflow.record.name, LIMITS.name)}, from ${clock.date(whole.start)} to ${clock.time(whole.end)} ${clock.zone}. The list of jobs below has all durations.`;
  let left: number = LIMITS.timelineSteps;
  const bars = rows.map((row, index) => {
    const steps = row.steps.slice(0, left);
    left -= steps.length;
    return rowBars(row, steps, AXIS + index * ROW, clock);
  });
  return markup`<div class="pic tall" role="region" tabindex="0" aria-label="Timeline, scrollable"><div class="tl"><ol class="tn">${rows.map(rowName)}</ol><svg class="tc" role="img" aria-label="${label}" width="100%" height="${height}">${axis(whole, height)}${bars}</svg><ol class="td" aria-hidden="true">${rows.map(({ span }) => markup`<li>${durationText(span.end - span.start)}</li>`)}</ol></div></div>${
    rows.length === all.length
      ? undefined
      : markup`<p class="cut">The first ${rows.length} of ${all.length} rows are shown.</p>`
  }`;
}

function rowName({ job, node }: TimelineRow): Markup {
  const name = oneLine(job.record.name, LIMITS.name);
  return markup`<li>${icon(job.record.status)}<a href="#${job.id}" title="${name}">${name}</a>${node === undefined ? undefined : markup`<span class="nn">#${node}</span>`}</li>`;
}

function axis(whole: Span, height: number): Markup[] {
  return ticksOf(whole).map(({ at, text, isMinor }) => {
    const anchor = at < 0.03 ? 'ts' : at > 0.95 ? 'te' : 'tm';
    return markup`<g class="${isMinor ? 'tick minor' : 'tick'}"><line x1="${percent(at)}" x2="${percent(at)}" y1="${AXIS - 6}" y2="${height}"/><text class="${anchor}" x="${percent(at)}" y="12">${text}</text></g>`;
  });
}

function rowBars(
  { job, node, bar, span, steps }: TimelineRow,
  drawn: readonly StepBar[],
  top: number,
  clock: ClockFace,
): Markup {
  const { record } = job;
  const { tone, words } = lookOf(record.status);
  const y = top + (ROW - BAR) / 2;
  const name = oneLine(record.name, LIMITS.name) + (node === undefined ? '' : ` #${node}`);
  const many = steps.length - drawn.length;
  const title = `${name}: ${words}, ${spanText(span, clock)}${many > 0 ? ` (${many} steps are not drawn)` : ''}`;
  const shown = drawn.filter(({ step, from, to }) => step.status === 'failed' || to - from >= SHORTEST);
  const kind = record.type === 'approval' ? 'wait' : 'tj';
  return markup`<g class="${tone}"><rect class="${kind}" ${place(bar)} y="${y}" height="${BAR}" rx="3"><title>${title}</title></rect></g>${shown.map((each) => stepBar(each, y, clock))}`;
}

function stepBar({ step, span, lane, ...bar }: StepBar, y: number, clock: ClockFace): Markup {
  const { tone, words } = lookOf(step.status);
  const [top, height] = lane === 0 ? [y + 2, BAR - 4] : [y + BAR, 3];
  const title = `${oneLine(step.name, LIMITS.name)}: ${words}, ${spanText(span, clock)}`;
  const hatch =
    step.status === 'failed' ? markup`<rect class="hatch" ${place(bar)} y="${top}" height="${height}"/>` : undefined;
  return markup`<g class="${tone}"><rect class="${lane === 0 ? 'step' : 'step back'}" ${place(bar)} y="${top}" height="${height}" rx="2"><title>${title}</title></rect>${hatch}</g>`;
}

function spanText({ start, end }: Span, clock: ClockFace): string {
  return `${clock.time(start)} to ${clock.time(end)} (${durationText(end - start)})`;
}

function place({ from, to }: Bar): Markup {
  const width = Math.max(NARROWEST, to - from);
  return markup`x="${percent(Math.min(from, 1 - width))}" width="${percent(width)}"`;
}

function percent(part: number): string {
  return `${Math.round(part * 10_000) / 100}%`;
}
