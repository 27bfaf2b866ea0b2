import type { Frame } from '../frame.ts';
import type { Element } from '../library.ts';
import { listNode, type Entry, type MapNode } from '../node.ts';
import { callElement } from './call-element.ts';
import { expandSteps } from './expand-steps.ts';
import type { JobCall } from './job-call.ts';
import { jobEnvironment } from './job/job-environment.ts';
import { hoistMachineKeys } from './job/machine-keys.ts';
import { inside } from './steps/nesting.ts';
import { resolveExecutor } from './job/resolve-executor.ts';
import { spendNode } from './spend-node.ts';

/**
 * A job as CircleCI prints it: its arguments put in, the keys of its executor merged, its steps expanded. Undefined when
 * it can't be had, which is reported; with smaller mistakes, also reported, it is what can be made of it.
 * @param call its arguments and steps still with their templates if `frame.variables` is there
 * @param frame that of the workflow
 */
export function compileJob(element: Element, call: JobCall, frame: Frame): MapNode | undefined {
  const report = frame.report.within(`Error calling job: '${call.name}'`, call.at);
  const caller: Frame = { ...frame, report };
  const job = callElement(element, call.arguments, { ...caller, at: call.at });
  if (job === undefined) return undefined;
  const body: Frame = { ...inside(element, caller), library: element.library, variables: undefined };

  const written = job.entries.get('executor')?.value;
  const executor = written && resolveExecutor(written, element, body);
  const steps = jobSteps(job, { call, caller, body });
  if (written !== undefined && executor === undefined) return undefined;
  const entries = mergeKeys(job, executor, steps);

  for (const [key, { value }] of entries) {
    if (key !== 'steps') spendNode(value, frame.budget);
  }
  return { ...job, entries };
}

/** The steps of the invocation around those of the job. Undefined for a job that has none, as one for approval. */
function jobSteps(
  job: MapNode,
  { call, caller, body }: { call: JobCall; caller: Frame; body: Frame },
): Entry | undefined {
  const steps = job.entries.get('steps');
  if (steps === undefined) return undefined;
  const expanded = [
    ...(call.preSteps ? expandSteps(call.preSteps, caller) : []),
    ...expandSteps(steps.value, body),
    ...(call.postSteps ? expandSteps(call.postSteps, caller) : []),
  ];
  return { ...steps, value: listNode(expanded, steps.value.at) };
}

/**
 * The keys of the executor in its order, then those of the job in its own, each in the place that it has already. The
 * environment is where the job has it, or last.
 */
function mergeKeys(job: MapNode, executor: MapNode | undefined, steps: Entry | undefined): Map<string, Entry> {
  const entries = new Map(executor?.entries);
  entries.delete('environment');
  for (const [key, entry] of job.entries) entries.set(key, entry);
  entries.delete('executor');
  if (steps !== undefined) entries.set('steps', steps);
  const environment = jobEnvironment(executor?.entries.get('environment'), job.entries.get('environment'));
  if (environment === undefined) entries.delete('environment');
  else entries.set('environment', environment);
  hoistMachineKeys(entries);
  return entries;
}
