import { setMaxListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { EXIT, type ExitCode } from '../../core/exit-codes.ts';
import { growingRedactor } from '../../core/redact.ts';
import { changesText } from '../../report/local-run/outcome/changes-text.ts';
import { junitText } from '../../report/local-run/outcome/junit-text.ts';
import type { StepFailure } from '../../report/local-run/progress/run-progress.ts';
import { colorPaint, plainPaint } from '../../report/local-run/status-texts.ts';
import { outcomeText, summaryTable } from '../../report/local-run/outcome/summary-table.ts';
import type { Contexts } from '../../runner/contexts/read-contexts.ts';
import { secretTexts } from '../../runner/contexts/secret-texts.ts';
import { clearTraces, clearTracesNow } from '../../runner/interrupted/clear-traces.ts';
import { endKilledRuns, type KilledRun } from '../../runner/interrupted/end-killed-runs.ts';
import { leaveTraces } from '../../runner/interrupted/run-traces.ts';
import { logPaths } from '../../runner/record/log-path.ts';
import type { Pipeline } from '../../runner/pipeline/pipeline.ts';
import { LogWriter } from '../../runner/record/log-writer.ts';
import { RunRecorder } from '../../runner/record/run-recorder.ts';
import type { RunEvent } from '../../runner/run-event.ts';
import { runIdentity } from '../../runner/run-identity.ts';
import { runJob, type JobSurroundings } from '../../runner/run-job.ts';
import { runPipeline, type PipelineEnd } from '../../runner/run-pipeline.ts';
import type { RunRecord } from '../../runner/run-record.ts';
import { findCheckoutSource } from '../../runner/storage/checkout/checkout-source.ts';
import { openRunFolder, removeWorkspaces } from '../../runner/storage/run-folder.ts';
import { localIssuer } from '../../runner/tools/local-issuer.ts';
import { writeToolShims } from '../../runner/tools/tool-shims.ts';
import type { Screen, World } from '../world.ts';
import { approver } from './approver.ts';
import { archiveMirror } from './archive-mirror.ts';
import { findScenario, variablesSaid } from './cloud-inputs.ts';
import { hostOpener } from './host-opener.ts';
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
  const { inputs, world, folders, contexts, numbered, parts } = play;
  const { project, localFolder } = folders;
  // Every node of a job listens to it: from the eleventh on Node.js would warn of a leak.
  setMaxListeners(0, world.signal);
  const checkout = await findCheckoutSource(project, inputs.dirty);
  const secrets = growingRedactor({});
  secrets.hide(secretTexts(contexts));

  const killed = await endKilledRuns(localFolder, world.clock);
  const folder = await openRunFolder(localFolder);
  const traces = await leaveTraces(folder.path, world.env);
  // A second signal ends this process at once.
  const clear = (): void => clearTracesNow(folder.path, traces);
  process.once('exit', clear);
  const { pipeline, source } = await numbered(folder.number);
  const identity = await runIdentity(checkout, pipeline, folder.number);
  const issuer = await localIssuer(identity.organizationId);
  const toolsFolder = join(folder.path, 'tools');
  await writeToolShims(toolsFolder, { node: process.execPath, program: programOf(world) });
  const cloud = inputs.localAws
    ? await parts.openCloud({
        scenario: findScenario(inputs.config, inputs.scenario, world.cwd),
        issuer,
        said: variablesSaid(pipeline, contexts),
        env: world.env,
        log: (line) => world.stderr(`${line}\n`),
      })
    : undefined;
  const screen = await world.openScreen?.();
  const logs = logPaths(pipeline);
  const shown = relative(world.cwd, folder.path) || folder.path;
  const logOf = ({ id, step, end }: StepFailure): string => join(shown, logs(id, step, end.name));
  const printer = parts.openPrinter({ pipeline, atOnce: atOnce(inputs), logOf, screen, world });
  const over = new AbortController();
  try {
    for (const each of killed) printer.note(killedText(each));
    if (!inputs.docker && hasImages(pipeline)) printer.note(ON_THIS_MACHINE);
    // When it can be read, a second signal must already mean what it says.
    const tellCanceling = (): void => void setImmediate(() => printer.note(CANCELING));
    world.signal.addEventListener('abort', tellCanceling, { once: true, signal: over.signal });
    const problem = (error: Error): void =>
      printer.note(`warning: what this run leaves is not complete: ${error.message}`);
    const facts = {
      number: folder.number,
      config: inputs.config,
      commit: checkout.commit,
      ...(checkout.branch === undefined ? {} : { branch: checkout.branch }),
      dirty: inputs.dirty,
      startedAt: world.clock.now().toISOString(),
    };
    const views = [{ file: 'junit.xml', text: junitText }];
    const recorder = new RunRecorder({ pipeline, facts, folder: folder.path, views, problem });
    const writer = new LogWriter(pipeline, folder.path, problem);
    const listen = (event: RunEvent): void => {
      recorder.listen(event);
      writer.listen(event);
      printer.listen(event);
    };
    const around: JobSurroundings = {
      pipeline: identity,
      checkout,
      config: source,
      contexts,
      runFolder: folder.path,
      localFolder,
      jobsFolder: traces.jobsFolder,
      toolsFolder,
      issuer,
      openHost: hostOpener({
        docker: inputs.docker,
        toolsFolder,
        mark: traces.mark,
        env: world.env,
        clock: world.clock,
        signal: world.signal,
      }),
      environment: { ...archiveMirror(world), ...cloud?.environment },
      secrets,
      listen,
      keep: (id, kept) => recorder.keep(id, kept),
      clock: world.clock,
      signal: world.signal,
      atOnce: atOnce(inputs),
    };
    const approve = approver({ given: inputs.approve ?? [], questioner: printer.questioner, signal: world.signal });
    const end = await runPipeline({
      pipeline,
      atOnce: atOnce(inputs),
      runJob: (workflow, job) => runJob(workflow, job, around),
      approve: (_workflow, job) => approve(job),
      listen,
      signal: world.signal,
      now: () => world.clock.now().getTime(),
    });
    writer.close();
    const exitCode = exitCodeOf(end, world);
    const record = await recorder.finish({
      exitCode,
      finishedAt: world.clock.now().toISOString(),
      ...(cloud ? { localAws: cloud.changes() } : {}),
    });
    const page = await writePage(record, folder.path, problem);
    printer.close();
    world.stdout(endText(record, { shown, page, screen }));
    return exitCode;
  } finally {
    over.abort();
    printer.close();
    await cloud?.close();
    await removeWorkspaces(folder.path);
    await clearTraces(folder.path, traces);
    process.off('exit', clear);
  }
}

/** What jobs call as `circleci`: this very program. */
function programOf({ packageFolder }: World): string {
  return packageFolder === undefined ? (process.argv[1] ?? '') : join(packageFolder, 'dist', 'aws-deploy.js');
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

interface EndPlaces {
  /** Folder of the run, as users can type it. */
  readonly shown: string;
  readonly page: string | undefined;
  readonly screen: Screen | undefined;
}

/** What is told at the end: how the jobs ended, what changed in the local AWS, and where more is to be seen. */
function endText(record: RunRecord, { shown, page, screen }: EndPlaces): string {
  const paint = screen?.terminal.colors ? colorPaint : plainPaint;
  return [
    '',
    summaryTable(record, { folder: shown, paint }),
    ...(record.localAws ? [changesText(record.localAws)] : []),
    outcomeText(record) + (page === undefined ? '' : `The page of this run: ${join(shown, page)}\n`),
  ].join('\n');
}
