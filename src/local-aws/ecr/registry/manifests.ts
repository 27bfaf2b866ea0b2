import type { ServiceResponse } from '../../service.ts';
import { pushImage } from '../push.ts';
import { bytesOf, isDigest } from '../state.ts';
import { isImageTag } from '../validation.ts';
import type { RegistryCall } from './call.ts';
import { RegistryError } from './errors.ts';

/** ECR takes manifests of up to 4 MiB, as the specification wants at least. */
const LARGEST_MANIFEST = 4 * 1024 * 1024;

export function headManifest(call: RegistryCall): ServiceResponse {
  const { headers, body } = getManifest(call);
  return { status: 200, headers: { ...headers, 'content-length': `${body?.length ?? 0}` } };
}

export function getManifest(call: RegistryCall): ServiceResponse {
  const { ecr, repository, reference, request } = call;
  const digest = isDigest(reference) ? reference : repository.tags.get(reference);
  const image = digest === undefined ? undefined : repository.images.get(digest);
  if (digest === undefined || image === undefined) {
    throw new RegistryError(404, 'MANIFEST_UNKNOWN', 'Requested image not found');
  }
  if (!accepts(request.headers['accept'], image.mediaType)) {
    const message = `The image is ${image.mediaType}, which the Accept header does not allow`;
    throw new RegistryError(404, 'MANIFEST_UNKNOWN', message);
  }
  const headers = { 'content-type': image.mediaType, 'docker-content-digest': digest };
  return { status: 200, headers, body: bytesOf(ecr, digest) };
}

/** Without an Accept header everything is welcome. */
function accepts(header: string | undefined, mediaType: string): boolean {
  if (header === undefined || header.trim() === '') return true;
  const accepted = header.split(',').map((part) => part.split(';')[0]?.trim().toLowerCase());
  return accepted.some((type) => type === mediaType || type === '*/*' || type === 'application/*');
}

export function putManifest(call: RegistryCall): ServiceResponse {
  const { ecr, repository, reference, request } = call;
  const byDigest = reference.includes(':');
  if (byDigest && !isDigest(reference)) {
    throw new RegistryError(400, 'DIGEST_INVALID', `The digest ${reference} is not sha256:<64 hex digits>`);
  }
  if (!byDigest && !isImageTag(reference)) {
    throw new RegistryError(400, 'TAG_INVALID', `The image tag '${reference}' is not valid`);
  }
  if (request.body.length > LARGEST_MANIFEST) {
    throw new RegistryError(413, 'SIZE_INVALID', `A manifest has at most ${LARGEST_MANIFEST} bytes`);
  }
  const { digest } = pushImage(ecr, repository, {
    bytes: request.body,
    mediaType: request.headers['content-type'],
    tag: byDigest ? undefined : reference,
    digest: byDigest ? reference : undefined,
  });
  const location = `/v2/${repository.name}/manifests/${digest}`;
  return { status: 201, headers: { location, 'docker-content-digest': digest } };
}
