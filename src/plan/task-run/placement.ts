import { badArgument } from '../../core/errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';

/** How a service runs its tasks, as RunTask takes it. */
export interface ServicePlacement {
  name: string;
  /** ACTIVE, or DRAINING and INACTIVE for one that was deleted. */
  status: string;
  /** ARN of the revision that it is to run. */
  taskDefinition: string;
  networkConfiguration: JsonObject | undefined;
  launchType: string | undefined;
  capacityProviderStrategy: readonly JsonObject[];
  platformVersion: string | undefined;
}

/** What was asked for; the rest is as the service has it. */
export interface WantedPlacement {
  subnets?: readonly string[] | undefined;
  securityGroups?: readonly string[] | undefined;
  assignPublicIp?: 'keep' | 'enabled' | 'disabled' | undefined;
  launchType?: 'keep' | 'FARGATE' | 'EC2' | 'EXTERNAL' | undefined;
  capacityProviderStrategy?: JsonValue | undefined;
  platformVersion?: string | undefined;
}

/**
 * Where a task runs, as members of RunTask's input. Throws (exit code 2) for a task that has no subnets and needs some, or
 * has some and can't.
 */
export function taskPlacement(
  definition: JsonObject,
  wanted: WantedPlacement,
  service: ServicePlacement | undefined,
): JsonObject {
  const network = awsvpc(definition, wanted, service);
  return {
    ...capacity(wanted, service),
    ...(network ? { networkConfiguration: { awsvpcConfiguration: network } } : {}),
  };
}

function capacity(wanted: WantedPlacement, service: ServicePlacement | undefined): JsonObject {
  const { launchType, capacityProviderStrategy, platformVersion } = wanted;
  const version = platformVersion === undefined ? {} : { platformVersion };
  if (capacityProviderStrategy !== undefined) return { capacityProviderStrategy, ...version };
  if (launchType !== undefined && launchType !== 'keep') {
    // A platform version is for Fargate alone.
    const usual = launchType === 'FARGATE' ? service?.platformVersion : undefined;
    return { launchType, ...(usual === undefined ? {} : { platformVersion: usual }), ...version };
  }
  if (!service) return version;
  const kept = service.platformVersion === undefined ? {} : { platformVersion: service.platformVersion };
  if (service.capacityProviderStrategy.length > 0) {
    return { capacityProviderStrategy: [...service.capacityProviderStrategy], ...kept, ...version };
  }
  return { ...(service.launchType === undefined ? {} : { launchType: service.launchType }), ...kept, ...version };
}

function awsvpc(
  definition: JsonObject,
  { subnets = [], securityGroups = [], assignPublicIp = 'keep' }: WantedPlacement,
  service: ServicePlacement | undefined,
): JsonObject | undefined {
  const { networkMode } = definition;
  if (networkMode !== 'awsvpc') {
    if (subnets.length === 0 && securityGroups.length === 0 && assignPublicIp === 'keep') return undefined;
    throw badArgument(
      `subnets, security_groups and assign_public_ip are for the network mode awsvpc, and the task definition has ${String(networkMode ?? 'bridge')}`,
    );
  }
  const own = service?.networkConfiguration?.['awsvpcConfiguration'];
  const kept = isJsonObject(own) ? own : {};
  const network = {
    ...kept,
    ...(subnets.length > 0 ? { subnets: [...subnets] } : {}),
    ...(securityGroups.length > 0 ? { securityGroups: [...securityGroups] } : {}),
    ...(assignPublicIp === 'keep' ? {} : { assignPublicIp: assignPublicIp.toUpperCase() }),
  };
  if (Array.isArray(network['subnets']) && network['subnets'].length > 0) return network;
  throw badArgument('the task needs subnets: its network mode is awsvpc', [
    service
      ? `Service ${service.name} has none to take over. Give subnets.`
      : 'Give subnets, or service to take over those of a service.',
  ]);
}
