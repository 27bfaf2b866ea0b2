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

/** What a run can do without, by why. */
const SPARED = {
  /** What a revision is remembered as is not what was asked for. */
  marking: ['ecs:DescribeTaskDefinition', 'ecs:TagResource', 'ecs:UntagResource'],
  /** Why something has failed that has failed. */
  explaining: ['ecs:ListTasks', 'ecs:DescribeTasks', 'ecs:DescribeTaskDefinition'],
  /** The service tells of its rolling update, too. */
  seeing: ['ecs:ListServiceDeployments', 'ecs:DescribeServiceDeployments'],
  /** What can't be stopped is left. */
  leaving: ['ecs:StopServiceDeployment', 'ecs:StopTask'],
};

/** What is looked at before anything begins, where the service tells as much, and the events of the end. */
function isByTheWay({ operation, nth }: Hit): boolean {
  return operation === 'ecs:ListServiceDeployments' || (operation === 'ecs:DescribeServices' && nth > 1);
}

/** A run that was refused a call ended with that, in words that name the call; or it could do without, and said so. */
export function expectOwnWords({ result, said, exitCode }: Run, otherwise: ExitCode, hit: Hit): void {
  if (exitCode === 3) {
    expect(result.error?.code).toBe(CODES[hit.kind]);
    return expect(errorText(result)).toContain(hit.operation);
  }
  if (isByTheWay(hit)) return expect(exitCode).toBe(otherwise);
  expect(Object.values(SPARED).flat()).toContain(hit.operation);
  expect(exitCode).toBe(SPARED.leaving.includes(hit.operation) ? 8 : otherwise);
  expect(said).toContain(hit.operation);
}

/**
 * The same of deploy-service. What a run that ended with it leaves behind is one revision and one deployment at most, and
 * both are told.
 */
export function expectRefusal(run: Run, holds: Holds, end: End, hit: Hit): void {
  expectOwnWords(run, end.exitCode, hit);
  if (run.exitCode !== 3) return expectSpared(run, holds, end, hit);
  const told = errorText(run.result);
  expect(holds.tags).toEqual([]);
  expect(holds.revisions).toBeLessThanOrEqual(2);
  expect(holds.deployments.length).toBeLessThanOrEqual(1 + (end.othersStart ?? 0));
  if (holds.revisions > 1 && holds.deployments.length === 0) expect(told).toContain('web:2');
  if (holds.deployments.length > 0) expect(told).toMatch(/ecs-svc\/\d+|the deployment of web succeeded/);
}

function expectSpared(run: Run, holds: Holds, end: End, { operation }: Hit): void {
  if (SPARED.leaving.includes(operation)) {
    expect([run.result.outputs['deploymentStatus'], holds.deployments]).toEqual(['TIMED_OUT', ['IN_PROGRESS']]);
    return;
  }
  const seen = run.said.includes('what ecs:DescribeServices tells of the rollout decides instead')
    ? { ...end, ...end.fromService }
    : end;
  expect(run.result.outputs['deploymentStatus']).toBe(seen.deploymentStatus);
  const isUnmarked = SPARED.marking.includes(operation);
  // The service may tell of the end of a deployment a moment before that has come.
  const isOnItsWay = end.aws === 'STOPPED' && holds.deployments[0] === 'STOP_REQUESTED';
  expectHeld(holds, {
    ...seen,
    ...(isUnmarked && { tag: undefined }),
    ...(isOnItsWay && { aws: 'STOP_REQUESTED' }),
  });
}

export function errorText({ error }: Run['result']): string {
  return [error?.title, error?.message, ...(error?.hints ?? [])].join('\n');
}
