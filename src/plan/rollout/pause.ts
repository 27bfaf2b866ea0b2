import type { LifecycleHook, ServiceDeployment } from './observation.ts';

export type PauseChoice =
  | { kind: 'end'; hook: LifecycleHook }
  /** The named one does not wait (any more): a hook has an id only once the deployment has come to it. */
  | { kind: 'passed'; hookId: string }
  /** Nothing waits (yet). */
  | { kind: 'none' }
  | { kind: 'several'; hooks: readonly LifecycleHook[] };

/**
 * Which pause is to be ended. One that is named is never replaced by another: what was approved is that one.
 * @param wanted its id; undefined: the one that waits
 */
export function choosePause({ hooks }: Pick<ServiceDeployment, 'hooks'>, wanted: string | undefined): PauseChoice {
  const waiting = hooks.filter(({ kind, status }) => kind === 'PAUSE' && status === 'AWAITING_ACTION');
  if (wanted !== undefined) {
    const hook = waiting.find(({ id }) => id === wanted);
    return hook ? { kind: 'end', hook } : { kind: 'passed', hookId: wanted };
  }
  const [hook, ...others] = waiting;
  if (!hook) return { kind: 'none' };
  return others.length === 0 ? { kind: 'end', hook } : { kind: 'several', hooks: waiting };
}

/** `the pause ecs-pause-1 (BAKE_TIME), which would have been rolled back at 2026-11-20T12:00:00.000Z` */
export function pauseText(
  { id, expiresAt, timeoutAction }: LifecycleHook,
  { stage }: Pick<ServiceDeployment, 'stage'>,
): string {
  const name = `the pause ${id}${stage === undefined ? '' : ` (${stage})`}`;
  if (expiresAt === undefined) return name;
  const fate = timeoutAction === 'CONTINUE' ? 'ended by itself' : 'been rolled back';
  return `${name}, which would have ${fate} at ${new Date(expiresAt).toISOString()}`;
}

/** Who decides, as far as it is known: `job 17 of pipeline 42 of acme/web`. */
export function decidedBy({ project, buildNumber, pipelineNumber, onCircleCI }: Decider): string {
  if (!onCircleCI) return 'somebody outside CircleCI';
  const parts = [
    buildNumber === undefined ? 'a job' : `job ${buildNumber}`,
    ...(pipelineNumber === undefined ? [] : [`of pipeline ${pipelineNumber}`]),
    ...(project === undefined ? [] : [`of ${project}`]),
  ];
  return parts.join(' ');
}

export interface Decider {
  onCircleCI: boolean;
  project: string | undefined;
  buildNumber: string | undefined;
  pipelineNumber: number | undefined;
}
