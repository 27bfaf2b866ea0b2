import type { RuleId, ScheduleId } from '../../aws/schedule-names.ts';
import { badArgument } from '../../core/errors.ts';
import type { ScheduledTaskInputs } from '../deploy-scheduled-task.ts';
import { refuseForSchedules, scheduleOrRule } from '../schedule/check-inputs.ts';

/** Where a task is scheduled. */
export type SchedulePlace =
  | { kind: 'schedule'; id: ScheduleId }
  /** Without a target's id, it is the only one that runs tasks. */
  | { kind: 'rule'; id: RuleId; targetId: string | undefined };

/** Throws (exit code 2) for what contradicts itself. */
export function checkPlace(inputs: ScheduledTaskInputs): SchedulePlace {
  const { groupName: group, eventBusName: bus, ruleTargetId: targetId } = inputs;
  const { kind, name } = scheduleOrRule(inputs);
  if (kind === 'schedule') {
    refuseForSchedules(inputs);
    return { kind, id: { group, name } };
  }
  if (group !== 'default') {
    throw badArgument('group_name is for schedules', [
      'Give schedule_name in the place of rule_name, or leave it out; the bus of a rule is event_bus_name.',
    ]);
  }
  return { kind, id: { bus, name }, targetId };
}
