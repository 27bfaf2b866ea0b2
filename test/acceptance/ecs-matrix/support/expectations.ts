import { expect } from '@jest/globals';
import type { End } from './ends.ts';
import type { Run } from './run.ts';
import { DESIRED, type Holds } from './world.ts';

const REVISIONS = { old: 'web:1', new: 'web:2' } as const;

/** The run ended as the table says, and AWS holds what the table says: one revision, one deployment, no other count. */
export function expectEnd(run: Run, holds: Holds, end: End): void {
  expect({ exitCode: run.exitCode, status: run.result.outputs['deploymentStatus'], error: run.result.error }).toEqual({
    exitCode: end.exitCode,
    status: end.deploymentStatus,
    error: end.exitCode === 0 ? undefined : expect.objectContaining({ exitCode: end.exitCode }),
  });
  expectHeld(holds, end);
  expectNoFalseColour(run, holds, end);
}

export function expectHeld({ deployments, runs, ...holds }: Holds, end: End): void {
  const isGone = end.aws === undefined;
  expect({ ...holds, ours: deployments[0], others: deployments.length - 1 }).toEqual({
    revisions: 2,
    tags: end.tag ? [end.tag] : [],
    ours: end.aws,
    others: isGone ? -1 : (end.othersStart ?? 0),
    primary: end.primary && REVISIONS[end.primary],
    desiredCount: isGone ? undefined : DESIRED,
  });
  if (end.runs !== undefined) expect(runs).toEqual([REVISIONS[end.runs]]);
}

/** Whatever the table says: green is what AWS calls a success and what runs is what was asked for, and only that is red. */
export function expectNoFalseColour({ exitCode }: Run, { deployments, runs }: Holds, { flags = [] }: End): void {
  const [ours] = deployments;
  const waits = !flags.includes('--wait-until');
  if (exitCode === 0 && waits) expect({ ours, runs }).toEqual({ ours: 'SUCCESSFUL', runs: [REVISIONS.new] });
  if (exitCode !== 0) expect(ours).not.toBe('SUCCESSFUL');
}
