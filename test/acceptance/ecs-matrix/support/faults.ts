import type { FaultKind } from '../../../../src/local-aws/faults.ts';

/** Each passes by itself: the run is to end as if it had not been. */
export const PASSING = ['throttle', '500', 'reset-before', 'reset-after-apply'] as const satisfies readonly FaultKind[];

/** Each stays, until somebody does something about it. */
export const LASTING = ['expired-token', 'access-denied'] as const satisfies readonly FaultKind[];

export const FAULTS: readonly FaultKind[] = [...PASSING, ...LASTING];

export function isPassing(kind: FaultKind): boolean {
  return (PASSING as readonly FaultKind[]).includes(kind);
}

/** A call of a run: the nth one of its operation. */
export interface Position {
  operation: string;
  nth: number;
}

/** The first call of each operation, and the middle one of those that are made often. */
export function positions(calls: readonly string[]): Position[] {
  return [...new Set(calls)].flatMap((operation) => {
    const count = calls.filter((call) => call === operation).length;
    const middle = Math.ceil(count / 2);
    return middle > 1
      ? [
          { operation, nth: 1 },
          { operation, nth: middle },
        ]
      : [{ operation, nth: 1 }];
  });
}
