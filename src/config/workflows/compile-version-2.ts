import { Budget } from '../budget.ts';
import { spendNode } from '../expand/spend-node.ts';
import type { Frame } from '../frame.ts';
import { mapNode, member, scalarNode, stringOf, type MapNode } from '../node.ts';
import { noDefinition } from '../problem-texts.ts';
import { BUILT_IN_STEPS } from '../shape/shapes/step-shapes.ts';
import { implicitWorkflow, MAKING, type CompiledWorkflows } from './compile-workflows.ts';
import { readWorkflow } from './read-workflow.ts';
import { ValueIds } from './invocations/value-ids.ts';
import { noWorkflows } from './workflow-texts.ts';

/**
 * A config of version 2 stays as it is: it knows no templates, no arguments and no orbs. A workflow is added where there is
 * none, and names of jobs are checked. (CircleCI adds a variable CIRCLE_COMPARE_URL to the jobs, too; we don't.)
 */
export function compileVersion2(root: MapNode, frame: Frame): CompiledWorkflows | undefined {
  const declared = member(root, 'jobs');
  const jobs = new Map<string, MapNode>();
  if (declared?.kind === 'map') {
    for (const [name, { value }] of declared.entries) {
      spendNode(value, frame.budget);
      if (value.kind === 'map') jobs.set(name, value);
    }
  }
  for (const job of jobs.values()) checkSteps(job, frame);
  const workflows = member(root, 'workflows');
  if (workflows?.kind === 'map' && [...workflows.entries.keys()].some((key) => key !== 'version')) {
    spendNode(workflows, frame.budget);
    checkWorkflows(workflows, jobs, { ...frame, variables: undefined });
    return { jobs, workflows: withVersion(workflows), matrices: new Map() };
  }
  if (jobs.has('build')) return { jobs, workflows: implicitWorkflow(root), matrices: new Map() };
  frame.report.error(noWorkflows(), root.entries.get('jobs')?.keyAt ?? root.at);
  return undefined;
}

/** Version 2 has no commands: a step with another name than CircleCI's own is a mistake. How CircleCI tells is not known. */
function checkSteps(job: MapNode, { report }: Frame): void {
  const steps = member(job, 'steps');
  if (steps?.kind !== 'list') return;
  for (const step of steps.items) {
    const [name] = step.kind === 'map' ? step.entries.keys() : [stringOf(step)];
    if (name === undefined || BUILT_IN_STEPS.has(name)) continue;
    const hint = `CircleCI's own steps are ${[...BUILT_IN_STEPS.keys()].join(', ')}; commands need version: 2.1.`;
    report.warning(noDefinition('command', name, [hint]), step.at);
  }
}

function checkWorkflows(workflows: MapNode, jobs: ReadonlyMap<string, MapNode>, frame: Frame): void {
  const reading = { frame, ids: new ValueIds(), making: new Budget(MAKING) };
  for (const [name, { keyAt: at, value: body }] of workflows.entries) {
    if (body.kind !== 'map') continue;
    const workflow = readWorkflow(name, { body, at }, { groups: new Map(), reading });
    for (const { origin, job, at: where } of workflow?.invocations ?? []) {
      if (origin === 'call' && !jobs.has(job)) workflow?.frame.report.error(noDefinition('job', job), where);
    }
  }
}

function withVersion(workflows: MapNode): MapNode {
  if (workflows.entries.has('version')) return workflows;
  const { at } = workflows;
  return mapNode([...workflows.entries, ['version', { keyAt: at, value: scalarNode(2, at) }]], at);
}
