import { fitsWildcard } from '../wildcard.ts';

/** An operator of a condition, read: `ForAnyValue:StringLikeIfExists`. */
export interface ConditionOperator {
  readonly base: keyof typeof COMPARISONS | 'Null';
  /** How a key with several values is compared. */
  readonly set?: 'ForAnyValue' | 'ForAllValues';
  readonly ifExists: boolean;
}

interface Comparison {
  readonly fits: (wanted: string, actual: string) => boolean;
  /** It holds when none of the wanted values fits. */
  readonly negated: boolean;
}

const equal = (wanted: string, actual: string): boolean => wanted === actual;
const equalInAnyCase = (wanted: string, actual: string): boolean => wanted.toLowerCase() === actual.toLowerCase();

const COMPARISONS = {
  StringEquals: { fits: equal, negated: false },
  StringNotEquals: { fits: equal, negated: true },
  StringEqualsIgnoreCase: { fits: equalInAnyCase, negated: false },
  StringNotEqualsIgnoreCase: { fits: equalInAnyCase, negated: true },
  StringLike: { fits: fitsWildcard, negated: false },
  StringNotLike: { fits: fitsWildcard, negated: true },
  Bool: { fits: equalInAnyCase, negated: false },
} as const satisfies Record<string, Comparison>;

/** Those that the local AWS knows. */
export const OPERATOR_NAMES: readonly string[] = [...Object.keys(COMPARISONS), 'Null'];

/** Undefined for an operator that is not known here. */
export function findOperator(name: string): ConditionOperator | undefined {
  const match = /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/.exec(name);
  if (match === null) return undefined;
  const [, set, base, ifExists] = match;
  if (base === 'Null') return set === undefined && ifExists === undefined ? { base, ifExists: false } : undefined;
  if (!Object.hasOwn(COMPARISONS, base!)) return undefined;
  return {
    base: base as keyof typeof COMPARISONS,
    ...(set === undefined ? {} : { set: set as 'ForAnyValue' | 'ForAllValues' }),
    ifExists: ifExists !== undefined,
  };
}

/**
 * Does a key's value, or its values, fit one of those that a condition wants? Without the key a condition does not hold,
 * unless it is negated, ends in `IfExists` or asks for all values: these hold, as IAM's documentation says.
 */
export function holds(
  { base, set, ifExists }: ConditionOperator,
  actual: readonly string[] | undefined,
  wanted: readonly string[],
): boolean {
  const values = actual ?? [];
  if (base === 'Null') return wanted.includes(String(values.length === 0));
  const { fits, negated }: Comparison = COMPARISONS[base];
  const holdsFor = (value: string): boolean => wanted.some((each) => fits(each, value)) !== negated;
  if (values.length === 0) return ifExists || set === 'ForAllValues' || (negated && set === undefined);
  if (set === 'ForAllValues' || (set === undefined && negated)) return values.every(holdsFor);
  return values.some(holdsFor);
}
