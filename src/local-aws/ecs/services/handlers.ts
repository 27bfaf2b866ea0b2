import type {
  CreateServiceRequest,
  CreateServiceResponse,
  DeleteServiceRequest,
  DeleteServiceResponse,
  DescribeServicesRequest,
  DescribeServicesResponse,
  ListServicesRequest,
  ListServicesResponse,
  UpdateServiceRequest,
  UpdateServiceResponse,
} from '@aws-sdk/client-ecs';

import type { JsonCall } from '../../json-protocol.ts';
import { activeCluster } from '../clusters/cluster.ts';
import { pageOf } from '../paging.ts';
import type { Engine } from '../rollouts/engine.ts';
import { ecsArn, type EcsState, invalidParameter } from '../state.ts';
import { createdService } from './create.ts';
import { describedService } from './description.ts';
import { activeService, existingService, findService } from './service-record.ts';
import { updateService } from './update.ts';

const MAX_DESCRIBED = 10;

export function serviceHandlers(state: EcsState, engine: Engine) {
  return {
    async CreateService(input: CreateServiceRequest, call: JsonCall): Promise<CreateServiceResponse> {
      const { service, isNew } = createdService(state, input, call);
      if (isNew && service.settings.taskDefinition !== undefined) {
        if (call.request.isSetup) await engine.settle(service);
        else engine.deploy(service);
      }
      return { service: describedService(state, service, true) };
    },

    UpdateService(input: UpdateServiceRequest, call: JsonCall): UpdateServiceResponse {
      const region = state.region(call.region);
      const cluster = activeCluster(region, input.cluster);
      const service = activeService(region, input.cluster, input.service);
      const { deploys } = updateService(region, service, input, cluster);
      if (deploys) engine.deploy(service);
      else engine.check(service);
      return { service: describedService(state, service, true) };
    },

    DescribeServices(input: DescribeServicesRequest, call: JsonCall): DescribeServicesResponse {
      const wanted = input.services ?? [];
      if (wanted.length === 0) throw invalidParameter('Services cannot be empty.');
      if (wanted.length > MAX_DESCRIBED) {
        throw invalidParameter(`Services cannot have more than ${MAX_DESCRIBED} elements.`);
      }
      const region = state.region(call.region);
      const { clusterName } = activeCluster(region, input.cluster);
      const withTags = input.include?.includes('TAGS') ?? false;
      const found = wanted.map((service) => findService(region, input.cluster, service).found);
      return {
        services: found.flatMap((service) => (service ? [describedService(state, service, withTags)] : [])),
        failures: wanted.flatMap((service, index) =>
          found[index]
            ? []
            : [
                {
                  arn: service.startsWith('arn:')
                    ? service
                    : ecsArn(state.world, call.region, `service/${clusterName}/${service}`),
                  reason: 'MISSING',
                },
              ],
        ),
      };
    },

    /** A service that is being deleted, or was, is not listed (API reference, DeleteService). */
    ListServices(input: ListServicesRequest, call: JsonCall): ListServicesResponse {
      const region = state.region(call.region);
      const { clusterArn } = activeCluster(region, input.cluster);
      const { launchType, schedulingStrategy } = input;
      const found = [...region.services.values()].filter(
        (service) =>
          service.clusterArn === clusterArn &&
          service.status === 'ACTIVE' &&
          (launchType === undefined || service.settings.launchType === launchType) &&
          (schedulingStrategy === undefined || service.settings.schedulingStrategy === schedulingStrategy),
      );
      const { items, nextToken } = pageOf(found, ({ serviceArn }) => serviceArn, input, { usual: 10 });
      return { serviceArns: items.map(({ serviceArn }) => serviceArn), nextToken };
    },

    DeleteService(input: DeleteServiceRequest, call: JsonCall): DeleteServiceResponse {
      const region = state.region(call.region);
      const service = existingService(region, input.cluster, input.service);
      const isReplica = service.settings.schedulingStrategy === 'REPLICA';
      if (service.desiredCount > 0 && isReplica && input.force !== true) {
        throw invalidParameter('The service cannot be stopped while it is scaled above 0.');
      }
      if (service.status === 'ACTIVE') engine.deleteService(service);
      return { service: describedService(state, service, true) };
    },
  };
}
