import { compileJob } from '../../expand/compile-job.ts';
import { findElement } from '../../expand/find-element.ts';
import type { Frame } from '../../frame.ts';
import type { Element } from '../../library.ts';
import { stringOf, type MapNode } from '../../node.ts';
import type { Invocation } from './invocation.ts';
import type { ValueIds } from './value-ids.ts';
import { approvalKeyIgnored, approvalShadowsJob, overrideNotFromOrb, overrideUnknown } from '../workflow-texts.ts';

/** Finds what jobs of workflows call, and tells which calls are the same. */
export class CalledJobs {
  private readonly ids: ValueIds;
  private readonly called = new Map<Invocation, { name: string; element: Element }>();
  private readonly elementIds = new Map<Element, number>();

  constructor(ids: ValueIds) {
    this.ids = ids;
  }

  /**
   * A text that is the same for calls of one job with equal arguments; undefined for approvals, which call nothing. What
   * cannot be found is reported.
   */
  definitionOf(invocation: Invocation, frame: Frame): string | undefined {
    const { origin, job } = invocation;
    if (origin === 'approval') {
      warnOfApproval(invocation, frame);
      return undefined;
    }
    if (origin === 'wrong-type') return undefined;
    if (origin !== 'call') return `made ${this.ids.of(origin)}`;
    const found = this.find(invocation, frame);
    if (!found) return `unknown ${job}`;
    this.called.set(invocation, found);
    const { arguments: given, preSteps, postSteps } = invocation;
    return [this.idOf(found.element), ...[given, preSteps, postSteps].map((node) => this.ids.ofOptional(node))].join();
  }

  /** The job as it is printed; undefined when it has errors, which are reported. */
  compile(invocation: Invocation, frame: Frame): MapNode | undefined {
    const { origin, at, arguments: given, preSteps, postSteps } = invocation;
    if (typeof origin !== 'string') return origin;
    const found = this.called.get(invocation);
    if (!found) return undefined;
    const steps = { ...(preSteps ? { preSteps } : {}), ...(postSteps ? { postSteps } : {}) };
    return compileJob(found.element, { name: found.name, arguments: given, at, ...steps }, frame);
  }

  /** With `override-with`, the job of the orb is called if there is one, and otherwise the job that is named. */
  private find(invocation: Invocation, frame: Frame): { name: string; element: Element } | undefined {
    const name = overrideOf(invocation, frame) ?? invocation.job;
    const element = findElement('job', name, frame, invocation.at);
    return element && { name, element };
  }

  private idOf(element: Element): number {
    const id = this.elementIds.get(element) ?? this.elementIds.size + 1;
    this.elementIds.set(element, id);
    return id;
  }
}

function overrideOf({ overrideWith, job }: Invocation, { library, report }: Frame): string | undefined {
  const name = stringOf(overrideWith);
  if (!overrideWith || name === undefined || name === '') return undefined;
  const slash = name.indexOf('/');
  if (slash < 0) {
    report.error(overrideNotFromOrb(name), overrideWith.at);
    return undefined;
  }
  const orb = library.orbs.get(name.slice(0, slash));
  if (orb?.jobs.has(name.slice(slash + 1))) return name;
  if (!orb?.missing) report.warning(overrideUnknown(name, job), overrideWith.at);
  return undefined;
}

function warnOfApproval(
  { job, at, arguments: given, preSteps, postSteps }: Invocation,
  { library, report }: Frame,
): void {
  if (library.jobs.has(job)) report.warning(approvalShadowsJob(job), at);
  for (const [key, { keyAt }] of given?.entries ?? []) report.warning(approvalKeyIgnored(job, key), keyAt);
  if (preSteps) report.warning(approvalKeyIgnored(job, 'pre-steps'), preSteps.at);
  if (postSteps) report.warning(approvalKeyIgnored(job, 'post-steps'), postSteps.at);
}
