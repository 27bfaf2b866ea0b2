import { randomUUID } from 'node:crypto';
import type { Source } from '../config/source.ts';
import type { Clock } from '../core/clock.ts';
import { DeployError } from '../core/errors.ts';
import type { GrowingRedactor, Redact } from '../core/redact.ts';
import type { CommandHost } from './command-host.ts';
import { missingContexts } from './contexts/missing-contexts.ts';
import { contextsOfJob, type Contexts } from './contexts/read-contexts.ts';
import { jobEnvironment, type Environment, type JobIdentity } from './job/job-environment.ts';
import { makeJobPlace, removeJobPlace } from './job/make-job-place.ts';
import { runSteps, type StepsEnd } from './job/run-steps.ts';
import type { JobPlace } from './job-place.ts';
import type { CheckoutSource } from './job-world.ts';
import type { Kept } from './record/record-events.ts';
import type { Job, Workflow, WorkflowJob } from './pipeline/pipeline.ts';
import type { NodeId, RunListener } from './run-event.ts';
import type { JobEnd } from './run-pipeline.ts';
import { isErrno, storageError } from './storage/storage-error.ts';
import { storageHandlers } from './storage/storage-handlers.ts';
import { prepareControl, releasesOf, type ReleaseRecord } from './tools/control-files.ts';
import { tokenVariables, type LocalIssuer, type TokenJob } from './tools/local-issuer.ts';

/** What the jobs of one run share. */
export interface JobSurroundings {
  readonly pipeline: PipelineIdentity;
  readonly checkout: CheckoutSource;
  readonly config: Source;
  readonly contexts: Contexts;
  /** `.circleci/local/runs/<n>` and `.circleci/local`, absolute. */
  readonly runFolder: string;
  readonly localFolder: string;
  /** Where jobs have their own folders while they run. */
  readonly jobsFolder: string;
  /** Folder with the tools of jobs. */
  readonly toolsFolder: string;
  readonly issuer: LocalIssuer;
  /** Where the steps of a job run. */
  readonly openHost: (job: Job, place: JobPlace, say: (text: string) => void) => Promise<OpenHost>;
  /** Wins over everything but what a job says itself. */
  readonly environment: Environment;
  readonly secrets: GrowingRedactor;
  readonly listen: RunListener;
  readonly keep: (id: NodeId, kept: Kept) => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** How many nodes of a job may run at once. */
  readonly atOnce: number;
}

export interface OpenHost {
  readonly host: CommandHost;
  /** What is there before anything else sets a variable. */
  readonly environment: Environment;
}

/** What all jobs of a run are told of it. */
export type PipelineIdentity = Pick<
  JobIdentity,
  | 'pipelineId'
  | 'organizationId'
  | 'projectId'
  | 'commit'
  | 'branch'
  | 'repositoryUrl'
  | 'projectUsername'
  | 'projectReponame'
  | 'username'
> & {
  readonly number: number;
  readonly userId: string;
  /** By the name of the workflow. */
  readonly workflowIds: ReadonlyMap<string, string>;
  /** The deploy markers that jobs left, by the name of the workflow. */
  readonly releases: Map<string, ReleaseRecord[]>;
};

/** So many jobs a run can have before its numbers meet those of the next. */
const BUILD_NUMBERS = 10_000;

/** Runs all nodes of a job, each in folders of its own. Never rejects. */
export async function runJob(workflow: Workflow, call: WorkflowJob, around: JobSurroundings): Promise<JobEnd> {
  const { job } = call;
  if (!job) return { status: 'success' };
  const missing = missingContexts(call, around.contexts, around.localFolder);
  if (missing) return { status: 'unauthorized', reason: missing.reason };
  const jobId = randomUUID();
  const nodes = Array.from({ length: job.parallelism }, (_, node) => node);
  const ends = await inTurns(nodes, around.atOnce, (node) => runNode({ workflow, call, job, node, jobId }, around));
  return (
    ends.find(({ status }) => status === 'canceled') ??
    ends.find(({ status }) => status === 'failed') ?? { status: 'success' }
  );
}

/** Works on all items, so many at once, in their order. */
async function inTurns<T, R>(items: readonly T[], atOnce: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  const left = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of left) done[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return done;
}

interface NodeOfJob {
  readonly workflow: Workflow;
  readonly call: WorkflowJob;
  readonly job: Job;
  readonly node: number;
  readonly jobId: string;
}

