import type { DescribedRule, EventsOperations, RefusedTarget } from '../../aws/events.ts';
import { ruleLabel, type RuleId } from '../../aws/schedule-names.ts';
import type { AwsSession } from '../../aws/session.ts';
import { badArgument, DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import {
  chooseBatchTarget,
  isBatchTarget,
  mergeRule,
  mergeRuleTarget,
  newRule,
  newRuleTarget,
} from '../../plan/schedule/rule-merge.ts';
import { diffSchedules, lostMembers } from '../../plan/schedule/schedule-diff.ts';
import { missingToCreate, type ScheduleEdits } from '../../plan/schedule/schedule-merge.ts';
import type { ActionContext } from '../context.ts';
import { guardMove } from './move-guard.ts';
import { checkComplete, contended, MOST_ROUNDS, notAsAsked, warnWithoutQueue, type PutOutcome } from './outcome.ts';
import type { ScheduledDefinition } from './scheduled-definition.ts';

export interface RuleRequest {
  id: RuleId;
  /** Undefined: the only target that submits a Batch job. */
  targetId: string | undefined;
  /** The definition apart. */
  edits: ScheduleEdits;
  /** Undefined: what is submitted now. */
  definition: ScheduledDefinition | undefined;
  allowOlder: boolean;
  dryRun: boolean;
}

/** A rule and the target of it that is meant. */
interface RuleState {
  rule: DescribedRule | undefined;
  target: JsonObject | undefined;
  /** Ids that are taken. */
  ids: readonly string[];
}

interface WantedRule {
  rule: JsonObject;
  target: JsonObject;
}

/** The same as putSchedule for a rule and the one target of it that submits the job; other targets are not touched. */
export async function putRule(
  request: RuleRequest,
  session: AwsSession,
  { clock, progress, signal }: Pick<ActionContext, 'clock' | 'progress' | 'signal'>,
): Promise<PutOutcome> {
  const events = await session.events();
  const label = ruleLabel(request.id);
  let state = await readRule(request, events);
  const kind = state.rule ? 'updated' : 'created';
  let firstDiff: readonly string[] | undefined;
  let stillDiffered = '';
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    const wanted = wantedRule(request, state, session);
    const diff = diffSchedules(shownState(state), shown(wanted));
    if (state.rule && diff.length === 0) {
      const { arn } = state.rule;
      if (firstDiff) return outcome('changed', arn, wanted, { resource: arn, kind, diff: firstDiff });
      progress.info(`Nothing to do: ${label} is what was asked for`);
      return outcome('unchanged', arn, wanted, { resource: arn, kind: 'unchanged' });
    }
    checkManaged(label, state.rule);
    await checkMove(request, state, session, progress);
    if (!firstDiff) {
      progress.step(`${request.dryRun ? 'Would change' : 'Changing'} ${label}`);
      for (const line of diff) progress.info(`  ${line}`);
      warnWithoutQueue(label, wanted.target, progress);
    }
    firstDiff ??= diff;
    if (request.dryRun) {
      return outcome('planned', state.rule?.arn, wanted, { resource: state.rule?.arn ?? label, kind, diff });
    }
    const isSent = await send(request, state, wanted, events);
    state = await readRule(request, events);
    if (isSent && state.rule && state.target) {
      const differs = diffSchedules(shownState(state), shown(wantedRule(request, state, session)));
      const found = { rule: state.rule.settings, target: state.target };
      const lost = lostMembers(shown(wanted), shown(found));
      if (differs.length === 0 && lost.length > 0) throw notAsAsked(label, lost);
      if (differs.length === 0) {
        progress.info(`Read back: ${state.rule.arn}`);
        return outcome('changed', state.rule.arn, found, { resource: state.rule.arn, kind, diff: firstDiff });
      }
      if (differs.join('\n') === stillDiffered) throw notAsAsked(label, differs);
      stillDiffered = differs.join('\n');
    }
    progress.warn(`Something else has changed ${label} at the same time; taking it into account`);
    await clock.sleep(100 * 2 ** round * (0.5 + Math.random()), signal);
  }
  throw contended(label);
}

