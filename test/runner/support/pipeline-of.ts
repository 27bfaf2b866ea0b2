import type { Pipeline, WorkflowJob } from '../../../src/runner/pipeline/pipeline.ts';
import { Report } from '../../../src/config/problem.ts';
import { readYaml } from '../../../src/config/yaml/read-yaml.ts';
import { readPipeline } from '../../../src/runner/pipeline/read-pipeline.ts';

/** Types a compiled config. */
export function pipelineOf(text: string): Pipeline {
  const document = readYaml({ name: 'compiled.yml', text }, new Report());
  if (document?.kind !== 'map') throw new Error('the test has no map');
  return readPipeline({ document, matrices: new Map() });
}

/** The only job of that name. */
export function jobNamed(pipeline: Pipeline, name: string): WorkflowJob {
  const found = pipeline.workflows.flatMap(({ jobs }) => jobs).find((job) => job.name === name);
  if (!found) throw new Error(`the test has no job ${name}`);
  return found;
}
