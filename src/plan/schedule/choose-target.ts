import { badArgument } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';

/** What a target does that is looked for. */
export interface TargetKind {
  isMeant(target: JsonObject): boolean;
  /** For messages: `submits no Batch job`. */
  doesNot: string;
  /** The same of several: `submit Batch jobs`. */
  do: string;
}

export interface TargetChoice {
  /** Name of the rule. */
  rule: string;
  targets: readonly JsonObject[];
  /** The id that was given. */
  wanted: string | undefined;
}

/**
 * The target of a rule that does it: the one with that id, or the only one. Undefined when there is none. Throws (exit
 * code 2) with the candidates when the named one does something else, or when several do it and none is named.
 */
export function chooseTarget({ rule, targets, wanted }: TargetChoice, kind: TargetKind): JsonObject | undefined {
  const meant = targets.filter((target) => kind.isMeant(target));
  if (wanted !== undefined) {
    const named = targets.find(({ Id }) => Id === wanted);
    if (!named || kind.isMeant(named)) return named;
    throw badArgument(`target ${wanted} of rule ${rule} ${kind.doesNot}: ${String(named['Arn'])}`, [
      `Targets that do: ${targetIds(meant) || 'none'}.`,
    ]);
  }
  if (meant.length <= 1) return meant[0];
  throw badArgument(`rule ${rule} has ${meant.length} targets that ${kind.do}`, [
    `Give rule_target_id, one of: ${targetIds(meant)}.`,
  ]);
}

export function targetIds(targets: readonly JsonObject[]): string {
  return targets.map(({ Id }) => String(Id)).join(', ');
}
