import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import { containerName, containersOf } from '../task-definition/containers.ts';
import { isForFargate, runsOnFargate } from '../task-definition/fargate.ts';

/**
 * Why ECS would refuse a task definition for a service, a sentence each; it does so only after the revision is registered.
 * @param service members of CreateService, as a file or as DescribeServices has them
 */
export function fitProblems(definition: JsonObject, service: JsonObject): string[] {
  return [
    ...portProblems(definition, service),
    ...networkProblems(definition, service),
    ...launchProblems(definition, service),
  ];
}

function portProblems(definition: JsonObject, service: JsonObject): string[] {
  const containers = containersOf(definition);
  const names = containers.map(containerName).join(', ') || 'none';
  const named = [
    ...objects(service['loadBalancers']).map((each) => ['The load balancer', each] as const),
    ...objects(service['serviceRegistries']).map((each) => ['The service registry', each] as const),
  ];
  return named.flatMap(([who, { containerName: name, containerPort: port }]) => {
    if (typeof name !== 'string') return [];
    const container = containers.find((each) => containerName(each) === name);
    if (!container) return [`${who} sends to the container ${name}, which is not there (containers: ${names}).`];
    const ports = objects(container['portMappings']).map(({ containerPort }) => containerPort);
    if (typeof port !== 'number' || ports.includes(port)) return [];
    return [
      `${who} sends to port ${port} of ${name}, which has no such containerPort (${ports.join(', ') || 'none'}).`,
    ];
  });
}

function networkProblems({ networkMode }: JsonObject, { networkConfiguration }: JsonObject): string[] {
  const hasNetwork = isJsonObject(networkConfiguration) && isJsonObject(networkConfiguration['awsvpcConfiguration']);
  if (networkMode === 'awsvpc' && !hasNetwork) {
    return ['The task definition has networkMode awsvpc, and the service has no networkConfiguration with subnets.'];
  }
  if (networkMode !== 'awsvpc' && hasNetwork) {
    const mode = typeof networkMode === 'string' ? networkMode : 'bridge, as none is given';
    return [`The service has a networkConfiguration, which needs networkMode awsvpc; the task definition has ${mode}.`];
  }
  return [];
}

function launchProblems(definition: JsonObject, service: JsonObject): string[] {
  const providers = objects(service['capacityProviderStrategy']).map(({ capacityProvider }) => capacityProvider);
  return runsOnFargate(service['launchType'], providers) && !isForFargate(definition)
    ? ['The service runs on Fargate, and requiresCompatibilities of the task definition does not have FARGATE.']
    : [];
}

function objects(list: JsonValue | undefined): JsonObject[] {
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}
