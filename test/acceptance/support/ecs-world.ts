import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  TagResourceCommand,
  UpdateServiceCommand,
  type DeploymentConfiguration,
  type ECSClient,
  type Task,
  type TaskDefinition,
} from '@aws-sdk/client-ecs';
import { PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateScheduleCommand, CreateScheduleGroupCommand } from '@aws-sdk/client-scheduler';
import type { JsonObject } from '../../../src/core/json.ts';
import { arnOf, byHand, ruleTarget, TOPIC } from '../../actions/scheduled-task/scheduled-task-world.ts';
import { ecsClient, webDefinition, webService } from '../../local-aws/ecs/ecs-stage.ts';
import { eventsClient } from '../../local-aws/events/events-client.ts';
import { schedulerClient } from '../../local-aws/scheduler/scheduler-client.ts';
import { REGION, type LocalCloud } from './local-cloud.ts';

// What other people have made of ECS in the cloud of a test before.

const UNTIL_STEADY_MS = 900_000;

/** Stops for somebody's decision when the new revision gets the test traffic. */
export const PAUSING: DeploymentConfiguration = {
  strategy: 'BLUE_GREEN',
  lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'] }],
};

/**
 * A cluster called demo, in which the service web runs the first revision of the task definition web, which is verified.
 * @param image what its container `app` runs
 */
export function prepareService(
  cloud: LocalCloud,
  deploymentConfiguration: DeploymentConfiguration = {},
  image?: string,
): Promise<void> {
  return asOthers(cloud, (ecs) => runWeb(cloud, ecs, deploymentConfiguration, image));
}

/** The same, and then they deploy a second revision: to its end, or to the pause that there is. */
export function prepareSecondRevision(
  cloud: LocalCloud,
  deploymentConfiguration: DeploymentConfiguration = {},
): Promise<void> {
  return asOthers(cloud, async (ecs) => {
    await runWeb(cloud, ecs, deploymentConfiguration);
    await ecs.send(new RegisterTaskDefinitionCommand({ ...webDefinition(), cpu: '512', memory: '1024' }));
    await ecs.send(new UpdateServiceCommand({ cluster: 'demo', service: 'web', taskDefinition: 'web:2' }));
    await cloud.control.advance(UNTIL_STEADY_MS);
  });
}

/** A cluster called demo and a task definition web. */
export function prepareCluster(cloud: LocalCloud): Promise<void> {
  return asOthers(cloud, async (ecs) => {
    await ecs.send(new CreateClusterCommand({ clusterName: 'demo' }));
    await ecs.send(new RegisterTaskDefinitionCommand(webDefinition()));
  });
}

/** The same, and the schedule nightly of that group as well as the rule nightly, with two targets, run it. */
export async function prepareScheduledTasks(cloud: LocalCloud, GroupName = 'default'): Promise<void> {
  await prepareCluster(cloud);
  const [scheduler, events] = [schedulerClient(cloud), eventsClient(cloud)];
  if (GroupName !== 'default') await scheduler.send(new CreateScheduleGroupCommand({ Name: GroupName }));
  await scheduler.send(new CreateScheduleCommand({ ...byHand(), GroupName }));
  await events.send(new PutRuleCommand({ Name: 'nightly', ScheduleExpression: 'rate(1 day)' }));
  const targets = [ruleTarget('web:1', 'first'), ruleTarget('web:1', 'second'), TOPIC];
  await events.send(new PutTargetsCommand({ Rule: 'nightly', Targets: targets }));
  scheduler.destroy();
  events.destroy();
  cloud.control.clearRequests();
}

async function runWeb(
  { control }: LocalCloud,
  ecs: ECSClient,
  deploymentConfiguration: DeploymentConfiguration,
  image?: string,
): Promise<void> {
  const [app, sidecar] = webDefinition().containerDefinitions ?? [];
  const containerDefinitions = [{ ...app, ...(image !== undefined && { image }) }, { ...sidecar }];
  await ecs.send(new CreateClusterCommand({ clusterName: 'demo' }));
  await ecs.send(new RegisterTaskDefinitionCommand({ ...webDefinition(), containerDefinitions }));
  await ecs.send(new CreateServiceCommand(webService()));
  await control.advance(UNTIL_STEADY_MS);
  // Not when it is created: its first deployment is not to pause.
  await ecs.send(new UpdateServiceCommand({ cluster: 'demo', service: 'web', deploymentConfiguration }));
  const verified = { key: 'aws-deploy:verified', value: '2026-11-19T03:01:00Z' };
  await ecs.send(new TagResourceCommand({ resourceArn: arnOf('web:1'), tags: [verified] }));
}

async function asOthers(cloud: LocalCloud, work: (ecs: ECSClient) => Promise<unknown>): Promise<void> {
  const ecs = ecsClient(cloud);
  await work(ecs);
  ecs.destroy();
  cloud.control.clearRequests();
}

interface DeploymentState {
  createdAt: number;
  rolloutId: string;
  hooks?: { hookId: string }[];
}

/** The deployment of the service web that began last, and the hook that it waits at, as somebody reads them in the console. */
export function newestDeployment({ control }: LocalCloud): { id: string; hookId: string } {
  const ecs = control.state()['ecs'] as Record<string, { serviceDeployments: Record<string, JsonObject> }>;
  const all = Object.values(ecs[REGION]?.serviceDeployments ?? {}) as unknown as DeploymentState[];
  const newest = all.toSorted((a, b) => b.createdAt - a.createdAt)[0];
  return { id: newest?.rolloutId ?? '', hookId: newest?.hooks?.[0]?.hookId ?? '' };
}

/** What is in a revision of web, as AWS gives it back, and the names of its tags. */
export async function describedRevision(
  cloud: LocalCloud,
  taskDefinition = 'web',
): Promise<TaskDefinition & { tagNames: (string | undefined)[] }> {
  const ecs = ecsClient(cloud);
  const described = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition, include: ['TAGS'] }));
  ecs.destroy();
  return { ...described.taskDefinition!, tagNames: (described.tags ?? []).map(({ key }) => key) };
}

/** What the service web runs: `web:2`. */
export async function servedRevision(cloud: LocalCloud): Promise<string | undefined> {
  const ecs = ecsClient(cloud);
  const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster: 'demo', services: ['web'] }));
  ecs.destroy();
  return services[0]?.taskDefinition?.split('/').at(-1);
}

/** The tasks that nobody but run_task has started. */
export async function tasksRunOnce(cloud: LocalCloud): Promise<Task[]> {
  const ecs = ecsClient(cloud);
  const statuses = ['RUNNING', 'STOPPED'] as const;
  const lists = await Promise.all(
    statuses.map((desiredStatus) => ecs.send(new ListTasksCommand({ cluster: 'demo', desiredStatus }))),
  );
  const { tasks = [] } = await ecs.send(
    new DescribeTasksCommand({ cluster: 'demo', tasks: lists.flatMap(({ taskArns = [] }) => taskArns) }),
  );
  ecs.destroy();
  return tasks.filter(({ group }) => !group?.startsWith('service:'));
}
