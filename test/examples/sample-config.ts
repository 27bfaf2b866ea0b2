import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { JsonObject } from '../../src/core/json.ts';

/** What a workflow says about a job beside the arguments of the job. */
const OF_THE_WORKFLOW = ['name', 'requires', 'filters', 'context'];

export interface WorkflowJob {
  /** As `requires` calls it. */
  name: string;
  /** Undefined for an approval. */
  orbJob: string | undefined;
  arguments: JsonObject;
  requires: readonly string[];
}

export interface SampleConfig {
  orbs: Record<string, string>;
  workflows: Record<string, { when?: JsonObject; jobs: Record<string, JsonObject>[] }>;
}

/** A config as its file says it, not compiled. */
export function readSampleConfig(path: string): SampleConfig {
  return parse(readFileSync(path, 'utf8')) as SampleConfig;
}

/** The jobs of a workflow, in the order in which the file has them. */
export function workflowJobs({ workflows }: SampleConfig, workflow: string): WorkflowJob[] {
  return (workflows[workflow]?.jobs ?? [])
    .flatMap((entry) => Object.entries(entry))
    .map(([job, given]) => {
      const isApproval = given['type'] === 'approval';
      const own = Object.entries(given).filter(([name]) => !OF_THE_WORKFLOW.includes(name));
      return {
        name: String(given['name'] ?? job),
        orbJob: isApproval ? undefined : job.replace(/^aws-deploy\//, ''),
        arguments: isApproval ? {} : Object.fromEntries(own),
        requires: (given['requires'] ?? []) as string[],
      };
    });
}
