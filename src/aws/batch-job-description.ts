import type { AttemptDetail, JobDetail, LogConfiguration } from '@aws-sdk/client-batch';
import { namesSecret } from '../core/redact.ts';
import type { Attempt, JobContainer, JobDescription, LogPlace } from '../plan/job-run/job-description.ts';

/** Where AWS Batch sends output when a definition doesn't say. */
const DEFAULT_LOG_GROUP = '/aws/batch/job';

/** A job as DescribeJobs tells it, brought to one form for the kinds of jobs that there are. */
export function describedJob(job: JobDetail): JobDescription {
  const { arrayProperties: array, nodeProperties: nodes } = job;
  const secrets = secretValues(job);
  const { summary, size } = { summary: array?.statusSummary, size: array?.size };
  return {
    id: job.jobId ?? '',
    arn: job.jobArn ?? '',
    name: job.jobName ?? '',
    definitionArn: job.jobDefinition ?? '',
    status: job.status ?? 'SUBMITTED',
    statusReason: job.statusReason || undefined,
    createdAt: time(job.createdAt),
    startedAt: time(job.startedAt),
    stoppedAt: time(job.stoppedAt),
    attempts: attempts(job),
    containers: containers(job),
    array: size === undefined ? undefined : { size, counts: summary ?? {} },
    mainNodeId: nodes ? `${job.jobId}#${nodes.mainNode ?? 0}` : undefined,
    ...(secrets.length > 0 ? { secrets } : {}),
  };
}

/** Shorter values are settings rather than secrets, and would be masked in ordinary text. */
const SHORTEST_SECRET = 8;

/** Of all containers, overrides included, wherever the kind of job has them. */
function secretValues(part: unknown): string[] {
  if (Array.isArray(part)) return part.flatMap(secretValues);
  if (typeof part !== 'object' || part === null) return [];
  const { name, value } = part as { name?: unknown; value?: unknown };
  if (typeof name === 'string' && typeof value === 'string')
    return namesSecret(name) && value.length >= SHORTEST_SECRET ? [value] : [];
  return Object.values(part).flatMap(secretValues);
}

/** AWS says 0 for what has not been yet. */
function time(ms: number | undefined): number | undefined {
  return ms === 0 ? undefined : ms;
}

function containers({ container, ecsProperties, eksProperties }: JobDetail): JobContainer[] {
  if (ecsProperties) {
    return (ecsProperties.taskProperties ?? [])
      .flatMap((task) => task.containers ?? [])
      .map(({ name, exitCode, reason, logStreamName, logConfiguration }) => ({
        name: name ?? '',
        exitCode,
        reason,
        log: logPlace(logStreamName, logConfiguration),
      }));
  }
  if (eksProperties) {
    const { containers: main = [], initContainers: init = [] } = eksProperties.podProperties ?? {};
    return [...init, ...main].map(({ name, exitCode, reason }) => ({
      name: name ?? '',
      exitCode,
      reason,
      log: EKS_LOG,
    }));
  }
  if (!container) return [];
  const { exitCode, reason, logStreamName, logConfiguration } = container;
  return [{ name: '', exitCode, reason, log: logPlace(logStreamName, logConfiguration) }];
}

/** What runs in pods writes where the cluster sends it, which Batch doesn't know. */
const EKS_LOG: LogPlace = { kind: 'elsewhere', driver: 'the EKS cluster' };

function attempts(job: JobDetail): Attempt[] {
  if (job.eksAttempts && job.eksAttempts.length > 0) {
    return job.eksAttempts.map(({ containers: main = [], initContainers: init = [], ...attempt }) => ({
      startedAt: time(attempt.startedAt),
      stoppedAt: time(attempt.stoppedAt),
      statusReason: attempt.statusReason,
      containers: [...init, ...main].map(({ name, exitCode, reason }) => ({
        name: name ?? '',
        exitCode,
        reason,
        log: EKS_LOG,
      })),
    }));
  }
  const configurations = logConfigurations(job);
  return (job.attempts ?? []).map((attempt) => ({
    startedAt: time(attempt.startedAt),
    stoppedAt: time(attempt.stoppedAt),
    statusReason: attempt.statusReason,
    containers: attemptContainers(attempt, configurations),
  }));
}

function attemptContainers(
  { container, taskProperties }: AttemptDetail,
  configurations: ReadonlyMap<string, LogConfiguration | undefined>,
): JobContainer[] {
  const inTask = (taskProperties ?? []).flatMap((task) => task.containers ?? []);
  const all = inTask.length > 0 ? inTask : container ? [{ name: '', ...container }] : [];
  return all.map(({ name = '', exitCode, reason, logStreamName }) => ({
    name,
    exitCode,
    reason,
    log: logPlace(logStreamName, configurations.get(name)),
  }));
}

/** By the names of the containers: attempts tell streams, but not their groups. */
function logConfigurations({ container, ecsProperties }: JobDetail): Map<string, LogConfiguration | undefined> {
  const inTask = (ecsProperties?.taskProperties ?? []).flatMap((task) => task.containers ?? []);
  return new Map([
    ['', container?.logConfiguration],
    ...inTask.map(({ name, logConfiguration }) => [name ?? '', logConfiguration] as const),
  ]);
}

function logPlace(stream: string | undefined, configuration: LogConfiguration | undefined): LogPlace {
  const driver = configuration?.logDriver ?? 'awslogs';
  if (driver !== 'awslogs') return { kind: 'elsewhere', driver };
  if (!stream) return { kind: 'later' };
  const { 'awslogs-group': group, 'awslogs-region': region } = configuration?.options ?? {};
  return { kind: 'stream', group: group || DEFAULT_LOG_GROUP, stream, region: region || undefined };
}
