import * as client from '@aws-sdk/client-ecs';

import type { JsonObject } from '../../core/json.ts';
import { jsonService } from '../json-protocol.ts';
import type { Service, World } from '../service.ts';
import { capacityProviderHandlers } from './clusters/capacity-providers.ts';
import { clusterHandlers } from './clusters/clusters.ts';
import { Engine } from './rollouts/engine.ts';
import { serviceDeploymentHandlers } from './rollouts/handlers.ts';
import { ecsScenarioProblems } from './scenario/problems.ts';
import { Rules } from './scenario/rules.ts';
import { serviceHandlers } from './services/handlers.ts';
import { ecsArn, ecsState, lastPart } from './state.ts';
import { tagHandlers } from './tags.ts';
import { taskDefinitionHandlers } from './task-definitions/handlers.ts';
import { taskDefinitionListHandlers } from './task-definitions/listing.ts';
import { taskHandlers } from './tasks/handlers.ts';
import { ClientTokens } from './tasks/run-task.ts';

/** Amazon ECS: clusters, task definitions, tasks, services and their deployments. */
export function ecsService(world: World): Service {
  const state = ecsState(world);
  const rules = { tasks: new Rules(world, 'tasks'), deployments: new Rules(world, 'deployments') };
  const engine = new Engine(state, rules);
  const tokens = new ClientTokens();
  const forget = (): void => {
    engine.forget();
    tokens.forget();
  };
  return jsonService({
    name: 'ecs',
    world,
    client,
    protocol: { type: 'awsJson1.1', target: 'AmazonEC2ContainerServiceV20141113' },
    handlers: {
      ...clusterHandlers(state),
      ...capacityProviderHandlers(state),
      ...taskDefinitionHandlers(state),
      ...taskDefinitionListHandlers(state),
      ...taskHandlers(state, { rules: rules.tasks, runner: engine.runner, tokens }),
      ...serviceHandlers(state, engine),
      ...serviceDeploymentHandlers(state, engine),
      ...tagHandlers(state),
    },
    resources: resources(world),
    snapshot: () => state.snapshot(),
    restore(snapshot) {
      state.restore(snapshot);
      engine.resume();
    },
    reset() {
      forget();
      state.reset();
      rules.tasks.reset();
      rules.deployments.reset();
    },
    stop() {
      forget();
      return Promise.resolve();
    },
    scenarioProblems: ecsScenarioProblems,
  });
}

type ResourceOf = (json: JsonObject, region: string) => string;

/** The ARNs that IAM checks (service authorization reference, Amazon Elastic Container Service). */
function resources(world: World): Record<string, ResourceOf> {
  const text = (json: JsonObject, member: string, usual = ''): string => lastPart(String(json[member] ?? usual));
  const cluster: ResourceOf = (json, region) => ecsArn(world, region, `cluster/${text(json, 'cluster', 'default')}`);
  const inCluster =
    (kind: string, member: string): ResourceOf =>
    (json, region) =>
      ecsArn(world, region, `${kind}/${text(json, 'cluster', 'default')}/${text(json, member)}`);
  const definition =
    (member: string): ResourceOf =>
    (json, region) =>
      ecsArn(world, region, `task-definition/${text(json, member)}`);
  const itself =
    (member: string): ResourceOf =>
    (json) =>
      String(json[member] ?? '*');
  return {
    CreateService: inCluster('service', 'serviceName'),
    UpdateService: inCluster('service', 'service'),
    DeleteService: inCluster('service', 'service'),
    DescribeServices: (json, region) => {
      const [first] = Array.isArray(json['services']) ? json['services'] : [];
      return inCluster('service', 'first')({ ...json, first: first ?? '' }, region);
    },
    ListServiceDeployments: inCluster('service', 'service'),
    DescribeServiceDeployments: (json) => String([json['serviceDeploymentArns']].flat()[0] ?? '*'),
    DescribeServiceRevisions: (json) => String([json['serviceRevisionArns']].flat()[0] ?? '*'),
    StopServiceDeployment: itself('serviceDeploymentArn'),
    ContinueServiceDeployment: itself('serviceDeploymentArn'),
    RegisterTaskDefinition: definition('family'),
    RunTask: definition('taskDefinition'),
    StartTask: definition('taskDefinition'),
    StopTask: inCluster('task', 'task'),
    DescribeTasks: (json, region) => {
      const [first] = Array.isArray(json['tasks']) ? json['tasks'] : [];
      return inCluster('task', 'first')({ ...json, first: first ?? '' }, region);
    },
    DeleteCluster: cluster,
    UpdateCluster: cluster,
    PutClusterCapacityProviders: cluster,
    TagResource: itself('resourceArn'),
    UntagResource: itself('resourceArn'),
    ListTagsForResource: itself('resourceArn'),
  };
}
