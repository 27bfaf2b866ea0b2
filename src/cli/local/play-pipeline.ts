import { setMaxListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { EXIT, type ExitCode } from '../../core/exit-codes.ts';
import { junitText } from '../../report/local-run/outcome/junit-text.ts';
import type { StepFailure } from '../../report/local-run/progress/run-progress.ts';
import type { Contexts } from '../../runner/contexts/read-contexts.ts';
import type { KilledRun } from '../../runner/interrupted/end-killed-runs.ts';
import type { Pipeline } from '../../runner/pipeline/pipeline.ts';
import { logPaths } from '../../runner/record/log-path.ts';
import { LogWriter } from '../../runner/record/log-writer.ts';
import type { RunFacts } from '../../runner/record/record-events.ts';
import { RunRecorder } from '../../runner/record/run-recorder.ts';
import type { RunListener } from '../../runner/run-event.ts';
import { runJob, type JobSurroundings } from '../../runner/run-job.ts';
import { runPipeline, type PipelineEnd } from '../../runner/run-pipeline.ts';
import type { World } from '../world.ts';
import { approver } from './approver.ts';
import { archiveMirror } from './archive-mirror.ts';
import { findScenario, variablesSaid } from './cloud-inputs.ts';
import { endText } from './end-text.ts';
import { hostOpener } from './host-opener.ts';
import type { LocalCloud } from './local-cloud.ts';
import type { Printer } from './open-printer.ts';
import { openRun, type OpenRun } from './open-run.ts';
import type { ProjectFolders } from './project-folders.ts';
import type { RunParts } from './run-parts.ts';
import type { CompiledPipeline, RunInputs } from './run-work.ts';
import { writePage } from './write-page.ts';

const CANCELING = 'Canceling: what runs is asked to end, and killed if it does not. A second Ctrl-C kills it at once.';

const ON_THIS_MACHINE = 'Jobs run with the programs of this machine; with --docker they run in their images.';

export interface Play {
  readonly inputs: RunInputs;
  readonly world: World;
  readonly folders: ProjectFolders;
  readonly contexts: Contexts;
  /** What is to run, for the run of this number. */
  readonly numbered: (number: number) => Promise<CompiledPipeline>;
  readonly parts: RunParts;
}

/** Runs a pipeline in a folder of its own, shows it, and leaves record, logs and page there. */
export async function playPipeline(play: Play): Promise<ExitCode> {
  // Every node of a job listens to it: from the eleventh on Node.js would warn of a leak.
  setMaxListeners(0, play.world.signal);
  const run = await openRun(play);
  try {
    const cloud = await openCloud(play, run);
    try {
      return await show(play, run, cloud);
    } finally {
      await cloud?.close();
    }
  } finally {
    await run.close();
  }
}

async function openCloud(
  { inputs, world, contexts, parts }: Play,
  { issuer, pipeline }: OpenRun,
): Promise<LocalCloud | undefined> {
  if (!inputs.localAws) return undefined;
  return parts.openCloud({
    scenario: findScenario(inputs.config, inputs.scenario, world.cwd),
    issuer,
    said: variablesSaid(pipeline, contexts),
    env: world.env,
    log: (line) => world.stderr(`${line}\n`),
  });
}

async function show(play: Play, run: OpenRun, cloud: LocalCloud | undefined): Promise<ExitCode> {
  const { inputs, world, parts } = play;
  const { pipeline, folder } = run;
  const screen = await world.openScreen?.();
  const shown = relative(world.cwd, folder.path) || folder.path;
  const logs = logPaths(pipeline);
  const logOf = ({ id, step, end }: StepFailure): string => join(shown, logs(id, step, end.name));
  const printer = parts.openPrinter({ pipeline, atOnce: atOnce(inputs), logOf, screen, world });
  const over = new AbortController();
  try {
    for (const each of run.killed) printer.note(killedText(each));
    if (!inputs.docker && hasImages(pipeline)) printer.note(ON_THIS_MACHINE);
    // When it can be read, a second signal must already mean what it says.
    const tellCanceling = (): void => void setImmediate(() => printer.note(CANCELING));
    world.signal.addEventListener('abort', tellCanceling, { once: true, signal: over.signal });
    const { record, exitCode, problem } = await perform(play, run, cloud, printer);
    const page = await writePage(record, folder.path, problem);
    printer.close();
    world.stdout(endText(record, { shown, page, screen }));
    return exitCode;
  } finally {
    over.abort();
    printer.close();
  }
}

/** Runs the jobs, and keeps what happens in the record and the logs. */
async function perform(play: Play, run: OpenRun, cloud: LocalCloud | undefined, printer: Printer) {
  const { inputs, world } = play;
  const { pipeline, folder } = run;
  const { signal, clock } = world;
  const problem = (error: Error): void =>
    printer.note(`warning: what this run leaves is not complete: ${error.message}`);
  const views = [{ file: 'junit.xml', text: junitText }];
  const recorder = new RunRecorder({ pipeline, facts: factsOf(play, run), folder: folder.path, views, problem });
  const writer = new LogWriter(pipeline, folder.path, problem);
  const listen: RunListener = (event) => {
    recorder.listen(event);
    writer.listen(event);
    printer.listen(event);
  };
  const approve = approver({ given: inputs.approve ?? [], questioner: printer.questioner, signal });
  const around = surroundings(play, run, { cloud, listen, keep: (id, kept) => recorder.keep(id, kept) });
  const end = await runPipeline({
    pipeline,
    atOnce: atOnce(inputs),
    runJob: (workflow, job) => runJob(workflow, job, around),
    approve: (_workflow, job) => approve(job),
    listen,
    signal,
    now: () => clock.now().getTime(),
  });
  writer.close();
  const exitCode = exitCodeOf(end, world);
  const record = await recorder.finish({
    exitCode,
    finishedAt: clock.now().toISOString(),
    ...(cloud ? { localAws: cloud.changes() } : {}),
  });
  return { record, exitCode, problem };
}

function surroundings(
  { inputs, world, folders, contexts }: Play,
  { identity, checkout, source, folder, traces, toolsFolder, issuer, secrets }: OpenRun,
  { cloud, listen, keep }: Pick<JobSurroundings, 'listen' | 'keep'> & { cloud: LocalCloud | undefined },
): JobSurroundings {
  const { env, clock, signal } = world;
  return {
    pipeline: identity,
    checkout,
    config: source,
    contexts,
    runFolder: folder.path,
    localFolder: folders.localFolder,
    jobsFolder: traces.jobsFolder,
    toolsFolder,
    issuer,
    openHost: hostOpener({ docker: inputs.docker, toolsFolder, mark: traces.mark, env, clock, signal }),
    environment: { ...archiveMirror(world), ...cloud?.environment },
    secrets,
    listen,
    keep,
    clock,
    signal,
    atOnce: atOnce(inputs),
  };
}

function factsOf({ inputs, world }: Play, { folder, checkout }: OpenRun): RunFacts {
  return {
    number: folder.number,
    config: inputs.config,
    commit: checkout.commit,
    ...(checkout.branch === undefined ? {} : { branch: checkout.branch }),
    dirty: inputs.dirty,
    startedAt: world.clock.now().toISOString(),
  };
}

function hasImages({ workflows }: Pipeline): boolean {
  return workflows.some(({ jobs }) => jobs.some(({ job }) => job?.executor.kind === 'docker'));
}

function atOnce({ jobs }: RunInputs): number {
  return jobs ?? availableParallelism();
}

function exitCodeOf(end: PipelineEnd, { signal }: World): ExitCode {
  if (signal.aborted) return EXIT.canceled;
  const statuses = [...end.values()].flatMap((jobs) => [...jobs.values()]);
  if (statuses.some((status) => status === 'failed' || status === 'unauthorized')) return EXIT.general;
  if (statuses.includes('on_hold')) return EXIT.paused;
  return EXIT.ok;
}

function killedText({ run, processes }: KilledRun): string {
  const ended = processes === 0 ? '' : `; ended ${processes} ${processes === 1 ? 'process' : 'processes'} of it`;
  return `Run ${run} was killed: removed what its jobs left${ended}.`;
}
