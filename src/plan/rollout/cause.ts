import type { LifecycleHook, ListedServiceDeployment, ServiceDeployment } from './observation.ts';
import type { Cause } from './verdict.ts';

/** Words of AWS's reasons, for when the parts of the answer that are made for it don't tell. */
const REASONS: readonly [RegExp, Cause['kind']][] = [
  [/circuit breaker|tasks failed to start/i, 'circuit-breaker'],
  [/alarm/i, 'alarm'],
  [/hook/i, 'hook'],
  [
    /StopServiceDeployment|stop(ped)? (request|by)|request(ed)? (to stop|by (a |the )?user)|user.{0,20}request/i,
    'stop-request',
  ],
  [/(new|newer|another|superse\w+).{0,30}deployment|superseded/i, 'newer-deployment'],
];

/** The cause of a reason that AWS gives in words. */
export function causeOfReason(reason: string): Cause {
  return { kind: REASONS.find(([pattern]) => pattern.test(reason))?.[1] ?? 'other', text: `AWS says: ${reason}` };
}

/** What went wrong with a deployment by its own fault; undefined when nothing in it tells. */
export function ownFailure({ breaker, alarms, hooks, rollback, statusReason }: ServiceDeployment): Cause | undefined {
  if (breaker?.status === 'TRIGGERED') {
    const { failureCount, threshold } = breaker;
    return {
      kind: 'circuit-breaker',
      text: `the circuit breaker counted ${failureCount} failed tasks (threshold ${threshold})`,
    };
  }
  if (alarms && (alarms.status === 'TRIGGERED' || alarms.triggered.length > 0)) {
    const names = alarms.triggered.join(', ');
    return { kind: 'alarm', text: names === '' ? 'an alarm went off' : `the alarm ${names} went off` };
  }
  const hook = hooks.find(({ status }) => status === 'FAILED' || status === 'TIMED_OUT');
  if (hook) return { kind: 'hook', text: `${hookName(hook)} ${hook.status === 'FAILED' ? 'failed' : 'timed out'}` };
  const reason = [rollback?.reason, statusReason].find((text) => text);
  const told = reason === undefined ? undefined : causeOfReason(reason);
  return told && ['circuit-breaker', 'alarm', 'hook'].includes(told.kind) ? told : undefined;
}

/** Why a deployment ended otherwise than asked for: its own failure first, then what AWS says, then what came after it. */
export function causeOf(deployment: ServiceDeployment, newer: readonly ListedServiceDeployment[]): Cause {
  const own = ownFailure(deployment);
  if (own) return own;
  const reason = [deployment.rollback?.reason, deployment.statusReason].find((text) => text);
  const told = reason === undefined ? undefined : causeOfReason(reason);
  if (told && told.kind !== 'other') return told;
  const [first] = newer;
  if (first) return { kind: 'newer-deployment', text: `a newer deployment was started: ${first.arn}` };
  return told ?? { kind: 'other', text: 'AWS gives no reason' };
}

/** A hook as a person knows it. */
export function hookName({ kind, target, id }: LifecycleHook): string {
  const name = target?.split(':').at(-1) ?? id;
  return kind === 'PAUSE' ? `the pause ${id}` : `the hook ${name}`;
}
