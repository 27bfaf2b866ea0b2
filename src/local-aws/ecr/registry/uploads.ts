import { AwsError } from '../../aws-error.ts';
import type { ServiceResponse } from '../../service.ts';
import { findRepository, isDigest } from '../state.ts';
import { appendPart, findUpload, finishUpload, startUpload, type LayerUpload } from '../uploads.ts';
import type { RegistryCall } from './call.ts';
import { fromAwsError, RegistryError } from './errors.ts';

/** `POST /blobs/uploads/`; with `?digest=` the body is the whole blob. */
export function startBlobUpload(call: RegistryCall): ServiceResponse {
  const { ecr, repository, request } = call;
  const digest = request.query.get('digest');
  const id = startUpload(ecr, repository);
  const started: RegistryCall = { ...call, reference: id };
  return digest === null ? accepted(started, uploadOf(started)) : putUpload(started);
}

/** `POST ?mount=<digest>&from=<repository>`: no bytes travel when the other repository has the blob. */
export function mountBlob(call: RegistryCall): ServiceResponse {
  const { ecr, repository, request } = call;
  const digest = request.query.get('mount') ?? '';
  const layer = repository.layers.get(digest) ?? sourceLayer(call, digest, request.query.get('from'));
  if (layer === undefined) {
    const id = startUpload(ecr, repository);
    return accepted({ ...call, reference: id }, findUpload(ecr, repository, id));
  }
  repository.layers.set(digest, layer);
  return created(call, digest);
}

function sourceLayer(
  { ecr, repository }: RegistryCall,
  digest: string,
  from: string | null,
): { size: number } | undefined {
  if (from === null) return undefined;
  try {
    return findRepository(ecr, repository.region, from).layers.get(digest);
  } catch (error) {
    if (error instanceof AwsError) return undefined;
    throw error;
  }
}

/** How far an upload has come, for a client that lost the answer. */
export function getUpload(call: RegistryCall): ServiceResponse {
  return { status: 204, headers: progressHeaders(call, uploadOf(call)) };
}

export function patchUpload(call: RegistryCall): ServiceResponse {
  const upload = uploadOf(call);
  append(call, upload);
  return accepted(call, upload);
}

/** A chunk of which the end never came. */
export function keepCutOffPart(call: RegistryCall): ServiceResponse {
  const upload = uploadOf(call);
  const first = /^(?:bytes )?(\d+)-/.exec(call.request.headers['content-range'] ?? '')?.[1];
  appendPart(upload, call.request.body, first === undefined ? upload.size : Number(first));
  return accepted(call, upload);
}

/** The last bytes, if any, and the digest of all. */
export function putUpload(call: RegistryCall): ServiceResponse {
  const { ecr, request, reference } = call;
  const upload = uploadOf(call);
  const digest = request.query.get('digest');
  if (digest === null || !isDigest(digest)) {
    throw new RegistryError(400, 'DIGEST_INVALID', `The digest ${digest ?? '(none)'} is not sha256:<64 hex digits>`);
  }
  append(call, upload);
  finishUpload(ecr, reference, upload, digest);
  return created(call, digest);
}

export function deleteUpload(call: RegistryCall): ServiceResponse {
  uploadOf(call);
  call.ecr.uploads.delete(call.reference);
  return { status: 204 };
}

function uploadOf({ ecr, repository, reference }: RegistryCall): LayerUpload {
  return findUpload(ecr, repository, reference);
}

/** Without Content-Range the bytes go on where the upload stands. */
function append(call: RegistryCall, upload: LayerUpload): void {
  const { body, headers } = call.request;
  const header = headers['content-range'];
  const match = /^(?:bytes )?(\d+)-(\d+)(?:\/.*)?$/.exec(header ?? '');
  const progress = progressHeaders(call, upload);
  if (header !== undefined && (match === null || Number(match[2]) - Number(match[1]) + 1 !== body.length)) {
    const message = `The Content-Range '${header}' is not that of ${body.length} bytes`;
    throw new RegistryError(416, 'BLOB_UPLOAD_INVALID', message, progress);
  }
  try {
    appendPart(upload, body, match === null ? upload.size : Number(match[1]));
  } catch (error) {
    if (error instanceof AwsError) throw fromAwsError(error, progress);
    throw error;
  }
}

function accepted(call: RegistryCall, upload: LayerUpload): ServiceResponse {
  return { status: 202, headers: progressHeaders(call, upload) };
}

/** The end of Range is the last byte that is there. `0-0` also stands for none, as in other registries. */
function progressHeaders({ repository, reference }: RegistryCall, upload: LayerUpload): Record<string, string> {
  return {
    location: `/v2/${repository.name}/blobs/uploads/${reference}`,
    range: `0-${Math.max(upload.size - 1, 0)}`,
    'docker-upload-uuid': reference,
  };
}

function created({ repository }: RegistryCall, digest: string): ServiceResponse {
  const location = `/v2/${repository.name}/blobs/${digest}`;
  return { status: 201, headers: { location, 'docker-content-digest': digest } };
}
