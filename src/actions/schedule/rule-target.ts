import type { DescribedRule, EventsOperations, RefusedTarget } from '../../aws/events.ts';
import { ruleLabel, type RuleId } from '../../aws/schedule-names.ts';
import { badArgument, DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import type { JsonObject } from '../../core/json.ts';

/** Throws (exit code 2) for a rule that a service of AWS made for itself. */
export function checkManaged(label: string, rule: Pick<DescribedRule, 'managedBy'> | undefined): void {
  if (rule?.managedBy === undefined) return;
  throw badArgument(`${label} belongs to ${rule.managedBy}, and nobody else can change it`, ['Nothing was changed.']);
}

/**
 * Puts one target in the place of the one with its id. Throws (exit code 10) with AWS's code and message when it is not
 * taken, which the call itself does not fail for.
 * @returns false when something else changes the rule at the same time: look again
 */
export async function replaceTarget(id: RuleId, target: JsonObject, events: EventsOperations): Promise<boolean> {
  const refused = await events.putTarget(id, target);
  if (refused.some(({ code }) => code === 'ConcurrentModificationException')) return false;
  if (refused.length > 0) throw targetRefused(id, refused);
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
