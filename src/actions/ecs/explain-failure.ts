import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { ServicePlace } from '../../aws/ecs/services.ts';
import type { LogOperations, LogPosition } from '../../aws/logs.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { redactor } from '../../core/redact.ts';
import { containerLogPlace, type ContainerLogPlace } from '../../plan/rollout/telling/container-log.ts';
import { failureDigest, stoppedByFault, type ContainerLog } from '../../plan/rollout/telling/failure-digest.ts';
import type { TaskSnapshot } from '../../plan/rollout/observation.ts';
import { secretValues } from '../../plan/task-definition/secret-values.ts';
import type { FollowedDeployment } from './follow-deployment.ts';

/** Tasks of a service that are looked at, and containers whose output is read. */
const MOST_TASKS = 1000;
const MOST_LOGS = 3;
const LAST_LINES = 20;
const MOST_PAGES = 5;

/**
 * Why a deployment did not succeed, a line each: reasons and exit codes of its tasks, their last output, circuit breaker,
 * alarms, hooks and events. The verdict stands without what can't be read, which is said.
 */
export async function explainFailure(
  { rollout, deployment, events }: FollowedDeployment,
  place: ServicePlace,
  session: AwsSession,
): Promise<string[]> {
  const { ours } = rollout;
  const { tasks } = ecsOf(session);
  const unread = new Set<string>();
  const cannotRead = (what: string) => (error: unknown) => {
    unread.add(`${what} can not be read: ${error instanceof Error ? titleOf(error) : String(error)}`);
    return undefined;
  };
  const listed = await tasks.ofService(place, 'STOPPED', MOST_TASKS).catch(cannotRead('Why tasks stopped'));
  const stoppedTasks = listed ?? [];
  const cannotReadOutput = cannotRead('What tasks wrote');
  const logs = await lastOutput(stoppedByFault({ ours, stoppedTasks }), session, cannotReadOutput);
  return [...failureDigest({ ours, deployment, stoppedTasks, logs, events }), ...unread];
}

/** What the first task wrote before it stopped: later ones may be consequences. */
async function lastOutput(
  [first]: readonly TaskSnapshot[],
  session: AwsSession,
  cannotRead: (error: unknown) => undefined,
): Promise<ContainerLog[]> {
  if (!first) return [];
  const ecs = ecsOf(session);
  const described = await ecs.taskDefinitions.describe(first.taskDefinition).catch(cannotRead);
  const places = first.containers.flatMap(({ name }) => {
    const log = described && containerLogPlace(described.definition, name, first.arn);
    return log ? [{ container: name, log }] : [];
  });
  const redact = redactor({}, secretValues(described?.definition ?? {}));
  const operations = await session.logs();
  return Promise.all(
    places.slice(0, MOST_LOGS).map(async ({ container, log }) => ({
      taskArn: first.arn,
      container,
      lines: ((await lastLines(log, operations).catch(cannotRead)) ?? []).map(redact),
    })),
  );
}

function titleOf(error: Error): string {
  return error instanceof DeployError ? error.title : error.message;
}

async function lastLines({ group, stream, region }: ContainerLogPlace, logs: LogOperations): Promise<string[]> {
  let lines: string[] = [];
  let position: LogPosition = { token: undefined, from: undefined };
  for (let page = 0; page < MOST_PAGES; page++) {
    const read = await logs.read({ group, stream, region }, position);
    if (read.kind !== 'events') break;
    lines = [...lines, ...read.events.flatMap(({ message }) => message.split(/\r?\n/))].slice(-LAST_LINES);
    if (read.isEnd) break;
    position = read.next;
  }
  return lines;
}
