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
  const { name, only, from, needs, matrix } = selection;
  const isWorkflow = pipeline.workflows.some((workflow) => workflow.name === name);
  const jobNames = new Set(pipeline.workflows.flatMap(({ jobs }) => jobs.map((job) => job.name)));
  const wanted = [...(name === undefined || isWorkflow ? [] : [name]), ...only, ...from];
  for (const each of wanted) if (!jobNames.has(each)) throw noSuchJob(each, pipeline);
  for (const [key, value] of matrix) checkMatrixValue(key, value, pipeline);

  const workflows = pipeline.workflows.filter((workflow) => !isWorkflow || workflow.name === name);
  const restricted = wanted.length > 0;
  return {
    workflows: workflows
      .map((workflow) => ({ ...workflow, jobs: workflow.jobs.filter((job) => hasValues(job, matrix)) }))
      .map((workflow) => (restricted ? chosenJobs(workflow, selection, isWorkflow, needs) : workflow))
      .filter(({ jobs }) => jobs.length > 0),
  };
}

function chosenJobs(workflow: Workflow, selection: Selection, isWorkflow: boolean, needs: boolean): Workflow {
  const { name, only, from } = selection;
  const chosen = new Set([...only, ...(name === undefined || isWorkflow ? [] : [name])]);
  for (const job of downstream(workflow, from)) chosen.add(job);
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
