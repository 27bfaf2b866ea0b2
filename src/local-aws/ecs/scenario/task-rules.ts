import type { ContainerDefinition, TaskStopCode } from '@aws-sdk/client-ecs';

import { isJsonObject, type JsonObject, type JsonValue } from '../../../core/json.ts';
import { durationMs } from '../../duration.ts';
import type { TaskStatus } from '../tasks/task.ts';
import type { Shape } from './shape.ts';
import type { TaskDurations, TaskExit, TaskPlay } from './task-play.ts';

const DEFAULT_DURATIONS: TaskDurations = {
  PROVISIONING: 5000,
  PENDING: 5000,
  ACTIVATING: 5000,
  DEACTIVATING: 5000,
  STOPPING: 5000,
  DEPROVISIONING: 5000,
};
const DEFAULT_RUNNING_MS = 30_000;
/** Without any health check, a task counts as healthy 40 s after RUNNING (API reference, DeploymentConfiguration). */
const NO_CHECK_MS = 40_000;
const LOAD_BALANCER_MS = 15_000;
const LOAD_BALANCER_UNHEALTHY_MS = 60_000;
const DEFAULT_INTERVAL_S = 30;
const DEFAULT_RETRIES = 3;

const STOP_CODES: readonly TaskStopCode[] = [
  'EssentialContainerExited',
  'InfrastructureHealth',
  'SpotInterruption',
  'TerminationNotice',
];

/** One of `ecs.tasks` in a scenario: docs/local-aws.md describes it. */
export const TASK_RULE: Shape = {
  required: ['match'],
  members: {
    match: 'text',
    cluster: 'text',
    image: 'text',
    times: 'count',
    failToStart: 'text',
    noCapacity: 'text',
    stuck: { oneOf: ['PROVISIONING', 'PENDING', 'ACTIVATING'] },
    health: { oneOf: ['never'] },
    imageDigest: 'image digest',
    exit: {
      object: {
        members: {
          after: 'duration',
          from: { oneOf: ['RUNNING', 'HEALTHY'] },
          exitCode: 'exit code',
          exitCodes: 'exit codes',
          reason: 'text',
          stopCode: { oneOf: STOP_CODES },
          stoppedReason: 'text',
        },
      },
    },
    log: 'lines',
    durations: { durationsOf: [...Object.keys(DEFAULT_DURATIONS), 'RUNNING', 'HEALTHY', 'UNHEALTHY'] },
  },
};

/** What a task is, as far as its play depends on it. */
export interface PlayedTask {
  containers: readonly ContainerDefinition[];
  hasLoadBalancer: boolean;
  /** A task of a service runs until it is stopped. */
  isOfService: boolean;
}

/** How a task goes, by the rule of the scenario that is for it. */
export function taskPlay(rule: JsonObject | undefined, task: PlayedTask): TaskPlay {
  const { failToStart, stuck, health, imageDigest, log } = rule ?? {};
  const given = isJsonObject(rule?.['durations']) ? rule['durations'] : {};
  const duration = (name: string, usual: number): number => msOf(given[name], usual);
  const exit = exitOf(rule?.['exit'], duration('RUNNING', DEFAULT_RUNNING_MS), task);
  return {
    durations: Object.fromEntries(
      Object.entries(DEFAULT_DURATIONS).map(([status, usual]) => [status, duration(status, usual)]),
    ) as TaskDurations,
    healthyMs: duration('HEALTHY', healthyMs(task)),
    unhealthyMs: duration('UNHEALTHY', unhealthyMs(task)),
    ...(typeof failToStart === 'string' && { failToStart }),
    ...(typeof stuck === 'string' && { stuck: stuck as TaskStatus }),
    ...(health === 'never' && { health }),
    ...(typeof imageDigest === 'string' && { imageDigest }),
    ...(exit && { exit }),
    log: Array.isArray(log) ? (log as string[]) : [],
  };
}

function exitOf(given: JsonValue | undefined, runningMs: number, { isOfService }: PlayedTask): TaskExit | undefined {
  if (!isJsonObject(given) && isOfService) return undefined;
  const exit = isJsonObject(given) ? given : {};
  const exitCode = typeof exit['exitCode'] === 'number' ? exit['exitCode'] : isOfService ? 1 : 0;
  return {
    afterMs: msOf(exit['after'], isOfService ? 0 : runningMs),
    from: exit['from'] === 'HEALTHY' ? 'HEALTHY' : 'RUNNING',
    exitCodes: { '*': exitCode, ...(isJsonObject(exit['exitCodes']) && (exit['exitCodes'] as Record<string, number>)) },
    ...(typeof exit['reason'] === 'string' && { reason: exit['reason'] }),
    stopCode: (exit['stopCode'] as TaskStopCode | undefined) ?? 'EssentialContainerExited',
    stoppedReason: String(exit['stoppedReason'] ?? 'Essential container in task exited'),
  };
}

function healthyMs({ containers, hasLoadBalancer }: PlayedTask): number {
  const checks = checksOf(containers).map(({ interval = DEFAULT_INTERVAL_S }) => interval * 1000);
  const waits = [...checks, ...(hasLoadBalancer ? [LOAD_BALANCER_MS] : [])];
  return waits.length === 0 ? NO_CHECK_MS : Math.max(...waits);
}

function unhealthyMs({ containers, hasLoadBalancer }: PlayedTask): number {
  const checks = checksOf(containers).map(
    ({ interval = DEFAULT_INTERVAL_S, retries = DEFAULT_RETRIES, startPeriod = 0 }) =>
      (startPeriod + interval * retries) * 1000,
  );
  const waits = [...checks, ...(hasLoadBalancer ? [LOAD_BALANCER_UNHEALTHY_MS] : [])];
  return waits.length === 0 ? DEFAULT_INTERVAL_S * DEFAULT_RETRIES * 1000 : Math.min(...waits);
}

function checksOf(containers: readonly ContainerDefinition[]) {
  return containers.filter(({ essential }) => essential !== false).flatMap(({ healthCheck }) => healthCheck ?? []);
}

/** A duration of the scenario in milliseconds. */
export function msOf(given: JsonValue | undefined, usual: number): number {
  return given === undefined ? usual : (durationMs(given) ?? usual);
}
