import { nearestName } from '../../core/nearest-name.ts';
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

/** What telling of an unknown step takes from the budget. */
const COST_OF_MISTAKE = 128;

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
  const workflows = member(root, 'workflows');
  if (workflows?.kind === 'map' && [...workflows.entries.keys()].some((key) => key !== 'version')) {
    spendNode(workflows, frame.budget);
    checkSteps(jobs, checkWorkflows(workflows, jobs, { ...frame, variables: undefined }), frame);
    return { jobs, workflows: withVersion(workflows), matrices: new Map() };
  }
  if (jobs.has('build')) {
    checkSteps(jobs, new Set(['build']), frame);
    return { jobs, workflows: implicitWorkflow(root), matrices: new Map() };
  }
  frame.report.error(noWorkflows(), root.entries.get('jobs')?.keyAt ?? root.at);
  return undefined;
}

/**
 * Version 2 has no commands: a step with another name than CircleCI's own is a mistake. How CircleCI tells is not known; a job
 * that runs fails at the latest when it starts, and one that never runs is only warned of.
 */
function checkSteps(jobs: ReadonlyMap<string, MapNode>, running: ReadonlySet<string>, { report, budget }: Frame): void {
  for (const [job, body] of jobs) {
    const steps = member(body, 'steps');
    if (steps?.kind !== 'list') continue;
    for (const step of steps.items) {
      const [name] = step.kind === 'map' ? step.entries.keys() : [stringOf(step)];
      if (name === undefined || name.trim() === '' || BUILT_IN_STEPS.has(name)) continue;
      budget.work(COST_OF_MISTAKE, step.at);
      const fact = noDefinition('command', name, [stepHint(name)]);
      if (running.has(job)) report.error(fact, step.at);
      else report.warning(fact, step.at);
    }
  }
}

function stepHint(name: string): string {
  const steps = [...BUILT_IN_STEPS.keys()];
  const near = nearestName(name, steps);
  if (near !== undefined) return `Did you mean ${near}?`;
  return `CircleCI's own steps are ${steps.join(', ')}; commands and orbs need version: 2.1.`;
}

/** @returns the jobs that are called */
function checkWorkflows(workflows: MapNode, jobs: ReadonlyMap<string, MapNode>, frame: Frame): ReadonlySet<string> {
  const called = new Set<string>();
  const reading = { frame, ids: new ValueIds(), making: new Budget(MAKING) };
  for (const [name, { keyAt: at, value: body }] of workflows.entries) {
    if (body.kind !== 'map') continue;
    const workflow = readWorkflow(name, { body, at }, { groups: new Map(), reading });
    for (const { origin, job, at: where } of workflow?.invocations ?? []) {
      if (origin !== 'call') continue;
      called.add(job);
      if (!jobs.has(job)) workflow?.frame.report.error(noDefinition('job', job), where);
    }
  }
  return called;
}

function withVersion(workflows: MapNode): MapNode {
  if (workflows.entries.has('version')) return workflows;
  const { at } = workflows;
  return mapNode([...workflows.entries, ['version', { keyAt: at, value: scalarNode(2, at) }]], at);
}
