import {
  ContinueServiceDeploymentCommand,
  CreateServiceCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  ListServiceDeploymentsCommand,
  ListServicesCommand,
  StopServiceDeploymentCommand,
  UpdateServiceCommand,
  type CreateServiceCommandInput,
  type DescribeServicesCommandOutput,
  type ECSClient,
  type ServiceDeploymentBrief,
  type ServiceDeploymentStatus,
  type UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';
import type { DeployError } from '../../core/errors.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type {
  ListedServiceDeployment,
  ServiceDeployment,
  ServiceRevision,
  ServiceSnapshot,
} from '../../plan/rollout/observation.ts';
import { bounded } from '../bounded-call.ts';
import type { EcsClients } from './clients.ts';
import {
  describedServiceDeployment,
  describedServiceRevision,
  listedServiceDeployment,
  serviceSnapshot,
} from './descriptions.ts';
import { clusterError, serviceNotFound } from './not-found.ts';
import { deployError, errorName, isUnknownOperation } from '../errors.ts';
import { allPages } from '../pages.ts';
import { receiveRawJson, sendRawJson } from '../raw-json.ts';

/** A service: its name or ARN, and that of its cluster. */
export interface ServicePlace {
  cluster: string;
  service: string;
}

/** Services and their deployments. Errors are DeployErrors where nothing else is said. */
export interface ServiceOperations {
  /** Undefined when there is no such service; one that was deleted is INACTIVE for a while. */
  describe(place: ServicePlace): Promise<ServiceSnapshot | undefined>;
  /** The same, with all that it is set to, as AWS's answer has it. */
  describeWhole(place: ServicePlace): Promise<{ service: ServiceSnapshot; settings: JsonObject } | undefined>;
  /** The error for a service that is not there: exit code 5, with the name that is likely meant. */
  notFound(place: ServicePlace): Promise<DeployError>;
  /** What an error of `update` or `create` means: not all that is not found is the service. */
  told(call: 'UpdateService' | 'CreateService', place: ServicePlace, error: unknown): Promise<DeployError>;
  /**
   * Sends the request as it is, unknown members included. Not repeated after a broken connection or a server error: the
   * SDK's error is thrown as it came, and the caller looks whether the service is as asked for.
   */
  update(request: JsonObject): Promise<ServiceSnapshot>;
  /** As update. With a clientToken the same request may be sent again. */
  create(request: JsonObject): Promise<ServiceSnapshot>;
  /** The service deployments of a service, the newest first; undefined where AWS (or what stands for it) has none. */
  deployments(place: ServicePlace, filter?: DeploymentFilter): Promise<ListedServiceDeployment[] | undefined>;
  /** Undefined when there is no such one (any more). */
  deployment(arn: string): Promise<ServiceDeployment | undefined>;
  /** Undefined when there is no such one. */
  revision(arn: string): Promise<ServiceRevision | undefined>;
  /** Asks for the end of a deployment; one that is being stopped already is left to it. */
  stopDeployment(arn: string, how: 'ROLLBACK' | 'ABORT'): Promise<void>;
  /**
   * Ends a pause. Not repeated after a broken connection or a server error: the SDK's error is thrown as it came, and the
   * caller looks whether the hook still waits.
   */
  continueDeployment(arn: string, hookId: string, action: 'CONTINUE' | 'ROLLBACK'): Promise<void>;
  /** Single looks for who asks again anyway: not repeated, and the SDK's error is thrown as it came. */
  poll: Pick<ServiceOperations, 'describe' | 'deployment' | 'deployments'>;
}

export interface DeploymentFilter {
  /** Milliseconds since the epoch, by AWS's clock: only those created after. */
  createdAfter?: number;
  statuses?: readonly ServiceDeploymentStatus[];
  /** No more pages are read than hold so many. */
  most?: number;
}

