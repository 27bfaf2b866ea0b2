import { adviceOn, lastLinesOf, PULL_ADVICE, type Advice } from '../../failure-text.ts';
import { hookName } from '../cause.ts';
import type { CircuitBreaker, LifecycleHook, ServiceDeployment, ServiceEvent, TaskSnapshot } from '../observation.ts';
import { shortId } from '../proof.ts';
import type { OurDeployment } from '../started-deployment.ts';

/** What was gathered about a deployment that did not succeed. */
export interface FailureFacts {
  ours: OurDeployment;
  deployment: Pick<ServiceDeployment, 'breaker' | 'alarms' | 'hooks'> | undefined;
  /** Stopped tasks of the service; AWS keeps them for about an hour. */
  stoppedTasks: readonly TaskSnapshot[];
  /** Last lines of the output of containers, by task and container. */
  logs: readonly ContainerLog[];
  /** Events since the call. */
  events: readonly ServiceEvent[];
}

export interface ContainerLog {
  taskArn: string;
  container: string;
  lines: readonly string[];
}

/** Ways to fail that are told, and events. */
const MOST_GROUPS = 5;
const MOST_EVENTS = 10;

/** Why a deployment failed, so that nobody has to look elsewhere: a line each, the most telling first. */
export function failureDigest(facts: FailureFacts): string[] {
  const { deployment, logs, events } = facts;
  return [
    ...stoppedLines(stoppedByFault(facts)),
    ...breakerLines(deployment?.breaker),
    ...alarmLines(deployment?.alarms?.triggered ?? []),
    ...hookLines(deployment?.hooks ?? []),
    ...logs.flatMap(({ taskArn, container, lines }) => lastLinesOf(`${container} in task ${shortId(taskArn)}`, lines)),
    ...eventLines(events),
  ];
}

/**
 * The tasks of the deployment that stopped for another reason than that it was over: a rollback stops the healthy ones,
 * too. The first to stop tells most, because later ones may be consequences.
 */
export function stoppedByFault({ ours, stoppedTasks }: Pick<FailureFacts, 'ours' | 'stoppedTasks'>): TaskSnapshot[] {
  return stoppedTasks
    .filter(({ startedBy }) => startedBy === ours.id)
    .filter(({ stopCode, containers }) => !SCALED_DOWN.has(stopCode ?? '') || containers.some(hasFailed))
    .toSorted((a, b) => (a.stoppedAt ?? 0) - (b.stoppedAt ?? 0));
}

/** Of TaskStopCode; the others say that something went wrong, or that the machine went away. */
const SCALED_DOWN = new Set(['ServiceSchedulerInitiated', 'UserInitiated']);

/** 137 and 143 are how a container ends that was told to. */
function hasFailed({ exitCode, reason }: TaskSnapshot['containers'][number]): boolean {
  return (exitCode !== undefined && ![0, 137, 143].includes(exitCode)) || /error|OutOfMemory/i.test(reason ?? '');
}

/** How one task stopped: `Essential container in task exited; web: exit code 1, OutOfMemoryError…`. */
export function stoppedText({ stopCode, stoppedReason, containers }: TaskSnapshot): string {
  const ends = containers.flatMap(({ name, exitCode, reason }) => {
    const parts = [exitCode === undefined ? undefined : `exit code ${exitCode}`, reason].filter((part) => part);
    return parts.length === 0 || (exitCode === 0 && !reason) ? [] : [`${name}: ${parts.join(', ')}`];
  });
  return [stoppedReason ?? stopCode ?? 'stopped without a reason', ...ends].join('; ');
}

function stoppedLines(tasks: readonly TaskSnapshot[]): string[] {
  const groups = new Map<string, TaskSnapshot[]>();
  for (const task of tasks) {
    // ECS puts its own ids into reasons: (service web) (port 80) (task 0123…) is one reason for all.
    const how = stoppedText(task).replaceAll(/\b[0-9a-f]{32}\b/g, '…');
    groups.set(how, [...(groups.get(how) ?? []), task]);
  }
  const sorted = [...groups].toSorted(([, a], [, b]) => b.length - a.length);
  const lines = sorted.slice(0, MOST_GROUPS).map(([how, same]) => {
    const [first] = same;
    const which = first ? ` (task ${shortId(first.arn)}${same.length > 1 ? ', the first of them' : ''})` : '';
    return `${same.length} ${same.length === 1 ? 'task' : 'tasks'} stopped: ${how}${which}`;
  });
  const more = sorted.length - lines.length;
  return more > 0 ? [...lines, `and tasks that stopped in ${more} other ways`] : lines;
}

function breakerLines(breaker: CircuitBreaker | undefined): string[] {
  if (!breaker || breaker.status === 'DISABLED') return [];
  const { failureCount, threshold, status } = breaker;
  return [`Circuit breaker: ${failureCount} failed tasks, threshold ${threshold} (${status})`];
}

function alarmLines(triggered: readonly string[]): string[] {
  return triggered.length === 0 ? [] : [`Alarms that went off: ${triggered.join(', ')}`];
}

function hookLines(hooks: readonly LifecycleHook[]): string[] {
  return hooks.map((hook) => {
    const name = hookName(hook);
    return `${name[0]?.toUpperCase()}${name.slice(1)}: ${hook.status}`;
  });
}

function eventLines(events: readonly ServiceEvent[]): string[] {
  if (events.length === 0) return [];
  return ['Events of the service:', ...events.slice(-MOST_EVENTS).map(({ message }) => `  ${message}`)];
}

/** What AWS says about stopped tasks, and what helps. */
const HINTS: Advice = [
  [/CannotPullContainerError|CannotPullECRContainer|pull image manifest/i, PULL_ADVICE],
  [
    /ResourceInitializationError/i,
    'The task could not be set up: check the execution role, the secrets that the task definition names, and the way out of the subnet.',
  ],
  [/OutOfMemory/i, 'A container needed more memory than it has: raise memory in the task definition.'],
  [
    /failed (ELB|container) health checks|unhealthy in target-group|health check/i,
    'Tasks started but were not healthy: check the health check, its path and port, and healthCheckGracePeriodSeconds of the service.',
  ],
  [
    /exec format error/i,
    'The image is for another processor: build it for the cpuArchitecture of the task definition.',
  ],
  [
    /CannotStartContainerError|executable file not found/i,
    'The command does not exist in the image: check command and entryPoint.',
  ],
  [
    /unable to place a task|RESOURCE:(CPU|MEMORY)|insufficient (cpu|memory)/i,
    'There is no room for the task in the cluster: add capacity, or ask for less cpu and memory.',
  ],
  [
    /Capacity is unavailable|SpotInterruption|InsufficientCapacity/i,
    'AWS has no capacity now: allow more Availability Zones, or On-Demand beside Spot.',
  ],
];

/** Advice on a digest, each once. */
export function digestHints(digest: readonly string[]): string[] {
  return adviceOn(digest, HINTS);
}
