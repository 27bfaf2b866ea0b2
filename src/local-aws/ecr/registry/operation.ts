import { AwsError } from '../../aws-error.ts';
import type { Operation, ServiceRequest, ServiceResponse } from '../../service.ts';
import { registryAccess, registryRegion } from '../authorization.ts';
import { findRepository, missingRepository, repositoryArn, type Ecr } from '../state.ts';
import { isRepositoryName } from '../validation.ts';
import { getBlob, headBlob } from './blobs.ts';
import type { RegistryHandler } from './call.ts';
import { API_VERSION, fromAwsError, registryError, RegistryError } from './errors.ts';
import { getManifest, headManifest, putManifest } from './manifests.ts';
import { listTags } from './tags.ts';
import {
  deleteUpload,
  getUpload,
  keepCutOffPart,
  mountBlob,
  patchUpload,
  putUpload,
  startBlobUpload,
} from './uploads.ts';

export const isRegistryRequest = (request: ServiceRequest): boolean => /^\/v2(\/|$)/.test(request.path);

interface Route {
  /** Without `registry:`. */
  operation: string;
  /** Empty for the registry itself. */
  repository: string;
  reference: string;
  /** Undefined for what ECR's registry does not do. */
  handler: RegistryHandler | undefined;
}

const HANDLERS: Readonly<Record<string, RegistryHandler>> = {
  HeadManifest: headManifest,
  GetManifest: getManifest,
  PutManifest: putManifest,
  HeadBlob: headBlob,
  GetBlob: getBlob,
  StartBlobUpload: startBlobUpload,
  MountBlob: mountBlob,
  GetBlobUpload: getUpload,
  PatchBlobUpload: patchUpload,
  PutBlobUpload: putUpload,
  DeleteBlobUpload: deleteUpload,
  ListTags: listTags,
};

const VERBS: Readonly<Record<string, string>> = {
  GET: 'Get',
  HEAD: 'Head',
  PUT: 'Put',
  POST: 'Post',
  PATCH: 'Patch',
  DELETE: 'Delete',
};

/** The path under `/v2/`, the things that it can end in (OCI distribution specification, "Endpoints"). */
const PATH = /^(.+?)\/(?:(manifests|blobs)\/([^/]+)|blobs\/uploads\/([^/]*)|(tags)\/list|(referrers)\/([^/]+))$/;

function routeOf(request: ServiceRequest): Route {
  const path = decodeURIComponent(request.path.replace(/^\/v2\/?/, ''));
  const verb = VERBS[request.method] ?? request.method;
  if (path === '') return { operation: 'Ping', repository: '', reference: '', handler: undefined };
  const match = PATH.exec(path);
  const [, repository = path, kind, named, upload, tags, referrers, subject] = match ?? [];
  const reference = named ?? upload ?? subject ?? '';
  let operation = `${verb}Repository`;
  if (upload === '' || (kind === 'blobs' && named === 'uploads')) {
    operation = request.query.has('mount') ? 'MountBlob' : 'StartBlobUpload';
    if (request.method !== 'POST') operation = `${verb}BlobUploads`;
  } else if (upload !== undefined) operation = `${verb}BlobUpload`;
  else if (tags !== undefined) operation = verb === 'Get' ? 'ListTags' : `${verb}Tags`;
  else if (referrers !== undefined) operation = verb === 'Get' ? 'ListReferrers' : `${verb}Referrers`;
  else if (kind !== undefined) operation = `${verb}${kind === 'manifests' ? 'Manifest' : 'Blob'}`;
  return { operation, repository, reference, handler: HANDLERS[operation] };
}

/** The operation of a request under `/v2/`. */
export function registryOperation(ecr: Ecr, request: ServiceRequest): Operation {
  let route: Route;
  try {
    route = routeOf(request);
  } catch {
    const refuse = (): ServiceResponse => registryError(400, 'NAME_INVALID', `Malformed path ${request.path}`, request);
    return { name: `registry:${request.method}`, run: refuse };
  }
  return {
    name: `registry:${route.operation}`,
    resource: () =>
      route.repository === '' ? '*' : repositoryArn(ecr, registryRegion(ecr.world, request), route.repository),
    run() {
      try {
        const response = answer(ecr, route, request);
        return { ...response, headers: { ...API_VERSION, ...response.headers } };
      } catch (error) {
        const refused = error instanceof AwsError ? fromAwsError(error) : error;
        if (!(refused instanceof RegistryError)) throw error;
        return registryError(refused.status, refused.code, refused.message, request, refused.headers);
      }
    },
  };
}

/** Keeps what arrived of a chunk whose connection broke: as in ECR, the upload goes on from there. */
export function cutOffUpload(ecr: Ecr, request: ServiceRequest): void {
  try {
    const route = routeOf(request);
    if (route.operation === 'PatchBlobUpload') answer(ecr, { ...route, handler: keepCutOffPart }, request);
  } catch (error) {
    const refused = error instanceof AwsError || error instanceof RegistryError || error instanceof URIError;
    if (!refused) throw error;
  }
}

function answer(ecr: Ecr, route: Route, request: ServiceRequest): ServiceResponse {
  const { operation, reference, handler } = route;
  const region = authorizedRegion(ecr, request);
  if (operation === 'Ping' && (request.method === 'GET' || request.method === 'HEAD')) return { status: 200 };
  if (handler === undefined) {
    throw new RegistryError(405, 'UNSUPPORTED', `The registry does not have ${request.method} ${request.path}`);
  }
  if (!isRepositoryName(route.repository)) {
    throw new RegistryError(404, 'NAME_UNKNOWN', missingRepository(route.repository, ecr.world.accountId));
  }
  const repository = findRepository(ecr, region, route.repository);
  return handler({ ecr, request, repository, reference });
}

/** The region that the token is for. ECR answers an expired token with 403 and no challenge, unlike other registries. */
function authorizedRegion(ecr: Ecr, request: ServiceRequest): string {
  const access = registryAccess(ecr.world, request);
  if (access === 'expired') {
    throw new RegistryError(403, 'DENIED', 'Your authorization token has expired. Reauthenticate and try again.');
  }
  if (typeof access === 'string') {
    const message = access === 'missing' ? 'Not Authorized' : 'The authorization token is not valid';
    const challenge = `Basic realm="${ecr.world.endpoint()}/",service="ecr.amazonaws.com"`;
    throw new RegistryError(401, 'UNAUTHORIZED', message, { 'www-authenticate': challenge });
  }
  return access.region;
}
