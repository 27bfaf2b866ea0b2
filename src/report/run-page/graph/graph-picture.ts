import type { JobRecord } from '../../../runner/run-record.ts';
import { graphLayout, type BoxSize, type DrawnEdge, type LabelledEdge, type Point } from './graph-layout.ts';
import { LIMITS } from '../limits.ts';
import { markup, type Markup, type Piece } from '../text/markup.ts';
import { tookText } from '../text/moments.ts';
import type { PageJob, PageWorkflow } from '../page-run.ts';
import { inLines, oneLine, textWidth } from '../text/short-text.ts';
import { countsText, jobWords, lookOf } from '../text/status-look.ts';

interface Requirement extends LabelledEdge {
  readonly label: string;
  /** Did the required job end as it should? */
  readonly isMet: boolean;
}

const NAME_SIZE = 13;
const STATUS_SIZE = 12;
const LABEL_SIZE = 11;
const LINE = 16;
const TEXT_LEFT = 34;
const WIDEST_TEXT = 190;
const NARROWEST_TEXT = 84;
/** How far an approval's box points out on both sides. */
const POINT = 12;

/** The jobs of a workflow and what they require, as SVG. */
export function graphPicture({ record, jobs }: PageWorkflow): Markup {
  const edges = requirementsOf(jobs);
  const { width, height, boxes, edges: drawn, notDrawn } = graphLayout(jobs.map(boxSize), edges);
  const places = boxes.map((box, index) => jobBox(jobs[index], box));
  const label = `Graph of the workflow ${oneLine(record.name, LIMITS.name)}: ${countsText(record.jobs)}. The list of jobs below says the same in words.`;
  return markup`<div class="pic" role="region" tabindex="0" aria-label="Graph, scrollable"><svg class="graph" role="group" aria-label="${label}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
${drawn.map(edgeLine)}${drawn.map(edgeLabel)}
${places}</svg></div>${notDrawn === 0 ? undefined : markup`<p class="cut">${notDrawn} of ${edges.length} arrows are not drawn; each job below says what it requires.</p>`}`;
}

function requirementsOf(jobs: readonly PageJob[]): Requirement[] {
  const places = new Map(jobs.map(({ record }, index) => [record.name, index]));
  return jobs.flatMap(({ record }, to) =>
    record.requires.flatMap(({ job, statuses }) => {
      const from = places.get(job);
      if (from === undefined) return [];
      const label = statusesText(statuses);
      const status = jobs[from]?.record.status;
      return {
        from,
        to,
        label,
        labelWidth: label === '' ? 0 : textWidth(label, LABEL_SIZE) + 12,
        isMet: statuses.some((wanted) => wanted === status),
      };
    }),
  );
}

/** CircleCI's `terminal`: however it ends. */
const TERMINAL = ['success', 'failed', 'canceled', 'unauthorized', 'not_run'] as const;

/** What a job requires of another, in words; empty for success alone. */
export function statusesText(statuses: JobRecord['requires'][number]['statuses']): string {
  if (statuses.length === 0 || (statuses.length === 1 && statuses[0] === 'success')) return '';
  if (TERMINAL.every((status) => statuses.includes(status))) return 'any end';
  return statuses.map((status) => lookOf(status).words).join(', ');
}

function boxSize({ record }: PageJob): BoxSize {
  const lines = nameLines(record);
  const widths = [...lines.map((line) => textWidth(line, NAME_SIZE)), textWidth(secondLine(record), STATUS_SIZE)];
  const side = record.type === 'approval' ? POINT : 0;
  const text = widths.reduce((most, width) => Math.max(most, width), NARROWEST_TEXT);
  return { width: TEXT_LEFT + text + 14 + 2 * side, height: 30 + LINE * lines.length };
}

/** A long name takes two lines: what tells jobs of a matrix apart is anywhere in it. */
function nameLines({ name }: JobRecord): string[] {
  return inLines(oneLine(name, LIMITS.name), WIDEST_TEXT, NAME_SIZE);
}

function secondLine(record: JobRecord): string {
  const nodes = record.nodes.length > 1 ? `${record.nodes.length} nodes` : '';
  const type = record.type === 'build' ? '' : oneLine(record.type, 20);
  return [type, jobWords(record), tookText(record), nodes].filter((part) => part !== '').join(' · ');
}

function jobBox(job: PageJob | undefined, box: Point & BoxSize): Piece {
  if (!job) return undefined;
  const { record, id } = job;
  const left = box.x + (record.type === 'approval' ? POINT : 0);
  const { tone, icon } = lookOf(record.status);
  const second = secondLine(record);
  const full = `${oneLine(record.name, LIMITS.name)}: ${second}`;
  const lines = nameLines(record);
  const texts = lines.map((line, index) => textAt('bn', left, box.y + 20 + LINE * index, line));
  return markup`<a href="#${id}" class="${tone}" aria-label="${full}"><title>${full}</title>${shape(record, box)}<use href="#${icon}" class="i ${tone}" x="${left + 10}" y="${box.y + box.height / 2 - 8}" width="16" height="16"/>${texts}${textAt('bs', left, box.y + 20 + LINE * lines.length, second)}</a>
`;
}

function textAt(name: string, left: number, y: number, text: string): Markup {
  return markup`<text class="${name}" x="${left + TEXT_LEFT}" y="${y}">${text}</text>`;
}

/** Approvals have pointed sides, as people draw decisions. */
function shape({ type }: JobRecord, { x, y, width, height }: Point & BoxSize): Markup {
  if (type !== 'approval') {
    return markup`<rect class="box" x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/>`;
  }
  const [right, bottom] = [x + width, y + height];
  return markup`<path class="box" d="M${x} ${y + height / 2}L${x + POINT} ${y}H${right - POINT}L${right} ${y + height / 2}L${right - POINT} ${bottom}H${x + POINT}Z"/>`;
}

function edgeLine({ edge, points }: DrawnEdge<Requirement>): Markup {
  const end = points.at(-1) ?? { x: 0, y: 0 };
  const line = points
    .map(({ x, y }, index) => {
      const before = points[index - 1];
      if (!before) return `M${x} ${y}`;
      if (index % 2 === 0 || before.y === y) return `L${x} ${y}`;
      const middle = (before.x + x) / 2;
      return `C${middle} ${before.y} ${middle} ${y} ${x} ${y}`;
    })
    .join('');
  const head = `M${end.x - 6} ${end.y - 4}L${end.x - 1} ${end.y}L${end.x - 6} ${end.y + 4}`;
  return markup`<path class="${edge.isMet ? 'edge' : 'edge unmet'}" d="${line}"/><path class="edge" d="${head}"/>`;
}

function edgeLabel({ edge, label }: DrawnEdge<Requirement>): Piece {
  if (!label) return undefined;
  return markup`<rect class="lb" x="${label.x - edge.labelWidth / 2}" y="${label.y - 8}" width="${edge.labelWidth}" height="16" rx="8"/><text class="lt" x="${label.x}" y="${label.y + 4}">${edge.label}</text>`;
}
