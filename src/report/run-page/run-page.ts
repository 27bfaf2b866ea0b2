import { createHash } from 'node:crypto';
import { jobKey } from '../../runner/run-keys.ts';
import type { RunRecord } from '../../runner/run-record.ts';
import { failuresSection } from './jobs/failures.ts';
import { graphPicture } from './graph/graph-picture.ts';
import { jobList, type JobListParts } from './jobs/job-list.ts';
import { LIMITS } from './limits.ts';
import { logViews } from './logs/log-views.ts';
import { Markup, markup, type Piece } from './text/markup.ts';
import { clockFace, runSpan, type ClockFace, type Span } from './text/moments.ts';
import { pageHeader, workflowText } from './page-header.ts';
import { pageWorkflows, type PageJob, type PageWorkflow } from './page-run.ts';
import { STYLE } from './page-style.ts';
import type { RunPageInput } from './run-page-input.ts';
import { oneLine } from './text/short-text.ts';
import { ICONS, icon, lookOf, runStatus, workflowStatus } from './text/status-look.ts';
import { timelinePicture } from './timeline/timeline-picture.ts';

/** Pages with no more steps than this show those of all jobs; in others jobs that went well are folded. */
const STEPS_AT_A_GLANCE = 40;

/**
 * A run as one HTML page that needs nothing else: no script, no request, and a policy that forbids both, so that nothing in
 * a name or a log can do anything. It belongs into the run's folder, as its links to logs and artifacts are relative.
 */
export function runPage(record: RunRecord, { logs, artifactSize, testResults, timeZone }: RunPageInput): string {
  const clock = clockFace(timeZone ?? 'UTC');
  const workflows = pageWorkflows(record);
  const whole = runSpan(record);
  const views = logViews(workflows, logs);
  const results = new Map(testResults?.map((each) => [jobKey(each.workflow, each.job), each]));
  const parts: JobListParts = {
    views,
    artifactSize: artifactSize ?? (() => undefined),
    testResults: ({ workflow, record: job }) => results.get(jobKey(workflow.name, job.name)),
    areAllOpen: stepCount(workflows) <= STEPS_AT_A_GLANCE,
    left: { jobs: LIMITS.jobs, steps: LIMITS.steps, artifacts: LIMITS.artifacts },
  };
  const elsewhere = views.elsewhere.size;
  const body = markup`${new Markup(ICONS)}
<main>${pageHeader(record, workflows, clock)}
${elsewhere === 0 ? undefined : markup`<p class="cut">This page is full: the logs of ${elsewhere} steps are not on it. Their rows link to the files.</p>`}
${failuresSection(workflows, views)}${workflows.map((workflow) => workflowSection(workflow, whole, clock, parts))}${localAwsSection(record.localAws)}</main>`;
  return page(`${lookOf(runStatus(record)).words}: local run ${record.number}`, body);
}

function page(title: string, body: Markup): string {
  const hash = createHash('sha256').update(STYLE).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
${body}
</body>
</html>
`.text;
}

function stepCount(workflows: readonly PageWorkflow[]): number {
  const nodes = workflows.flatMap(({ jobs }) => jobs.flatMap((job: PageJob) => job.nodes));
  return nodes.reduce((count, { steps }) => count + steps.length, 0);
}

function workflowSection(
  workflow: PageWorkflow,
  whole: Span | undefined,
  clock: ClockFace,
  parts: JobListParts,
): Markup {
  const { id, record, jobs } = workflow;
  return markup`<section aria-labelledby="${id}"><h2 id="${id}">${icon(workflowStatus(record))}<span>${oneLine(record.name, LIMITS.name)}</span> <small>${workflowText(record.jobs)}</small></h2>
${
  jobs.length === 0
    ? markup`<p class="none">It has no jobs.</p>`
    : [
        markup`<h3>Graph</h3>${graphPicture(workflow)}
`,
        markup`<h3>Timeline</h3>${whole === undefined ? undefined : timelinePicture(workflow, whole, clock)}
`,
        markup`<h3>Jobs</h3>${jobList(jobs, parts)}
`,
      ]
}</section>
`;
}

function localAwsSection(lines: RunRecord['localAws']): Piece {
  if (lines === undefined) return undefined;
  const shown = lines.slice(0, LIMITS.localAwsLines);
  const more = lines.length - shown.length;
  return markup`<section aria-labelledby="aws"><h2 id="aws">What changed in the local AWS</h2>${
    lines.length === 0
      ? markup`<p class="none">Nothing.</p>`
      : markup`<ul class="card aws">${shown.map((line) => markup`<li>${oneLine(line, LIMITS.reason)}</li>`)}</ul>`
  }${more === 0 ? undefined : markup`<p class="cut">${more} further changes are in <a href="./run.json">run.json</a>.</p>`}</section>
`;
}
