import { durationText } from '../../../core/duration-text.ts';
import { hookName } from '../cause.ts';
import type { LifecycleHook, ServiceDeployment, ServiceSnapshot } from '../observation.ts';
import type { OurDeployment } from '../started-deployment.ts';
import type { Rollout } from '../track.ts';
import type { GoingState } from '../verdict.ts';

export interface Said {
  level: 'info' | 'warn';
  text: string;
}

const WORDS: Readonly<Record<GoingState, string>> = {
  GOING: 'In progress',
  BAKING: 'Baking',
  PAUSED: 'Paused',
  STOPPING: 'Stopping',
  ROLLING_BACK: 'Rolling back',
};

/** What is new in a deployment that goes on, compared with the look before. Its end is told by who judges it. */
export function whatIsNew(before: Rollout, now: Rollout): Said[] {
  const [was, is] = [stateText(before), stateText(now)];
  if (was === is || !(now.verdict.state in WORDS)) return [];
  const { cause, state } = now.verdict;
  const isBad = state === 'ROLLING_BACK' || state === 'STOPPING';
  return [{ level: isBad ? 'warn' : 'info', text: cause && isBad ? `${is}, because ${cause.text}` : is }];
}

/** `In progress: PRODUCTION_TRAFFIC_SHIFT`; for a pause who can end it. */
export function stateText({ verdict }: Pick<Rollout, 'verdict'>): string {
  const { state, stage, hook } = verdict;
  const word = state in WORDS ? WORDS[state as GoingState] : state;
  return `${word}${stage ? `: ${stage}` : ''}${hook ? ` (${hookName(hook)}${expiryText(hook)})` : ''}`;
}

function expiryText({ expiresAt, timeoutAction }: LifecycleHook): string {
  if (expiresAt === undefined) return '';
  const action = timeoutAction === 'CONTINUE' ? 'goes on by itself' : 'is rolled back';
  return `; it ${action} at ${new Date(expiresAt).toISOString()}`;
}

/** Tasks and traffic, as far as AWS tells them: `2 of 3 tasks run, 10 % of the traffic`. */
export function countsText(
  ours: OurDeployment,
  service: ServiceSnapshot | undefined,
  deployment: ServiceDeployment | undefined,
): string {
  const own = service?.deployments.find(({ id }) => id === ours.id);
  const target = deployment?.target;
  const running = own?.runningCount ?? target?.running;
  const wanted = own?.desiredCount ?? target?.requested;
  const failed = Math.max(own?.failedTasks ?? 0, deployment?.breaker?.failureCount ?? 0);
  const parts = [
    running === undefined || wanted === undefined ? undefined : `${running} of ${wanted} tasks run`,
    failed > 0 ? `${failed} failed` : undefined,
    target?.productionWeight === undefined ? undefined : `${target.productionWeight} % of the traffic`,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

/** What is said when nothing has changed for a while. */
export function stillText(rollout: Rollout, counts: string, waitedMs: number): string {
  return `Still: ${[stateText(rollout), counts].filter((part) => part !== '').join(', ')} after ${durationText(waitedMs)}`;
}