export function serviceOperations({ client, once, polling }: EcsClients): ServiceOperations {
  async function meaning(call: string, { cluster, service }: ServicePlace, error: unknown): Promise<DeployError> {
    const what = /^(?!Service)(\w+)NotFoundException$/.exec(errorName(error))?.[1];
    const own = `${service} in ${cluster}`;
    const resource = what === undefined ? own : `the ${what.toLowerCase()} that ${own} is to have`;
    return (await clusterError(cluster, client, error)) ?? deployError(error, `ecs:${call}`, resource);
  }
  async function told<T>(call: string, place: ServicePlace, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw await meaning(call, place, error);
    }
  }
  const named = async <T>(call: string, resource: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw deployError(error, `ecs:${call}`, resource);
    }
  };

  return {
    describe: (place) => told('DescribeServices', place, () => describeService(client, place)),
    describeWhole: (place) => told('DescribeServices', place, () => describeWhole(client, place)),
    async notFound(place) {
      // Only for the name that may be meant: without the permission to list, the error is the same.
      const arns = await allPages(async (nextToken) => {
        const page = await client.send(new ListServicesCommand({ cluster: place.cluster, maxResults: 100, nextToken }));
        return { items: page.serviceArns ?? [], nextToken: page.nextToken };
      }).catch(() => []);
      return serviceNotFound(
        place,
        arns.map((arn) => arn.split('/').at(-1) ?? arn),
      );
    },
    told: meaning,
    async update(request) {
      const command = new UpdateServiceCommand(request as unknown as UpdateServiceCommandInput);
      sendRawJson(command, request);
      return serviceSnapshot((await once.send(command)).service ?? {});
    },
    async create(request) {
      const command = new CreateServiceCommand(request as unknown as CreateServiceCommandInput);
      sendRawJson(command, request);
      return serviceSnapshot((await once.send(command)).service ?? {});
    },
    deployments: (place, filter) => told('ListServiceDeployments', place, () => listDeployments(client, place, filter)),
    deployment: (arn) => named('DescribeServiceDeployments', arn, () => describeDeployment(client, arn)),
    async revision(arn) {
      const command = new DescribeServiceRevisionsCommand({ serviceRevisionArns: [arn] });
      const answer = await named('DescribeServiceRevisions', arn, () => client.send(command));
      const [revision] = answer.serviceRevisions ?? [];
      return revision && describedServiceRevision(revision);
    },
    async stopDeployment(arn, how) {
      const command = new StopServiceDeploymentCommand({ serviceDeploymentArn: arn, stopType: how });
      await named('StopServiceDeployment', arn, () => client.send(command));
    },
    async continueDeployment(arn, hookId, action) {
      await once.send(new ContinueServiceDeploymentCommand({ serviceDeploymentArn: arn, hookId, action }));
    },
    poll: {
      describe: (place) => bounded(describeService(polling, place)),
      deployment: (arn) => bounded(describeDeployment(polling, arn)),
      deployments: (place, filter) => bounded(listDeployments(polling, place, filter)),
    },
  };
}

async function describeService(
  client: ECSClient,
  { cluster, service }: ServicePlace,
): Promise<ServiceSnapshot | undefined> {
  const command = new DescribeServicesCommand({ cluster, services: [service] });
  const answer: DescribeServicesCommandOutput = await client.send(command);
  const [found] = answer.services ?? [];
  return found && serviceSnapshot(found);
}

async function describeWhole(
  client: ECSClient,
  { cluster, service }: ServicePlace,
): Promise<{ service: ServiceSnapshot; settings: JsonObject } | undefined> {
  const command = new DescribeServicesCommand({ cluster, services: [service] });
  let raw: JsonObject = {};
  receiveRawJson(command, (body) => {
    raw = body;
  });
  const [found] = (await client.send(command)).services ?? [];
  const [settings] = Array.isArray(raw['services']) ? raw['services'] : [];
  return found && { service: serviceSnapshot(found), settings: isJsonObject(settings) ? settings : {} };
}

async function describeDeployment(client: ECSClient, arn: string): Promise<ServiceDeployment | undefined> {
  const answer = await client.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] }));
  const [found] = answer.serviceDeployments ?? [];
  return found && describedServiceDeployment(found);
}

async function listDeployments(
  client: ECSClient,
  { cluster, service }: ServicePlace,
  { createdAfter, statuses, most = Number.POSITIVE_INFINITY }: DeploymentFilter = {},
): Promise<ListedServiceDeployment[] | undefined> {
  try {
    const briefs = await allPages<ServiceDeploymentBrief>(async (nextToken) => {
      const page = await client.send(
        new ListServiceDeploymentsCommand({
          cluster,
          service,
          nextToken,
          ...(createdAfter === undefined ? {} : { createdAt: { after: new Date(createdAfter) } }),
          ...(statuses === undefined ? {} : { status: [...statuses] }),
        }),
      );
      return { items: page.serviceDeployments ?? [], nextToken: page.nextToken };
    }, most);
    return briefs.map(listedServiceDeployment).toSorted((a, b) => b.createdAt - a.createdAt);
  } catch (error) {
    if (isUnknownOperation(error) || errorName(error) === 'UnsupportedFeatureException') return undefined;
    // So it is for a moment after a service was created. Whether there is one, DescribeServices tells.
    if (errorName(error) === 'ServiceNotFoundException') return [];
    throw error;
  }
}
