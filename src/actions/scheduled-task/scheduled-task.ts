import type { EventsOperations } from '../../aws/events.ts';
import { ruleLabel, scheduleLabel, type RuleId, type ScheduleId } from '../../aws/schedule-names.ts';
import type { SchedulerOperations } from '../../aws/scheduler.ts';
import type { AwsSession } from '../../aws/session.ts';
import { badArgument, type DeployError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import {
  chooseEcsTarget,
  hasUnreadableInput,
  isEcsTarget,
  taskDefinitionOf,
} from '../../plan/scheduled-task/ecs-target.ts';
import { targetOf } from '../schedule/converge.ts';
import { checkManaged, replaceTarget } from '../schedule/rule-target.ts';
import type { SchedulePlace } from './check-inputs.ts';
import { ruleNotFound, scheduleNotFound } from './not-found.ts';

/** A schedule or rule as it is now. */
export interface FoundTask {
  arn: string;
  /**
   * All that is sent back when something changes: a whole schedule, and of a rule only the target, so that the rule itself
   * is nobody's to lose. The target that runs tasks is its `Target`.
   */
  whole: JsonObject;
  /** What it runs, as it is written there. */
  reference: string | undefined;
}

/** What a schedule and a rule have in common for whoever changes the task that they run. */
export interface ScheduledTask {
  /** As users know it: `schedule nightly`. */
  label: string;
  /** Throws when it is not there (exit code 5), or runs no task, or it is not clear which (2). */
  read(): Promise<FoundTask>;
  /** False when something else changes it at the same time: look again. */
  send(wanted: JsonObject): Promise<boolean>;
}

export async function openScheduledTask(place: SchedulePlace, session: AwsSession): Promise<ScheduledTask> {
  return place.kind === 'schedule'
    ? ofSchedule(place.id, await session.scheduler())
    : ofRule(place, await session.events());
}

function ofSchedule(id: ScheduleId, scheduler: SchedulerOperations): ScheduledTask {
  const label = scheduleLabel(id);
  return {
    label,
    async read() {
      const found = await scheduler.get(id);
      if (!found) throw await scheduleNotFound(id, scheduler);
      checkRunsTask(label, targetOf(found.settings));
      return foundTask(found.arn, found.settings);
    },
    send: (wanted) => scheduler.update(wanted),
  };
}

function ofRule(
  { id, targetId }: { id: RuleId; targetId: string | undefined },
  events: EventsOperations,
): ScheduledTask {
  const label = ruleLabel(id);
  return {
    label,
    async read() {
      const rule = await events.rule(id);
      if (!rule) throw await ruleNotFound(id, events);
      checkManaged(label, rule);
      const targets = await events.targets(id);
      const target = chooseEcsTarget(id.name, targets, targetId);
      if (!target) throw noTarget(label, targetId, targets);
      return foundTask(rule.arn, { Target: target });
    },
    send: (wanted) => replaceTarget(id, targetOf(wanted), events),
  };
}

function foundTask(arn: string, whole: JsonObject): FoundTask {
  return { arn, whole, reference: taskDefinitionOf(targetOf(whole)) };
}

function checkRunsTask(label: string, target: JsonObject): void {
  if (!isEcsTarget(target)) {
    throw badArgument(`${label} runs no ECS task: its target is ${String(target['Arn'])}`, [
      'Name a schedule whose target is an ECS cluster, or arn:aws:scheduler:::aws-sdk:ecs:runTask.',
    ]);
  }
  if (!hasUnreadableInput(target)) return;
  throw badArgument(`the Input of ${label} is no JSON object, so that nothing in it can be kept`, [
    'Repair or delete the schedule.',
  ]);
}

function noTarget(label: string, wanted: string | undefined, targets: readonly JsonObject[]): DeployError {
  const all = targets.map((target) => `${String(target['Id'])} (${String(target['Arn'])})`).join(', ');
  const title = wanted === undefined ? `${label} runs no ECS task` : `${label} has no target ${wanted}`;
  return badArgument(title, [
    all === '' ? 'It has no targets.' : `Its targets: ${all}.`,
    ...(targets.some(isEcsTarget) ? [] : ['This changes targets that run ECS tasks, and makes none.']),
  ]);
}
