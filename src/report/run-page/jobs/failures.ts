import { LIMITS } from '../limits.ts';
import type { LogViews } from '../logs/log-views.ts';
import { markup, type Markup, type Piece } from '../text/markup.ts';
import type { PageJob, PageStep, PageWorkflow } from '../page-run.ts';
import { beginning, oneLine } from '../text/short-text.ts';
import { stepNote } from './step-note.ts';
import { icon } from '../text/status-look.ts';
import { tookText } from '../text/moments.ts';

/** A step that failed, or a job that failed without one. */
interface Failure {
  readonly job: PageJob;
  readonly step?: PageStep;
  /** As `CIRCLE_NODE_INDEX` has it; undefined when the job has one only. */
  readonly node?: number;
}

/** What failed and why, and what waits for somebody: what a reader wants first. Nothing when all went well. */
export function failuresSection(workflows: readonly PageWorkflow[], views: LogViews): Piece {
  const jobs = workflows.flatMap((workflow) => workflow.jobs);
  const failures = jobs.flatMap(failuresOf);
  const held = jobs.filter(({ record }) => record.status === 'on_hold');
  const told = failures.slice(0, LIMITS.failures);
  const listed = failures.slice(LIMITS.failures, LIMITS.failures + LIMITS.listedFailures);
  const more = failures.length - told.length - listed.length;
  const several = workflows.length > 1;
  return [
    failures.length === 0
      ? undefined
      : markup`<section aria-labelledby="failed"><h2 id="failed">What failed</h2>
${told.map((failure) => failureCard(failure, several, views))}
${listed.length === 0 ? undefined : markup`<ul class="card also">${listed.map((failure) => markup`<li>${icon('failed')}${failureLink(failure, several)}</li>`)}</ul>`}
${more === 0 ? undefined : markup`<p class="cut">${more} further failures are in the list of jobs below.</p>`}</section>
`,
    held.length === 0
      ? undefined
      : markup`<section aria-labelledby="held"><h2 id="held">Waiting for an approval</h2><ul class="card also">${held.slice(0, LIMITS.listedFailures).map(heldJob)}</ul></section>
`,
  ];
}

function failuresOf(job: PageJob): Failure[] {
  const { status } = job.record;
  if (status !== 'failed' && status !== 'unauthorized') return [];
  const several = job.nodes.length > 1;
  const steps = job.nodes.flatMap(({ steps: all }, index) =>
    all
      .filter(({ record }) => record.status === 'failed' && !record.background)
      .map((step) => ({ job, step, ...(several ? { node: index } : {}) })),
  );
  return steps.length === 0 ? [{ job }] : steps;
}

function failureCard(failure: Failure, several: boolean, views: LogViews): Markup {
  const { job, step } = failure;
  const end = step && views.endOf(step);
  const took = step === undefined ? '' : tookText(step.record);
  const reason = job.record.reason;
  return markup`<article class="card fail"><h3>${icon('failed')}${failureLink(failure, several)}</h3>
<p class="why">${step === undefined ? undefined : `${took === '' ? '' : `after ${took}: `}${stepNote(step.record) || 'failed'}`}${reason === undefined ? undefined : markup`<span class="reason">${beginning(reason, LIMITS.reason)}</span>`}</p>
${end === undefined ? undefined : markup`<p class="last">Last lines of its log</p>${end}`}</article>
`;
}

function failureLink({ job, step, node }: Failure, several: boolean): Markup {
  const names = [
    several ? job.workflow.name : undefined,
    node === undefined ? job.record.name : `${job.record.name} (node ${node})`,
    step?.record.name,
  ];
  const path = names.flatMap((name) => (name === undefined ? [] : [oneLine(name, LIMITS.name)]));
  return markup`<a href="#${step?.id ?? job.id}">${path.join(' › ')}</a>`;
}

function heldJob({ id, record }: PageJob): Markup {
  const name = oneLine(record.name, LIMITS.name);
  return markup`<li>${icon('on_hold')}<span><a href="#${id}">${name}</a> <small>run again with <code>--approve ${name}</code>, or approve it on a terminal</small></span></li>`;
}
