import type { WorkflowJob } from '../pipeline/pipeline.ts';
import { neededVariables, type NeededVariables } from './job-variables.ts';
import { contextFile, contextsOfJob, type Contexts } from './read-contexts.ts';

/** Why a job can't start: on CircleCI its status is `unauthorized`. */
export interface MissingContexts {
  readonly contexts: readonly string[];
  /** The files to write, one for each. */
  readonly files: readonly string[];
  /** What the job's steps use, and nothing that is there gives. */
  readonly variables: NeededVariables;
  /** All of it, for people. */
  readonly reason: string;
}

/** Undefined when all contexts of the job are there. `shown` says how a path is told, as relative to the user's folder. */
export function missingContexts(
  job: WorkflowJob,
  contexts: Contexts,
  localFolder: string,
  shown: (path: string) => string = (path) => path,
): MissingContexts | undefined {
  const missing = [...new Set(job.contexts)].filter((name) => !contexts.named.has(name));
  if (missing.length === 0) return undefined;
  const there = Object.assign({}, contexts.project, ...contextsOfJob(contexts, job.contexts)) as object;
  const { required, optional } = job.job ? neededVariables(job.job) : { required: [], optional: [] };
  const variables = {
    required: required.filter((name) => !Object.hasOwn(there, name)),
    optional: optional.filter((name) => !Object.hasOwn(there, name)),
  };
  const files = missing.map((name) => contextFile(localFolder, name));
  return { contexts: missing, files, variables, reason: reasonText(missing, files.map(shown), variables) };
}

function reasonText(contexts: readonly string[], files: readonly string[], variables: NeededVariables): string {
  const one = contexts.length === 1;
  return [
    `the ${one ? 'context' : 'contexts'} ${listed(contexts)} ${one ? 'is' : 'are'} not on this machine.`,
    usesText(variables),
    `Write ${listed(files)}, a line NAME=value for each variable.`,
  ].join(' ');
}

function usesText({ required, optional }: NeededVariables): string {
  const maybe = optional.length === 0 ? '' : `perhaps ${listed(optional)}`;
  if (required.length > 0) return `Its steps use ${listed(required)}${maybe && `, and ${maybe}`}.`;
  return maybe === '' ? 'Which variables its steps use can not be seen in them.' : `Its steps use ${maybe}.`;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
