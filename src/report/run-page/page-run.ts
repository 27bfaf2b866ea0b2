import type { JobRecord, NodeRecord, RunRecord, StepRecord, WorkflowRecord } from '../../runner/run-record.ts';

/** A record with an address in the page for everything that something links to. Names never become addresses. */
export interface PageWorkflow {
  readonly id: string;
  readonly record: WorkflowRecord;
  readonly jobs: readonly PageJob[];
}

export interface PageJob {
  readonly id: string;
  readonly workflow: WorkflowRecord;
  readonly record: JobRecord;
  readonly nodes: readonly PageNode[];
}

export interface PageNode {
  readonly record: NodeRecord;
  readonly steps: readonly PageStep[];
}

export interface PageStep {
  readonly id: string;
  readonly record: StepRecord;
}

export function pageWorkflows({ workflows }: RunRecord): PageWorkflow[] {
  return workflows.map((workflow, index) => {
    const id = `w${index + 1}`;
    const jobs = workflow.jobs.map((job, place) => pageJob(`${id}j${place + 1}`, workflow, job));
    return { id, record: workflow, jobs };
  });
}

function pageJob(id: string, workflow: WorkflowRecord, record: JobRecord): PageJob {
  const nodes = record.nodes.map((node, index) => ({
    record: node,
    steps: node.steps.map((step, place) => ({ id: `${id}n${index + 1}s${place + 1}`, record: step })),
  }));
  return { id, workflow, record, nodes };
}