async function readRule({ id, targetId }: RuleRequest, events: EventsOperations): Promise<RuleState> {
  const rule = await events.rule(id);
  const targets = rule ? await events.targets(id) : [];
  return { rule, target: chooseBatchTarget(id.name, targets, targetId), ids: targets.map(({ Id }) => String(Id)) };
}

function wantedRule(request: RuleRequest, { rule, target, ids }: RuleState, session: AwsSession): WantedRule {
  const { id, targetId, definition } = request;
  const label = ruleLabel(id);
  const edits = {
    ...request.edits,
    jobQueue: queueArn(request.edits.jobQueue, session),
    ...(definition && { jobDefinition: definition.reference }),
  };
  if (!rule) checkComplete(label, edits);
  if (rule && !target) {
    const missing = missingToCreate(edits).filter((name) => name !== 'schedule');
    checkComplete(`Batch target${targetId === undefined ? '' : ` ${targetId}`} of ${label}`, edits, missing);
  }
  const jobName = edits.jobName ?? definition?.name;
  return {
    rule: rule ? mergeRule(rule.settings, edits) : newRule(id, edits),
    target: target ? mergeRuleTarget(target, edits) : newRuleTarget(targetId ?? freeId(ids), { ...edits, jobName }),
  };
}

/** A rule's target is the queue itself, by its ARN. */
function queueArn(queue: string | undefined, { region, identity }: AwsSession): string | undefined {
  if (queue === undefined || queue.startsWith('arn:')) return queue;
  return `arn:${identity.arn.split(':')[1] ?? 'aws'}:batch:${region}:${identity.accountId}:job-queue/${queue}`;
}

function freeId(taken: readonly string[]): string {
  for (let count = 1; ; count++) {
    const id = count === 1 ? 'batch' : `batch-${count}`;
    if (!taken.includes(id)) return id;
  }
}

function checkManaged(label: string, rule: DescribedRule | undefined): void {
  if (rule?.managedBy === undefined) return;
  throw badArgument(`${label} belongs to ${rule.managedBy}, and nobody else can change it`, ['Nothing was changed.']);
}

/** The target first, so that a rule that is resumed runs nothing old; a rule that is not there has to be made before. */
async function send(
  { id }: RuleRequest,
  state: RuleState,
  wanted: WantedRule,
  events: EventsOperations,
): Promise<boolean> {
  const ruleDiffers = diffSchedules(state.rule?.settings, wanted.rule).length > 0;
  if (!state.rule) await events.putRule(wanted.rule);
  if (diffSchedules(state.target, wanted.target).length > 0) {
    const refused = await events.putTarget(id, wanted.target);
    if (refused.some(({ code }) => code === 'ConcurrentModificationException')) return false;
    if (refused.length > 0) throw targetRefused(id, refused);
  }
  if (state.rule && ruleDiffers) await events.putRule(wanted.rule);
  return true;
}

function targetRefused(id: RuleId, refused: readonly RefusedTarget[]): DeployError {
  return new DeployError({
    code: 'schedule.target_refused',
    title: `EventBridge did not take target ${refused.map((entry) => entry.id).join(', ')} of ${ruleLabel(id)}`,
    message: refused.map((entry) => `${entry.id}: ${entry.code}: ${entry.message}`).join('\n'),
    hints: ['The target is as it was before. Other targets were not touched.'],
    exitCode: EXIT.failedNotRolledBack,
  });
}

async function checkMove(
  { id, definition, allowOlder }: RuleRequest,
  { target }: RuleState,
  session: AwsSession,
  progress: ActionContext['progress'],
): Promise<void> {
  if (!target || !definition || !isBatchTarget(target)) return;
  const batch = target['BatchParameters'];
  const current = isJsonObject(batch) ? batch['JobDefinition'] : undefined;
  await guardMove({ label: ruleLabel(id), current, to: definition, allowOlder }, session, progress);
}

/** In one piece, for people. */
function shown({ rule, target }: WantedRule): JsonObject {
  return { ...rule, Target: target };
}

function shownState({ rule, target }: RuleState): JsonObject | undefined {
  return rule && { ...rule.settings, ...(target && { Target: target }) };
}

function outcome(
  status: PutOutcome['status'],
  arn: string | undefined,
  { rule, target }: WantedRule,
  change: PutOutcome['change'],
): PutOutcome {
  return { status, change, arn, settings: rule, target, created: undefined };
}
