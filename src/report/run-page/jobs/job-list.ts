import type { NodeRecord } from '../../../runner/run-record.ts';
import { deployTexts } from '../../local-run/outcome/deploy-texts.ts';
import { fileLink } from '../logs/file-link.ts';
import { statusesText } from '../graph/graph-picture.ts';
import { LIMITS } from '../limits.ts';
import type { LogViews } from '../logs/log-views.ts';
import { markup, type Markup, type Piece } from '../text/markup.ts';
import { tookText } from '../text/moments.ts';
import type { PageJob, PageNode, PageStep } from '../page-run.ts';
import type { JobTestResults } from '../run-page-input.ts';
import { beginning, oneLine } from '../text/short-text.ts';
import { sizeText } from '../../../core/amount-text.ts';
import { icon, jobWords, lookOf } from '../text/status-look.ts';
import { stepNote } from './step-note.ts';
import { testResults } from './test-results.ts';

export interface JobListParts {
  readonly views: LogViews;
  readonly artifactSize: (path: string) => number | undefined;
  readonly testResults: (job: PageJob) => JobTestResults | undefined;
  /** Whether jobs that went well are unfolded too. */
  readonly areAllOpen: boolean;
  /** What may still be shown on this page. */
  readonly left: { jobs: number; steps: number; artifacts: number };
}

/** The jobs of a workflow with their steps, logs and artifacts. */
export function jobList(jobs: readonly PageJob[], parts: JobListParts): Markup {
  const shown = jobs.slice(0, parts.left.jobs);
  parts.left.jobs -= shown.length;
  const more = jobs.length - shown.length;
  return markup`<div class="jobs">${shown.map((job) => jobCard(job, parts))}</div>${more === 0 ? undefined : markup`<p class="cut">${more} further jobs are in <a href="./run.json">run.json</a>.</p>`}`;
}

function jobCard(job: PageJob, parts: JobListParts): Markup {
  const { record, id, nodes } = job;
  const words = jobWords(record);
  const { tone } = lookOf(record.status);
  const head = markup`${icon(record.status)}<span class="jn"><h4>${oneLine(record.name, LIMITS.name)}</h4>${record.type === 'build' ? undefined : markup`<span class="chip">${oneLine(record.type, 20)}</span>`}</span><span class="st ${tone}">${words}</span><span class="du">${tookText(record)}</span>`;
  const results = parts.testResults(job);
  const body = [
    record.requires.length === 0 ? undefined : markup`<p class="req">after ${requiresText(job)}</p>`,
    record.reason === undefined ? undefined : markup`<p class="jr">${beginning(record.reason, LIMITS.reason)}</p>`,
    nodes.map((node, index) => nodeSteps(node, nodes.length > 1 ? index : undefined, parts)),
    deployList(nodes.map((node) => node.record)),
    results && testResults(results),
  ];
  const isOpen = parts.areAllOpen || record.status === 'failed' || record.status === 'running';
  return markup`<details class="card job" id="${id}"${isOpen ? markup` open` : undefined}><summary>${head}</summary>${body}</details>
`;
}

const MOST_REQUIRED = 50;

function requiresText({ record }: PageJob): string {
  const all = record.requires.map(({ job, statuses }) => {
    const wanted = statusesText(statuses);
    return `${oneLine(job, LIMITS.name)}${wanted === '' ? '' : ` (${wanted})`}`;
  });
  const more = all.length - MOST_REQUIRED;
  return all.slice(0, MOST_REQUIRED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function nodeSteps({ record, steps }: PageNode, number: number | undefined, parts: JobListParts): Markup {
  const shown = steps.slice(0, parts.left.steps);
  parts.left.steps -= shown.length;
  const more = steps.length - shown.length;
  return markup`${number === undefined ? undefined : markup`<h5>Node ${number}</h5>`}${steps.length === 0 ? undefined : markup`<ol class="steps">${shown.map((step) => stepRow(step, parts.views))}</ol>`}${more === 0 ? undefined : markup`<p class="cut">${more} further steps are in <a href="./run.json">run.json</a>.</p>`}${artifactList(record.artifacts, parts)}`;
}

function stepRow(step: PageStep, views: LogViews): Markup {
  const { record, id } = step;
  const { words, tone } = lookOf(record.status);
  const note = stepNote(record);
  const elsewhere = views.elsewhere.get(step);
  const status = record.status === 'success' ? 'v' : `st ${tone}`;
  const row = markup`${icon(record.status)}<span class="sn">${oneLine(record.name, LIMITS.name)}</span><span class="${status}">${words}</span><span class="du">${record.status === 'skipped' ? undefined : tookText(record)}</span>${note === '' && elsewhere === undefined ? undefined : markup`<span class="no">${note} ${elsewhere}</span>`}`;
  const log = views.of(step);
  // The address stands inside of the fold: going there unfolds it.
  return log === undefined
    ? markup`<li class="row" id="${id}">${row}</li>`
    : markup`<li><details><summary class="row">${row}</summary><div class="log" id="${id}">${log}</div></details></li>`;
}

function artifactList(paths: readonly string[], parts: JobListParts): Piece {
  if (paths.length === 0) return undefined;
  const shown = paths.slice(0, parts.left.artifacts);
  parts.left.artifacts -= shown.length;
  const more = paths.length - shown.length;
  return markup`<div class="art"><p>Artifacts</p><ul>${shown.map((path) => artifact(path, parts.artifactSize(path)))}</ul>${more === 0 ? undefined : markup`<p class="cut">${more} further artifacts are in <a href="./artifacts">artifacts</a>.</p>`}</div>`;
}

function deployList(nodes: readonly NodeRecord[]): Piece {
  const texts = deployTexts(nodes);
  if (texts.length === 0) return undefined;
  const shown = texts.slice(0, LIMITS.listedDeploys);
  const more = texts.length - shown.length;
  return markup`<div class="art"><p>Deploys</p><ul>${shown.map((text) => markup`<li>${oneLine(text, LIMITS.reason)}</li>`)}</ul>${more === 0 ? undefined : markup`<p class="cut">${more} further deploys are in <a href="./run.json">run.json</a>.</p>`}</div>`;
}

function artifact(path: string, size: number | undefined): Markup {
  const name = oneLine(path.replace(/^artifacts\//, ''), LIMITS.name);
  const link = fileLink(path);
  return markup`<li>${link === undefined ? name : markup`<a href="${link}">${name}</a>`}${size === undefined ? undefined : markup` <small>${sizeText(size)}</small>`}</li>`;
}
