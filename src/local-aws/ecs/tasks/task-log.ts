import type { ContainerDefinition } from '@aws-sdk/client-ecs';

import { AwsError } from '../../aws-error.ts';
import type { World } from '../../service.ts';
import type { EcsTask } from './task.ts';

/** Where a container writes to, when its log driver is CloudWatch's. */
export interface LogTarget {
  logGroupName: string;
  logStreamName: string;
  region: string;
  createsGroup: boolean;
}

/** `prefix/container/task`, as ECS names the streams of awslogs (developer guide, awslogs log driver options). */
export function logTarget(container: ContainerDefinition, task: EcsTask): LogTarget | undefined {
  const { logDriver, options = {} } = container.logConfiguration ?? {};
  const logGroupName = options['awslogs-group'];
  if (logDriver !== 'awslogs' || logGroupName === undefined) return undefined;
  const prefix = options['awslogs-stream-prefix'];
  return {
    logGroupName,
    // On instances the prefix may be missing: the stream then has the name that docker gives the container.
    logStreamName: prefix === undefined ? `${container.name}-${task.id}` : `${prefix}/${container.name}/${task.id}`,
    region: options['awslogs-region'] ?? task.region,
    createsGroup: options['awslogs-create-group'] === 'true',
  };
}

/**
 * Creates the log stream. Gives what the task can't start for when its group is missing; any other failure of CloudWatch
 * Logs loses lines and not the task.
 */
export async function openLog(world: World, target: LogTarget): Promise<{ refused: string } | undefined> {
  const { createsGroup } = target;
  try {
    if (createsGroup) await call(world, target, 'CreateLogGroup', {}).catch(passIf('ResourceAlreadyExistsException'));
    await call(world, target, 'CreateLogStream', { logStreamName: target.logStreamName }).catch(
      passIf('ResourceAlreadyExistsException'),
    );
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.name !== 'ResourceNotFoundException') return undefined;
    return {
      refused: `ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ${error.name}: ${error.message}`,
    };
  }
  return undefined;
}

/** CloudWatch takes 10,000 events in one call; nobody writes a scenario that long. */
export async function writeLog(world: World, target: LogTarget, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  const timestamp = Math.floor(world.clock.now().getTime());
  // CloudWatch has no events without text.
  const logEvents = lines.map((line) => ({ timestamp, message: line || ' ' }));
  const written = call(world, target, 'PutLogEvents', { logStreamName: target.logStreamName, logEvents });
  await written.catch((error: unknown) => {
    if (!(error instanceof AwsError)) throw error;
  });
}

function call(world: World, { logGroupName, region }: LogTarget, operation: string, input: object): Promise<unknown> {
  return world.invoke({ service: 'logs', operation, region, input: { logGroupName, ...input } });
}

function passIf(name: string): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof AwsError && error.name === name)) throw error;
  };
}
