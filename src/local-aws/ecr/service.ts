import * as client from '@aws-sdk/client-ecr';
import type { JsonObject } from '../../core/json.ts';
import { jsonService } from '../json-protocol.ts';
import type { Service, World } from '../service.ts';
import { imageDeletionHandlers } from './image-deletion.ts';
import { imageHandlers } from './images.ts';
import { layerHandlers } from './layers.ts';
import { policyHandlers } from './policies.ts';
import { cutOffUpload, isRegistryRequest, registryOperation } from './registry/operation.ts';
import { registryError } from './registry/errors.ts';
import { repositoryHandlers } from './repositories.ts';
import { resourceTagHandlers } from './resource-tags.ts';
import { repositoryArn, restoreInto, snapshotOf, type Ecr } from './state.ts';

/** ECR: its API, and under `/v2/` the registry that docker pushes to. Both work on one state. */
export function ecrService(world: World): Service {
  const ecr: Ecr = { world, regions: new Map(), uploads: new Map() };
  const handlers = {
    ...repositoryHandlers(ecr),
    ...resourceTagHandlers(ecr),
    ...policyHandlers(ecr),
    ...imageHandlers(ecr),
    ...imageDeletionHandlers(ecr),
    ...layerHandlers(ecr),
  };
  const resource = (json: JsonObject, region: string): string => {
    const { repositoryName, resourceArn } = json;
    if (typeof repositoryName === 'string') return repositoryArn(ecr, region, repositoryName);
    return typeof resourceArn === 'string' ? resourceArn : '*';
  };
  const api = jsonService({
    name: 'ecr',
    world,
    client,
    protocol: { type: 'awsJson1.1', target: 'AmazonEC2ContainerRegistry_V20150921' },
    handlers,
    resources: Object.fromEntries(Object.keys(handlers).map((name) => [name, resource])),
    snapshot: () => snapshotOf(ecr),
    restore: (snapshot) => restoreInto(ecr, snapshot),
    reset() {
      ecr.regions.clear();
      ecr.uploads.clear();
    },
  });
  return {
    ...api,
    operation: (request) => (isRegistryRequest(request) ? registryOperation(ecr, request) : api.operation(request)),
    cutOff(request) {
      if (isRegistryRequest(request)) cutOffUpload(ecr, request);
    },
    error: (error, request) =>
      isRegistryRequest(request)
        ? registryError(error.status, error.name, error.message, request)
        : api.error(error, request),
  };
}
