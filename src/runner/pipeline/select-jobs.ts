import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { nearestName } from '../../core/nearest-name.ts';
import type { Pipeline, Workflow, WorkflowJob } from './pipeline.ts';

/** Which jobs of a pipeline are to run. Empty lists say nothing. */
export interface Selection {
  /** A workflow or a job; of jobs of one name in several workflows, all. */
  readonly name?: string;
  /** Only these jobs. */
  readonly only: readonly string[];
  /** These jobs, and all that require them. */
  readonly from: readonly string[];
  /** The jobs that the chosen ones require, too. */
  readonly needs: boolean;
  /** Of the jobs of a matrix, only those with these values. */
  readonly matrix: ReadonlyMap<string, string>;
}

/**
 * The pipeline without what is not to run; an approval or a job that is left out counts as done.
 * Throws (exit code 5) for a name that nothing has.
 */
export function selectJobs(pipeline: Pipeline, selection: Selection): Pipeline {
  const { name, needs, matrix } = selection;
  const isWorkflow = pipeline.workflows.some((workflow) => workflow.name === name);
  const named = (names: readonly string[]): string[] => names.flatMap((each) => jobsNamed(each, pipeline));
  const only = named([...selection.only, ...(name === undefined || isWorkflow ? [] : [name])]);
  const from = named(selection.from);
  for (const [key, value] of matrix) checkMatrixValue(key, value, pipeline);

  const workflows = pipeline.workflows.filter((workflow) => !isWorkflow || workflow.name === name);
  const restricted = only.length + from.length > 0;
  return {
    workflows: workflows
      .map((workflow) => ({ ...workflow, jobs: workflow.jobs.filter((job) => hasValues(job, matrix)) }))
      .map((workflow) => (restricted ? chosenJobs(workflow, { only, from, needs }) : workflow))
      .filter(({ jobs }) => jobs.length > 0),
  };
}

/** The job of that name, or all that come from the matrix of a job of that name, as `test-20` and `test-22` from `test`. */
function jobsNamed(name: string, pipeline: Pipeline): string[] {
  const jobs = pipeline.workflows.flatMap((workflow) => workflow.jobs);
  if (jobs.some((job) => job.name === name)) return [name];
  const ofMatrix = jobs.filter((job) => job.matrix && job.name.startsWith(`${name}-`));
  if (ofMatrix.length === 0) throw noSuchJob(name, pipeline);
  return ofMatrix.map((job) => job.name);
}

function chosenJobs(workflow: Workflow, { only, from, needs }: Pick<Selection, 'only' | 'from' | 'needs'>): Workflow {
  const chosen = new Set([...only, ...downstream(workflow, from)]);
  if (needs) for (const job of upstream(workflow, chosen)) chosen.add(job);
  return { ...workflow, jobs: workflow.jobs.filter((job) => chosen.has(job.name)) };
}

function downstream({ jobs }: Workflow, names: readonly string[]): Set<string> {
  return closure(names, (name) =>
    jobs.filter(({ requires }) => requires.some(({ job }) => job === name)).map((job) => job.name),
  );
}

function upstream({ jobs }: Workflow, names: Iterable<string>): Set<string> {
  const requires = new Map(jobs.map((job) => [job.name, job.requires.map((requirement) => requirement.job)]));
  return closure(names, (name) => requires.get(name) ?? []);
}

function closure(names: Iterable<string>, next: (name: string) => readonly string[]): Set<string> {
  const found = new Set(names);
  for (const name of found) for (const each of next(name)) found.add(each);
  return found;
}

/** Jobs without that parameter are no part of such a matrix, and stay. */
function hasValues({ matrix }: WorkflowJob, wanted: ReadonlyMap<string, string>): boolean {
  return [...wanted].every(([key, value]) => (matrix?.get(key) ?? value) === value);
}

function checkMatrixValue(key: string, value: string, { workflows }: Pipeline): void {
  const jobs = workflows.flatMap((workflow) => workflow.jobs);
  const values = [...new Set(jobs.flatMap(({ matrix }) => matrix?.get(key) ?? []))];
  if (values.includes(value)) return;
  const keys = [...new Set(jobs.flatMap(({ matrix }) => [...(matrix?.keys() ?? [])]))];
  throw new DeployError({
    code: 'run.no_such_matrix_value',
    title: `no matrix has ${key}:${value}`,
    hints: [
      values.length > 0
        ? `Its values are: ${values.join(', ')}.`
        : keys.length > 0
          ? `The parameters of matrices are: ${keys.join(', ')}.`
          : 'No job comes from a matrix.',
    ],
    exitCode: EXIT.notFound,
  });
}

function noSuchJob(name: string, { workflows }: Pipeline): DeployError {
  const names = workflows.flatMap((workflow) => [workflow.name, ...workflow.jobs.map((job) => job.name)]);
  const nearest = nearestName(name, names);
  return new DeployError({
    code: 'run.no_such_job',
    title: `there is neither a workflow nor a job named ${JSON.stringify(name)}`,
    hints: [
      ...(nearest === undefined ? [] : [`Did you mean ${nearest}?`]),
      names.length === 0
        ? 'With these pipeline values no workflow runs.'
        : `There are: ${[...new Set(names)].join(', ')}.`,
    ],
    exitCode: EXIT.notFound,
  });
}
