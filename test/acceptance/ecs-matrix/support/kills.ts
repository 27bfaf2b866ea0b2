import { expect } from '@jest/globals';
import type { EcsStage } from '../../../local-aws/ecs/ecs-stage.ts';
import { killingProxy, type Kill } from '../../../support/killing-proxy.ts';
import { runAction } from './run.ts';

export interface KillCase extends Kill {
  when: string;
}

/**
 * Every moment at which a run can be killed that leaves something else behind: before each of its calls, which is the same as
 * after the one before it was applied, and after the last one.
 */
export function kills(calls: readonly string[]): KillCase[] {
  const before = calls.map((operation, index) => ({
    when: `before call ${index + 1}, ${operation}`,
    nth: index + 1,
    applied: false,
  }));
  return [...before, { when: 'after the last call', nth: calls.length, applied: true }];
}

/** A run that is killed at a call: nothing that it does after that reaches AWS. */
export async function runKilled(stage: EcsStage, argv: readonly string[], { nth, applied }: Kill): Promise<void> {
  const dead = new AbortController();
  const proxy = await killingProxy(stage.localAws.endpoint, { nth, applied, onKill: () => dead.abort() });
  await runAction(stage, argv, { endpoint: proxy.endpoint, signal: dead.signal });
  await proxy.close();
  expect(dead.signal.aborted).toBe(true);
}
