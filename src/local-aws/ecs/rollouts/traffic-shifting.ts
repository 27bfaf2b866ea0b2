import { hasArrived } from './arrival.ts';
import { isRolling, type ServiceDeploymentRecord } from './deployment-record.ts';
import { fail, failRollback, succeed } from './endings.ts';
import { afterTime, beginHooks, hookTimes, isUnderWay } from './hooks.ts';
import type { ServiceView } from './service-view.ts';
import type { PlannedStage } from './stages.ts';

/** Leads a deployment that has stages, or the way back of one that shifts traffic, through them. Gives whether anything changed. */
export function advanceStage(view: ServiceView, record: ServiceDeploymentRecord): boolean {
  const planned = record.stages[record.stage];
  if (planned === undefined) return enterNext(view, record);
  const hooks = record.hooks.map((hook) => afterTime(hook, planned.stage, record.play, view.now));
  const hasChanged = hooks.some((hook, index) => hook !== record.hooks[index]);
  record.hooks = hooks;
  const failure = hooks.find((hook) => hook.failure !== undefined)?.failure;
  if (failure !== undefined) {
    failHook(view, record, planned, failure);
    return true;
  }
  if (!isDone(view, record, planned)) return hasChanged;
  if (record.stage === record.stages.length - 1) succeed(view, record);
  else enterNext(view, record);
  return true;
}

/** Times at which a stage may be done, but for its hooks. */
export function stageTimes(record: ServiceDeploymentRecord): number[] {
  const planned = record.stages[record.stage];
  return planned === undefined ? [] : [record.stageSince + lengthOf(record, planned)];
}

/** Times at which something happens to the hooks of its stage. */
export function stageHookTimes(record: ServiceDeploymentRecord): number[] {
  return record.stages[record.stage] === undefined ? [] : record.hooks.flatMap(hookTimes);
}

function enterNext(view: ServiceView, record: ServiceDeploymentRecord): boolean {
  const { service, now } = view;
  const isForth = record.status === 'IN_PROGRESS';
  record.stage += 1;
  record.stageSince = now;
  record.updatedAt = now;
  const { stage, test, production } = record.stages[record.stage]!;
  const seed = `${record.serviceDeploymentArn} ${record.status}`;
  const begun = beginHooks(record.configuration.lifecycleHooks ?? [], stage, { play: record.play, now, seed });
  // On the way back, what made the deployment fail stays to be seen.
  if (isForth || begun.length > 0) record.hooks = begun;
  if (test !== undefined) record.traffic.test = test;
  if (production !== undefined) record.traffic.production = production;
  if (stage === 'SCALE_UP' && !isRolling(record)) view.primary()!.wanted = service.desiredCount;
  if (stage === 'CLEAN_UP') for (const old of view.old()) old.wanted = 0;
  return true;
}

function isDone(view: ServiceView, record: ServiceDeploymentRecord, planned: PlannedStage): boolean {
  // How the way back goes is said by `rollback`.
  if (record.status === 'IN_PROGRESS' && record.play.stuck === planned.stage) return false;
  if (view.now < record.stageSince + lengthOf(record, planned) || record.hooks.some(isUnderWay)) return false;
  const primary = view.primary()!;
  if (planned.stage === 'SCALE_UP' && isRolling(record)) return hasArrived(view, record);
  if (planned.stage === 'SCALE_UP') return view.counts(primary).ready >= view.service.desiredCount;
  return planned.stage !== 'CLEAN_UP' || view.isSettled();
}

function lengthOf({ play }: ServiceDeploymentRecord, { stage, bakeMs = 0 }: PlannedStage): number {
  return play.durations[stage]! + bakeMs;
}

function failHook(view: ServiceView, record: ServiceDeploymentRecord, { stage }: PlannedStage, why: string): void {
  const because = `${stage} lifecycle hook(s) failed. ${why}`;
  if (record.status === 'ROLLBACK_IN_PROGRESS') return failRollback(view, record, because);
  const reason = `Service deployment rolled back because ${because}`;
  fail(view, record, { rolloutReason: reason, event: reason, because, rollback: true });
}
