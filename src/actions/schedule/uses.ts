import type { EventsOperations } from '../../aws/events.ts';
import { ruleLabel, scheduleLabel, type RuleId, type ScheduleId } from '../../aws/schedule-names.ts';
import type { SchedulerOperations } from '../../aws/scheduler.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import type { DefinitionUse } from '../../plan/job-definition/prune.ts';
import { isOfName, parseDefinitionReference } from '../../plan/schedule/definition-reference.ts';
import { isBatchTarget } from '../../plan/schedule/rule-merge.ts';
import { isSubmitJobTarget, submitMember } from '../../plan/schedule/submit-input.ts';
import { readTargetInput } from '../../plan/schedule/target-input.ts';
import type { ActionContext } from '../context.ts';
import type { PutOutcome } from './converge.ts';
import { putRule } from './put-rule.ts';
import { putSchedule } from './put-schedule.ts';
import type { ScheduledDefinition } from './scheduled-definition.ts';

/** A schedule or a target of a rule that submits a definition; `revision` is undefined when it goes by the name. */
export type ScheduledUse = DefinitionUse & {
  /** A paused one counts: it can be resumed at any time. */
  enabled: boolean;
  /** As GetSchedule or DescribeRule gives it, without what is only told. */
  settings: JsonObject;
} & ({ kind: 'schedule'; id: ScheduleId; created: Date | undefined } | { kind: 'rule'; id: RuleId; targetId: string });

export interface DefinitionUses {
  uses: ScheduledUse[];
  /** What could not be read, in the words of the report; it may use the definition. */
  unreadable: string[];
}

/** How many calls are under way at the same time. */
const PARALLEL = 8;

/**
 * Finds all schedules, in every group, and all rules, on every bus, that submit a definition of exactly this name. What
 * may not be read is told and is no error; every other failure is.
 */
export async function findUses(session: AwsSession, name: string): Promise<DefinitionUses> {
  // Loaded one after the other, because jest can't load two modules at once that share a third; called side by side.
  const scheduler = await session.scheduler();
  const events = await session.events();
  const [schedules, rules] = await Promise.all([
    usingSchedules(scheduler, session, name),
    usingRules(events, session, name),
  ]);
  return { uses: [...schedules.uses, ...rules.uses], unreadable: [...schedules.unreadable, ...rules.unreadable] };
}

async function usingSchedules(
  scheduler: SchedulerOperations,
  session: AwsSession,
  name: string,
): Promise<DefinitionUses> {
  const found: DefinitionUses = { uses: [], unreadable: [] };
  const all = await readable(() => scheduler.list(), 'the schedules', found);
  const submitting = (all ?? []).filter(({ targetArn }) => isSubmitJobTarget(targetArn));
  await inParallel(submitting, async ({ group, name: schedule }) => {
    const id = { group, name: schedule };
    const by = scheduleLabel(id);
    const described = await readable(() => scheduler.get(id), by, found);
    if (!described) return;
    const { settings, created } = described;
    const target = settings['Target'];
    const input = readTargetInput(isJsonObject(target) ? target['Input'] : undefined);
    const reference = input && submitMember(input, 'JobDefinition');
    const revision = revisionOf(reference, name, session);
    if (revision === 'unknown') found.unreadable.push(`what ${by} submits`);
    if (typeof revision !== 'object') return;
    found.uses.push({ kind: 'schedule', id, by, enabled: isEnabled(settings), settings, created, ...revision });
  });
  return sorted(found);
}

async function usingRules(events: EventsOperations, session: AwsSession, name: string): Promise<DefinitionUses> {
  const found: DefinitionUses = { uses: [], unreadable: [] };
  const buses = await readable(() => events.buses(), 'the event buses', found);
  const rules: RuleId[] = [];
  await inParallel(buses ?? ['default'], async (bus) => {
    const names = await readable(() => events.rules(bus), `the rules of event bus ${bus}`, found);
    rules.push(...(names ?? []).map((rule) => ({ bus, name: rule })));
  });
  await inParallel(rules, async (id) => {
    const by = ruleLabel(id);
    const targets = await readable(() => events.targets(id), by, found);
    for (const target of (targets ?? []).filter(isBatchTarget)) {
      const batch = target['BatchParameters'];
      const revision = revisionOf(isJsonObject(batch) ? batch['JobDefinition'] : undefined, name, session);
      if (revision === 'unknown') found.unreadable.push(`what ${by} submits`);
      if (typeof revision !== 'object') continue;
      const rule = await readable(() => events.rule(id), by, found);
      if (!rule) continue;
      const { settings } = rule;
      const enabled = isEnabled(settings);
      found.uses.push({ kind: 'rule', id, targetId: String(target['Id']), by, enabled, settings, ...revision });
    }
  });
  return sorted(found);
}

/** The revision when the reference is to this definition; undefined when it is to another, and unknown when it says neither. */
function revisionOf(
  reference: JsonValue | undefined,
  name: string,
  { region, identity }: AwsSession,
): { revision: number | undefined } | 'unknown' | undefined {
  const parsed = parseDefinitionReference(reference);
  if (!parsed) return 'unknown';
  return isOfName(parsed, name, `${region}:${identity.accountId}`) ? { revision: parsed.revision } : undefined;
}

function isEnabled({ State }: JsonObject): boolean {
  return State !== 'DISABLED';
}

/** In an order that does not depend on which answer came first. */
function sorted({ uses, unreadable }: DefinitionUses): DefinitionUses {
  return { uses: uses.toSorted((a, b) => (a.by < b.by ? -1 : 1)), unreadable: unreadable.toSorted() };
}

async function readable<T>(read: () => Promise<T>, what: string, found: DefinitionUses): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof DeployError) || error.code !== 'aws.access_denied') throw error;
    found.unreadable.push(what);
    return undefined;
  }
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = items.values();
  const worker = async (): Promise<void> => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}

export type Repointed = { use: ScheduledUse } & ({ outcome: PutOutcome } | { error: DeployError });

/**
 * Moves what is pinned to another revision of the same definition to this one, also back; what goes by the name follows by
 * itself and is left alone. One that fails does not keep the others from being moved.
 */
export async function repoint(
  uses: readonly ScheduledUse[],
  to: ScheduledDefinition,
  session: AwsSession,
  context: Pick<ActionContext, 'clock' | 'progress' | 'signal'>,
  { dryRun = false }: { dryRun?: boolean } = {},
): Promise<Repointed[]> {
  const pinned = uses.filter(({ revision }) => revision !== undefined && revision !== to.described['revision']);
  const done: Repointed[] = [];
  for (const use of pinned) {
    const request = { edits: {}, definition: to, allowOlder: true, dryRun };
    try {
      const outcome =
        use.kind === 'schedule'
          ? await putSchedule({ ...request, id: use.id }, session, context)
          : await putRule({ ...request, id: use.id, targetId: use.targetId }, session, context);
      done.push({ use, outcome });
    } catch (error) {
      if (!(error instanceof DeployError)) throw error;
      done.push({ use, error });
    }
  }
  return done;
}
