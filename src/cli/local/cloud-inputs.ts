import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Contexts } from '../../runner/contexts/read-contexts.ts';
import type { Pipeline } from '../../runner/pipeline/pipeline.ts';

const SCENARIO = 'local-aws.yml';

/** The scenario file that was named, or the one beside the config. Absolute; undefined when there is none. */
export function findScenario(config: string, named: string | undefined, cwd: string): string | undefined {
  if (named !== undefined) return resolve(cwd, named);
  const beside = join(dirname(resolve(cwd, config)), SCENARIO);
  return existsSync(beside) ? beside : undefined;
}

/** The names of the variables that the project, its contexts and the jobs set. */
export function variablesSaid({ workflows }: Pipeline, { project, named }: Contexts): Set<string> {
  const jobs = workflows.flatMap((workflow) => workflow.jobs.flatMap(({ job }) => (job ? [job.environment] : [])));
  return new Set([
    ...Object.keys(project),
    ...[...named.values()].flatMap((variables) => Object.keys(variables)),
    ...jobs.flatMap((environment) => [...environment.keys()]),
  ]);
}
