import { randomUUID } from 'node:crypto';
import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import type { TaskSnapshot } from '../../plan/rollout/observation.ts';
import { chooseContainerName, containerName } from '../../plan/task-definition/containers.ts';
import { decidingContainer } from '../../plan/task-run/container.ts';
import { runIdentity, type RunIdentity } from '../../plan/task-run/identity.ts';
import { overriddenContainers, taskOverrides } from '../../plan/task-run/overrides.ts';
import { taskPlacement, type ServicePlacement } from '../../plan/task-run/placement.ts';
import { checkPlace } from '../service/drivable.ts';
import { usableRevision } from '../task-definition/usable-revision.ts';
import { checkTaskRunRequest } from './check-request.ts';
import type { TaskRunWish } from './task-run-request.ts';

/** What is to be done for a task. */
export interface TaskRunPlan {
  /** Of an earlier run of the same step; empty when they are to be started. */
  running: readonly TaskSnapshot[];
  family: string;
  /** What runs; undefined when it is not registered yet. */
  taskDefinitionArn: string | undefined;
  definition: JsonObject;
  /** Whose exit code counts. */
  container: string;
  /** Containers whose output is shown. */
  logs: readonly string[];
  /** With which the same request is the same run; made up where none was given. */
  key: string;
  /** The input of RunTask. */
  input: RunTaskInput;
}

export interface RunTaskInput extends JsonObject {
  cluster: string;
  startedBy: string;
  clientToken: string;
  overrides: JsonObject;
}

/**
 * What is to be done for a task, before anything is. Throws when cluster, service or task definition are not there (exit
 * code 5), or when it could not run as it is asked for (2).
 */
export async function planTaskRun(wish: TaskRunWish, session: AwsSession): Promise<TaskRunPlan> {
  await checkTaskRunRequest(wish);
  const { cluster, key = randomUUID() } = wish;
  checkPlace(wish, session);
  const own = { key, identity: runIdentity(key, workOf(wish)) };
  // Asked for always, because it tells whether there is such a cluster.
  const running = await ecsOf(session).tasks.startedBy(cluster, own.identity.startedBy);
  const [first] = running;
  if (first) {
    const described = await ecsOf(session).taskDefinitions.describe(first.taskDefinition);
    const definition = described?.definition ?? {
      containerDefinitions: first.containers.map(({ name }) => ({ name })),
    };
    const chosen = { arn: first.taskDefinition, family: familyOf(first.taskDefinition), definition };
    return { ...planned(wish, own, chosen, {}), running };
  }
  const service = await serviceOf(wish, session);
  const chosen = await definitionOf(wish, service, session);
  return planned(wish, own, chosen, taskPlacement(chosen.definition, wish, service));
}

/** What tells one run from another, as it was asked for: which revision is the newest may change meanwhile. */
function workOf(wish: TaskRunWish): JsonValue {
  const { cluster, service, taskDefinition, container, command, environment, overrides, count } = wish;
  return {
    cluster,
    service: service ?? null,
    taskDefinition: taskDefinition ?? null,
    container: container ?? null,
    command: [...(command ?? [])],
    environment: { ...environment },
    overrides: overrides ?? null,
    count: count ?? 1,
  };
}

interface ChosenDefinition {
  arn: string | undefined;
  family: string;
  definition: JsonObject;
}

function planned(
  wish: TaskRunWish,
  { key, identity }: { key: string; identity: RunIdentity },
  { arn, family, definition }: ChosenDefinition,
  placement: JsonObject,
): TaskRunPlan {
  const container = decidingContainer(definition, wish.container);
  const given = isJsonObject(wish.overrides) ? wish.overrides : {};
  for (const overridden of overriddenContainers(given)) chooseContainerName(definition, containerName(overridden));
  const { command, environment } = wish;
  const overrides = taskOverrides(given, container, { command, environment });
  const logs = (wish.logs ?? []).map((name) => chooseContainerName(definition, name));
  return {
    running: [],
    family,
    taskDefinitionArn: arn,
    definition,
    container,
    logs: logs.length > 0 ? [...new Set(logs)] : [container],
    key,
    input: {
      cluster: wish.cluster,
      taskDefinition: arn ?? family,
      count: wish.count ?? 1,
      ...placement,
      overrides,
      ...identity,
    },
  };
}

async function serviceOf(
  { cluster, service }: TaskRunWish,
  session: AwsSession,
): Promise<ServicePlacement | undefined> {
  if (service === undefined) return undefined;
  const { tasks, services } = ecsOf(session);
  const found = await tasks.placementOf({ cluster, service });
  if (!found) throw await services.notFound({ cluster, service });
  if (found.status !== 'INACTIVE') return found;
  throw new DeployError({
    code: 'ecs.service_deleted',
    title: `service ${found.name} in cluster ${cluster} was deleted`,
    hints: ['Give another service, or leave it out and say where the task runs (subnets). Nothing was started.'],
    exitCode: EXIT.notFound,
  });
}

async function definitionOf(
  { taskDefinition }: TaskRunWish,
  service: ServicePlacement | undefined,
  session: AwsSession,
): Promise<ChosenDefinition> {
  if (isJsonObject(taskDefinition)) {
    return { arn: undefined, family: String(taskDefinition['family'] ?? ''), definition: taskDefinition };
  }
  return usableRevision(taskDefinition ?? service?.taskDefinition ?? '', session);
}

function familyOf(arn: string): string {
  return arn.split('/').at(-1)?.split(':')[0] ?? arn;
}