async function runNode(of: NodeOfJob, around: JobSurroundings): Promise<JobEnd> {
  const note = (text: string): void =>
    around.listen({
      kind: 'note',
      text: around.secrets.redact(`${of.call.name}: ${text}`),
      at: around.clock.now().getTime(),
    });
  try {
    const place = await makeJobPlace(around.jobsFolder);
    try {
      return endOf(await runInPlace(of, place, around, note));
    } finally {
      await removeJobPlace(place).catch((error: unknown) => note((error as Error).message));
    }
  } catch (error) {
    if (around.signal.aborted) return { status: 'canceled' };
    return { status: 'failed', reason: around.secrets.redact(reasonOf(error)) };
  }
}

/** A disk that is full while a job is made ready fails the job, and not the run. */
function reasonOf(error: unknown): string {
  const told = isErrno(error) ? storageError('the job can not be made ready', error) : error;
  return told instanceof DeployError ? [told.title, ...told.hints].map(sentence).join(' ') : String(told);
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function endOf({ status, reason }: StepsEnd): JobEnd {
  return { status, ...(reason === undefined ? {} : { reason }) };
}

async function runInPlace(
  { workflow, call, job, node, jobId }: NodeOfJob,
  place: JobPlace,
  around: JobSurroundings,
  say: (text: string) => void,
): Promise<StepsEnd> {
  const { pipeline, issuer, contexts, secrets, signal, clock, listen } = around;
  const token = tokenJob(workflow, jobId, around);
  const tokens = tokenVariables(issuer, token, clock.now());
  secrets.hide(Object.values(tokens));
  const releases = pipeline.releases.get(workflow.name) ?? [];
  await prepareControl(place.control, { issuer, job: token, releases });
  const { host, environment } = await around.openHost(job, place, say);
  try {
    const env = jobEnvironment({
      image: environment,
      project: contexts.project,
      contexts: [...contextsOfJob(contexts, call.contexts), around.environment],
      identity: identityOf(pipeline, { workflow, call, job, node, jobId }, tokens),
      place,
      toolsFolder: around.toolsFolder,
      job: job.environment,
    });
    const { checkout, config, runFolder, localFolder } = around;
    const id = { workflow: workflow.name, job: call.name, node };
    const end = await runSteps(
      job.steps,
      { id, workflow, job: call, place, host, env, checkout, config, runFolder, localFolder, signal, say },
      { handlers: storageHandlers, listen, redact: secrets.redact, clock },
    );
    const deploys = releasesOf(place.control).map((release) => redactedTexts(release, secrets.redact));
    around.keep(id, { artifacts: end.artifacts, ...(deploys.length > 0 ? { deploys } : {}) });
    return end;
  } finally {
    await host.close();
    const own = releasesOf(place.control);
    // Other jobs may have left theirs meanwhile.
    pipeline.releases.set(workflow.name, [...(pipeline.releases.get(workflow.name) ?? []), ...own]);
  }
}

function redactedTexts(release: ReleaseRecord, redact: Redact): ReleaseRecord {
  const redacted = Object.entries(release).map(([key, value]) => [
    key,
    typeof value === 'string' && key !== 'at' ? redact(value) : value,
  ]);
  return Object.fromEntries(redacted) as ReleaseRecord;
}

function identityOf(
  pipeline: PipelineIdentity,
  { workflow, call, job, node, jobId }: NodeOfJob,
  tokens: ReturnType<typeof tokenVariables>,
): JobIdentity {
  const { number, workflowIds, releases: _releases, userId: _userId, ...known } = pipeline;
  return {
    ...known,
    name: call.name,
    node,
    parallelism: job.parallelism,
    workingDirectory: job.workingDirectory,
    jobId,
    workflowId: workflowIds.get(workflow.name) ?? '',
    buildNumber: number * BUILD_NUMBERS + workflow.jobs.indexOf(call) + 1,
    oidcToken: tokens.CIRCLE_OIDC_TOKEN,
    oidcTokenV2: tokens.CIRCLE_OIDC_TOKEN_V2,
  };
}

function tokenJob(workflow: Workflow, jobId: string, { pipeline }: JobSurroundings): TokenJob {
  const { repositoryUrl, branch } = pipeline;
  const origin = /^(?:[a-z]+:\/\/)?(?:[^@/]*@)?([^:/]+)[:/](.+?)(?:\.git)?$/.exec(repositoryUrl ?? '');
  return {
    projectId: pipeline.projectId,
    userId: pipeline.userId,
    pipelineId: pipeline.pipelineId,
    workflowId: pipeline.workflowIds.get(workflow.name) ?? '',
    jobId,
    contextIds: [],
    ...(origin ? { vcsOrigin: `${origin[1]}/${origin[2]}` } : {}),
    ...(branch === undefined ? {} : { vcsRef: `refs/heads/${branch}` }),
  };
}
