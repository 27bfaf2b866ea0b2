import { deploymentPlay } from '../scenario/deployment-rules.ts';
import { clientException } from '../state.ts';
import { findDefinition } from '../task-definitions/definition.ts';
import { resolveImage } from '../tasks/image-digest.ts';
import type { EcsTask } from '../tasks/task.ts';
import type { TaskWatcher } from '../tasks/task-runner.ts';
import { beginDeployment } from './begin-deployment.ts';
import { succeed } from './endings.ts';
import { launch } from './launching.ts';
import type { ServiceView } from './service-view.ts';

/**
 * A first deployment of the service that has ended well, and its tasks, all running and healthy; no scenario is asked.
 * @throws AwsError ClientException for an image that can't be pulled
 */
export async function settledTasks(view: ServiceView, images: Pick<TaskWatcher, 'pinDigest'>): Promise<EcsTask[]> {
  const { service, now } = view;
  const record = beginDeployment(view, deploymentPlay(undefined));
  const primary = view.primary()!;
  Object.assign(record, { status: 'IN_PROGRESS', startedAt: now, stage: record.stages.length - 1 });
  if (primary.wanted !== undefined) {
    primary.wanted = service.desiredCount;
    record.traffic = { test: 100, production: 100 };
  }
  const tasks: EcsTask[] = [];
  for (let index = 0; index < service.desiredCount; index += 1) {
    const task = launch(view, primary, { take: () => undefined });
    if ('noCapacity' in task) break;
    await becomeHealthy(view, task, images);
    tasks.push(task);
  }
  succeed(view, record);
  return tasks;
}

async function becomeHealthy(
  { state, region, now }: ServiceView,
  task: EcsTask,
  images: Pick<TaskWatcher, 'pinDigest'>,
): Promise<void> {
  const role = findDefinition(region, task.taskDefinitionArn)?.executionRoleArn;
  for (const container of task.containers) {
    const found = await resolveImage(state.world, container.image, { region: task.region, role, taskId: task.id });
    if ('refused' in found) throw clientException(found.refused);
    container.imageDigest = found.digest;
    images.pinDigest(task, container.name, found.digest);
  }
  Object.assign(task, {
    lastStatus: 'RUNNING',
    healthStatus: task.containers.some(({ hasHealthCheck }) => hasHealthCheck) ? 'HEALTHY' : 'UNKNOWN',
    isReady: true,
    pullStartedAt: now,
    pullStoppedAt: now,
    startedAt: now,
    readyAt: now,
  });
}
