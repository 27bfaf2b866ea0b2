import {
  DescribeTaskDefinitionCommand,
  ListServicesCommand,
  ListTaskDefinitionsCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import { ListRulesCommand, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import type { EcsStage } from '../../../local-aws/ecs/ecs-stage.ts';
import { eventsClient } from '../../../local-aws/events/events-client.ts';

/** All that the local AWS holds of ECS, a line each, without ids and times: equal after equal histories. */
export async function everythingIn(stage: EcsStage): Promise<string[]> {
  const { serviceArns = [] } = await stage.ecs.send(new ListServicesCommand({ cluster: 'demo' }));
  const services = await Promise.all(serviceArns.map((arn) => serviceLines(stage, lastPart(arn))));
  return [
    ...(await definitionLines(stage)),
    ...services.flat(),
    ...(await taskLines(stage)),
    ...(await ruleLines(stage)),
  ].toSorted();
}

async function definitionLines({ ecs }: EcsStage): Promise<string[]> {
  const { taskDefinitionArns = [] } = await ecs.send(new ListTaskDefinitionsCommand({}));
  return Promise.all(
    taskDefinitionArns.map(async (taskDefinition) => {
      const { tags = [] } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition, include: ['TAGS'] }));
      const marks = tags.map(({ key = '' }) => key).filter((key) => /^aws-deploy:(verified|rejected)$/.test(key));
      return ['revision', lastPart(taskDefinition), ...marks].join(' ');
    }),
  );
}

async function serviceLines(stage: EcsStage, name: string): Promise<string[]> {
  const { desiredCount, taskDefinition = '' } = await stage.service(name);
  const deployments = await stage.deployments(name);
  const running = (await stage.tasks()).filter(({ group }) => group === `service:${name}`);
  const runs = new Set(running.map((task) => `${lastPart(task.taskDefinitionArn)} ${task.lastStatus}`));
  return [
    `service ${name} is to have ${desiredCount} of ${lastPart(taskDefinition)}`,
    ...[...runs].map((what) => `service ${name} has ${what}`),
    ...deployments.toReversed().map(({ status }, index) => `service ${name} deployment ${index + 1} ${status}`),
  ];
}

async function taskLines(stage: EcsStage): Promise<string[]> {
  const tasks = [...(await stage.tasks('RUNNING')), ...(await stage.tasks('STOPPED'))];
  return tasks.filter(({ group }) => !group?.startsWith('service:')).map(taskLine);
}

/** The way to STOPPED is of AWS's own making. */
function taskLine({ taskDefinitionArn, desiredStatus, containers = [] }: Task): string {
  const exitCode = containers.find(({ name }) => name === 'app')?.exitCode;
  return `task of ${lastPart(taskDefinitionArn)} ${desiredStatus} ${exitCode ?? ''}`.trimEnd();
}

async function ruleLines({ localAws }: EcsStage): Promise<string[]> {
  const events = eventsClient(localAws);
  const { Rules = [] } = await events.send(new ListRulesCommand({}));
  const lines = await Promise.all(
    Rules.map(async ({ Name }) => {
      const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ Rule: Name }));
      return Targets.map(({ Id, EcsParameters }) => `rule ${Name} ${Id} ${lastPart(EcsParameters?.TaskDefinitionArn)}`);
    }),
  );
  events.destroy();
  return lines.flat().map((line) => line.trimEnd());
}

function lastPart(arn = ''): string {
  return arn.split('/').at(-1) ?? arn;
}
