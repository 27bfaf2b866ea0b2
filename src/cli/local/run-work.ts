import { resolve } from 'node:path';
import type { CompiledConfig } from '../../config/compile.ts';
import { placeText, type Source } from '../../config/source.ts';
import { badArgument, DeployError, invalidFile } from '../../core/errors.ts';
import { EXIT, type ExitCode } from '../../core/exit-codes.ts';
import { redactor } from '../../core/redact.ts';
import { nearestName } from '../../core/nearest-name.ts';
import type { Inputs } from '../../params/declaration.ts';
import { listText } from '../../report/local-run/pipeline/list-text.ts';
import { dryRunText } from '../../report/local-run/pipeline/dry-run-text.ts';
import { contextsOfJob, readContexts, type Contexts } from '../../runner/contexts/read-contexts.ts';
import { secretTexts } from '../../runner/contexts/secret-texts.ts';
import type { Pipeline, WorkflowJob } from '../../runner/pipeline/pipeline.ts';
import { readPipeline } from '../../runner/pipeline/read-pipeline.ts';
import { selectJobs, type Selection } from '../../runner/pipeline/select-jobs.ts';
import { compileFile } from '../config/config-work.ts';
import { tellProblems } from '../config/tell-problems.ts';
import type { World } from '../world.ts';
import { playPipeline } from './play-pipeline.ts';
import { projectFolders } from './project-folders.ts';
import type { RUN_PARAMS } from './run-command.ts';
import { RUN_PARTS } from './run-parts.ts';

export type RunInputs = Inputs<typeof RUN_PARAMS>;

/** `local run`: bad input is told before anything runs. */
export async function runLocally(
  name: string | undefined,
  inputs: RunInputs,
  world: World,
  parts = RUN_PARTS,
): Promise<ExitCode> {
  if (inputs.needs && !isChosen(name, inputs)) throw needsOfNothing();
  if (inputs.scenario !== undefined && !inputs.localAws) throw scenarioOfNothing();
  const compiled = await compiledPipeline(name, inputs, world, 1);
  if (!compiled) return EXIT.invalidFile;
  const { pipeline } = compiled;
  if (pipeline.workflows.length === 0) throw nothingToRun();
  checkApprovals(inputs.approve ?? [], pipeline);
  checkParallelism(pipeline);
  if (inputs.list) {
    world.stdout(listText(pipeline));
    return EXIT.ok;
  }
  const folders = projectFolders(resolve(world.cwd, inputs.config));
  const contexts = await readContexts(folders.localFolder, contextNames(pipeline));
  for (const warning of contexts.warnings) world.stderr(`warning: ${warning}\n`);
  if (inputs.dryRun) {
    world.stdout(dryRunText(pipeline, { redact: redactor({}, secretTexts(contexts)), variablesOf: givenTo(contexts) }));
    return EXIT.ok;
  }
  return playPipeline({
    inputs,
    world,
    folders,
    contexts,
    // The number of the run is known only when there is a folder for it, and a config may say it.
    numbered: async (number) => (await compiledPipeline(name, inputs, world, number)) ?? compiled,
    parts,
  });
}

function contextNames({ workflows }: Pipeline): string[] {
  return workflows.flatMap(({ jobs }) => jobs.flatMap(({ contexts }) => contexts));
}

/** The names of the variables that a job gets from outside of its config. */
function givenTo(contexts: Contexts): (job: WorkflowJob) => string[] {
  return (job) => [...new Set([contexts.project, ...contextsOfJob(contexts, job.contexts)].flatMap(Object.keys))];
}

export interface CompiledPipeline {
  readonly pipeline: Pipeline;
  readonly source: Source;
}

async function compiledPipeline(
  name: string | undefined,
  inputs: RunInputs,
  world: World,
  number: number,
): Promise<CompiledPipeline | undefined> {
  const pipelineValue = { number: String(number), ...inputs.pipelineValue };
  const { config, problems, source } = await compileFile(inputs.config, { ...inputs, pipelineValue }, world);
  if (number === 1) tellProblems(problems, world);
  if (!config) return undefined;
  return { pipeline: selected(config, name, inputs), source };
}

function selected(config: CompiledConfig, name: string | undefined, inputs: RunInputs): Pipeline {
  const selection: Selection = {
    ...(name === undefined ? {} : { name }),
    only: inputs.only ?? [],
    from: inputs.from ?? [],
    needs: inputs.needs,
    matrix: new Map((inputs.matrix ?? []).map(matrixValue)),
  };
  const pipeline = readPipeline(config);
  const chosen = selectJobs(pipeline, selection);
  if (chosen.workflows.length === 0 && pipeline.workflows.length > 0) throw nothingChosen();
  return chosen;
}

function nothingChosen(): DeployError {
  return new DeployError({
    code: 'run.nothing_chosen',
    title: 'no job is all that was asked for',
    hints: ['Each choice counts: is the job in this workflow, and has it these values? --list shows the jobs.'],
    exitCode: EXIT.notFound,
  });
}

function matrixValue(text: string): [string, string] {
  const [, key, value] = /^([^:]+):(.*)$/.exec(text) ?? [];
  if (key !== undefined && value !== undefined) return [key, value];
  throw badArgument(`--matrix must be NAME:VALUE (got: ${JSON.stringify(text)})`);
}

function isChosen(name: string | undefined, { only = [], from = [] }: RunInputs): boolean {
  return name !== undefined || only.length + from.length > 0;
}

function needsOfNothing(): DeployError {
  return badArgument('--needs adds what chosen jobs require, and none is chosen', [
    'Name a job: `local run JOB --needs`, `--only JOB` or `--from JOB`. Without a job, all that is required runs anyway.',
  ]);
}

function scenarioOfNothing(): DeployError {
  return badArgument('--scenario says what a local AWS holds, and none is started', ['Add --local-aws.']);
}

function nothingToRun(): DeployError {
  return new DeployError({
    code: 'run.nothing_to_run',
    title: 'with these pipeline values and parameters no workflow runs',
    hints: [
      'Give the branch, or what the conditions ask for: --pipeline-value git.branch=main, --pipeline-param deploy=true.',
    ],
    exitCode: EXIT.notFound,
  });
}

/** More nodes than this are no trial on a laptop, and each takes folders and processes. */
const MOST_NODES = 100;

function checkParallelism({ workflows }: Pipeline): void {
  const calls = workflows.flatMap(({ jobs }) => jobs);
  const wide = calls.find(({ job }) => job !== undefined && job.parallelism > MOST_NODES);
  if (!wide?.job) return;
  throw invalidFile(
    `the job ${wide.name} has ${wide.job.parallelism} nodes, and ${MOST_NODES} are the most that run here`,
    placeText(wide.at),
    ['Lower its parallelism, or leave the job out: --only names the jobs to run.'],
  );
}

function checkApprovals(names: readonly string[], { workflows }: Pipeline): void {
  const approvals = workflows.flatMap(({ jobs }) =>
    jobs.filter(({ type }) => type === 'approval').map((job) => job.name),
  );
  const unknown = names.find((name) => !approvals.includes(name));
  if (unknown === undefined) return;
  const nearest = nearestName(unknown, approvals);
  throw new DeployError({
    code: 'run.no_such_approval',
    title: `there is no approval named ${JSON.stringify(unknown)}`,
    hints: [
      nearest === undefined
        ? approvals.length === 0
          ? 'No job of what is to run is an approval.'
          : `Approvals are: ${approvals.join(', ')}.`
        : `Did you mean ${nearest}?`,
    ],
    exitCode: EXIT.notFound,
  });
}
