import type { DeploymentLifecycleHook } from '@aws-sdk/client-ecs';

import { fitsWildcard } from '../../wildcard.ts';
import { idFrom } from '../ids.ts';
import type { DeploymentPlay, HookPlay } from '../scenario/deployment-play.ts';
import type { HookRun } from './deployment-record.ts';
import type { Stage } from './stages.ts';

const MINUTE_MS = 60_000;
const DEFAULT_TIMEOUT_MINUTES = 1440;
const SUCCEEDS: Omit<HookPlay, 'target'> = { results: ['SUCCEEDED'], takesMs: 1000, callBackDelayMs: 30_000 };

/** The hooks of a stage as they begin, all at once. `seed` makes their ids. */
export function beginHooks(
  hooks: readonly DeploymentLifecycleHook[],
  stage: Stage,
  { play, now, seed }: { play: DeploymentPlay; now: number; seed: string },
): HookRun[] {
  const configured = hooks.filter(({ lifecycleStages = [] }) => (lifecycleStages as Stage[]).includes(stage));
  return configured.map((hook, index) => {
    const { timeoutInMinutes = DEFAULT_TIMEOUT_MINUTES, action = 'ROLLBACK' } = hook.timeoutConfiguration ?? {};
    const isPause = hook.targetType === 'PAUSE';
    const targetArn = hook.hookTargetArn ?? '';
    return {
      hookId: `ecs-${isPause ? 'pause' : 'lambda'}-${idFrom(`${seed} ${stage} ${now} ${index}`).long}`,
      targetType: hook.targetType ?? 'AWS_LAMBDA',
      ...(!isPause && { targetArn }),
      status: isPause ? 'AWAITING_ACTION' : 'IN_PROGRESS',
      expiresAt: now + timeoutInMinutes * MINUTE_MS,
      timeoutAction: action,
      calls: 0,
      ...(!isPause && { nextAt: now + playOf(play, stage, targetArn).takesMs }),
    };
  });
}

/** The hook after what has happened to it until now; the same object when nothing has. */
export function afterTime(hook: HookRun, stage: Stage, play: DeploymentPlay, now: number): HookRun {
  if (!isUnderWay(hook)) return hook;
  if (now >= hook.expiresAt) {
    const isOver = { ...hook, status: 'TIMED_OUT' as const };
    return hook.timeoutAction === 'CONTINUE' ? isOver : { ...isOver, failure: `${nameOf(hook)} timed out.` };
  }
  if (hook.nextAt === undefined || now < hook.nextAt) return hook;
  const { results, takesMs, callBackDelayMs } = playOf(play, stage, hook.targetArn ?? '');
  const result = results[Math.min(hook.calls, results.length - 1)]!;
  const called = { ...hook, calls: hook.calls + 1 };
  if (result === 'IN_PROGRESS') return { ...called, nextAt: hook.nextAt + callBackDelayMs + takesMs };
  const { nextAt: _, ...ended } = called;
  if (result === 'SUCCEEDED') return { ...ended, status: 'SUCCEEDED' };
  const failure =
    result === 'FAILED'
      ? `${nameOf(hook)} returned FAILED status.`
      : `ECS was unable to parse the response from ${hook.targetArn} due to: HookStatus must not be null.`;
  return { ...ended, status: 'FAILED', failure };
}

/** The hook after ContinueServiceDeployment. */
export function afterAction(hook: HookRun, action: 'CONTINUE' | 'ROLLBACK'): HookRun {
  if (action === 'CONTINUE') return { ...hook, status: 'SUCCEEDED' };
  return { ...hook, status: 'FAILED', failure: `${nameOf(hook)} was rolled back.` };
}

/** When something happens to it by itself. */
export function hookTimes(hook: HookRun): number[] {
  if (!isUnderWay(hook)) return [];
  return [hook.expiresAt, ...(hook.nextAt === undefined ? [] : [hook.nextAt])];
}

export function isUnderWay({ status }: HookRun): boolean {
  return status === 'IN_PROGRESS' || status === 'AWAITING_ACTION';
}

function nameOf({ targetArn, hookId }: HookRun): string {
  return targetArn === undefined ? `Lifecycle hook ${hookId}` : `Lifecycle hook target ${targetArn}`;
}

function playOf({ hooks }: DeploymentPlay, stage: Stage, target: string): Omit<HookPlay, 'target'> {
  const fits = (hook: HookPlay): boolean =>
    (hook.stage === undefined || hook.stage === stage) && fitsWildcard(hook.target, target);
  return hooks.find(fits) ?? SUCCEEDS;
}
