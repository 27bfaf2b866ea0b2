import { expect } from '@jest/globals';
import type { ExitCode } from '../../../../src/core/exit-codes.ts';
import type { FaultKind } from '../../../../src/local-aws/faults.ts';
import type { End } from './ends.ts';
import { expectHeld } from './expectations.ts';
import type { Position } from './faults.ts';
import type { Run } from './run.ts';
import type { Holds } from './world.ts';

export type Hit = Position & { kind: FaultKind };

const CODES: Partial<Record<FaultKind, string>> = {
  'expired-token': 'aws.expired_credentials',
  'access-denied': 'aws.access_denied',
};

/** What a run can do without: it then says so, and ends as it would have otherwise. */
const SPARED: readonly string[] = ['ecs:TagResource'];

/** A run that was refused a call ended with that, in words that name the call; or it could do without, and said so. */
export function expectOwnWords({ result, said, exitCode }: Run, otherwise: ExitCode, hit: Hit): void {
  const { error } = result;
  if (exitCode === 3) {
    const told = [error?.title, error?.message, ...(error?.hints ?? [])].join('\n');
    expect({ code: error?.code, told }).toEqual({
      code: CODES[hit.kind],
      told: expect.stringContaining(hit.operation),
    });
    return;
  }
  expect(SPARED).toContain(hit.operation);
  expect(exitCode).toBe(otherwise);
  expect(said).toContain(hit.operation);
}

/**
 * A run that was refused a call ended with that, and told all that it leaves behind; or it could do without, and said what
 * it could not do.
 */
export function expectRefusal(run: Run, holds: Holds, end: End, hit: Hit): void {
  expectOwnWords(run, end.exitCode, hit);
  const { error, outputs } = run.result;
  if (run.exitCode !== 3) {
    expect(outputs['deploymentStatus']).toBe(end.deploymentStatus);
    return expectHeld(holds, { ...end, tag: undefined });
  }
  const told = [error?.title, error?.message, ...(error?.hints ?? [])].join('\n');
  expect(holds.tags).toEqual([]);
  expect(holds.revisions).toBeLessThanOrEqual(2);
  if (holds.revisions > 1 && holds.deployments.length === 0) expect(told).toContain('web:2');
  if (holds.deployments.length > 0) expect(told).toMatch(/ecs-svc\/\d+/);
}
