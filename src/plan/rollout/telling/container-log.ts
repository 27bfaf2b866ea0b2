import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { containerName, containersOf } from '../../task-definition/containers.ts';
import { shortId } from '../proof.ts';

/** Where the output of a container is in CloudWatch Logs. */
export interface ContainerLogPlace {
  group: string;
  stream: string;
  /** Undefined: the region of the task. */
  region: string | undefined;
}

/**
 * Where a container of a task writes: under awslogs with a prefix the stream is `prefix/container/task id` (ECS developer
 * guide, "awslogs"). Undefined where it writes somewhere else, or under a name that only its machine knows.
 * @param definition the task definition that the task runs
 */
export function containerLogPlace(
  definition: JsonObject,
  container: string,
  taskArn: string,
): ContainerLogPlace | undefined {
  const own = containersOf(definition).find((each) => containerName(each) === container);
  const logging = own?.['logConfiguration'];
  if (!isJsonObject(logging) || logging['logDriver'] !== 'awslogs' || !isJsonObject(logging['options']))
    return undefined;
  const { 'awslogs-group': group, 'awslogs-region': region, 'awslogs-stream-prefix': prefix } = logging['options'];
  if (typeof group !== 'string' || typeof prefix !== 'string') return undefined;
  const stream = `${prefix}/${container}/${shortId(taskArn)}`;
  return { group, stream, region: typeof region === 'string' ? region : undefined };
}
