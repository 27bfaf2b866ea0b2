import type { DescribedRule, EventsOperations } from '../../aws/events.ts';
import { ruleLabel, type RuleId } from '../../aws/schedule-names.ts';
import type { AwsSession } from '../../aws/session.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import {
  chooseBatchTarget,
  isBatchTarget,
  mergeRule,
  mergeRuleTarget,
  newRule,
  newRuleTarget,
} from '../../plan/schedule/rule-merge.ts';
import { diffSchedules } from '../../plan/schedule/schedule-diff.ts';
import { missingToCreate, type ScheduleEdits } from '../../plan/schedule/schedule-merge.ts';
import type { ActionContext } from '../context.ts';
import { checkComplete } from './check-complete.ts';
import { converge, targetOf, type PutOutcome, type Subject } from './converge.ts';
import { guardMove } from './move-guard.ts';
import { checkManaged, replaceTarget } from './rule-target.ts';
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

/** The same as putSchedule for a rule and the one target of it that submits the job; other targets are not touched. */
export async function putRule(
  request: RuleRequest,
  session: AwsSession,
  context: Pick<ActionContext, 'clock' | 'progress' | 'signal'>,
): Promise<PutOutcome> {
  const events = await session.events();
  const label = ruleLabel(request.id);
  const subject: Subject<RuleState> = {
    label,
    deadLetterParameter: 'dead_letter_queue_arn',
    read: () => readRule(request, events),
    asIs: ({ rule, target }) => rule && { arn: rule.arn, whole: wholeOf(rule.settings, target) },
    wanted: (state) => wantedRule(request, state, session),
    async guard({ rule, target }) {
      checkManaged(label, rule);
      await checkMove(request, target, session, context.progress);
    },
    send: (state, wanted) => send(request.id, state, wanted, events),
  };
  const { state: _state, ...put } = await converge(subject, request.dryRun, context);
  return { ...put, created: undefined };
}

/** Rule and target in one piece, as a schedule is. */
function wholeOf(rule: JsonObject, target: JsonObject | undefined): JsonObject {
  return target ? { ...rule, Target: target } : rule;
}

async function readRule({ id, targetId }: RuleRequest, events: EventsOperations): Promise<RuleState> {
  const rule = await events.rule(id);
  const targets = rule ? await events.targets(id) : [];
  return { rule, target: chooseBatchTarget(id.name, targets, targetId), ids: targets.map(({ Id }) => String(Id)) };
}

function wantedRule(request: RuleRequest, { rule, target, ids }: RuleState, session: AwsSession): JsonObject {
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
  return wholeOf(
    rule ? mergeRule(rule.settings, edits) : newRule(id, edits),
    target ? mergeRuleTarget(target, edits) : newRuleTarget(targetId ?? freeId(ids), { ...edits, jobName }),
  );
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

/** The target first, so that a rule that is resumed runs nothing old; a rule that is not there has to be made before. */
async function send(id: RuleId, now: RuleState, wanted: JsonObject, events: EventsOperations): Promise<boolean> {
  const { Target: _target, ...rule } = wanted;
  if (!now.rule) await events.putRule(rule);
  if (diffSchedules(now.target, targetOf(wanted)).length > 0) {
    if (!(await replaceTarget(id, targetOf(wanted), events))) return false;
  }
  if (now.rule && diffSchedules(now.rule.settings, rule).length > 0) await events.putRule(rule);
  return true;
}

async function checkMove(
  { id, definition, allowOlder }: RuleRequest,
  target: JsonObject | undefined,
  session: AwsSession,
  progress: ActionContext['progress'],
): Promise<void> {
  if (!target || !definition || !isBatchTarget(target)) return;
  const batch = target['BatchParameters'];
  const current = isJsonObject(batch) ? batch['JobDefinition'] : undefined;
  await guardMove({ label: ruleLabel(id), current, to: definition, allowOlder }, session, progress);
}
