import type { ServiceResponse } from '../../service.ts';
import { bytesOf, type Layer } from '../state.ts';
import type { RegistryCall } from './call.ts';
import { RegistryError } from './errors.ts';

export function headBlob(call: RegistryCall): ServiceResponse {
  const { size } = layerOf(call);
  return { status: 200, headers: { ...blobHeaders(call), 'content-length': `${size}` } };
}

/** The bytes, or those of one range: a client resumes a cut download that way. */
export function getBlob(call: RegistryCall): ServiceResponse {
  const { size } = layerOf(call);
  const bytes = bytesOf(call.ecr, call.reference);
  const match = /^bytes=(\d+)-(\d*)$/.exec(call.request.headers['range'] ?? '');
  if (match === null) return { status: 200, headers: blobHeaders(call), body: bytes };
  const first = Number(match[1]);
  const last = match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  if (first > last) {
    const headers = { 'content-range': `bytes */${size}` };
    throw new RegistryError(416, 'RANGE_INVALID', `The blob has ${size} bytes`, headers);
  }
  const headers = { ...blobHeaders(call), 'content-range': `bytes ${first}-${last}/${size}` };
  return { status: 206, headers, body: bytes.subarray(first, last + 1) };
}

function blobHeaders({ reference }: RegistryCall): Record<string, string> {
  return { 'content-type': 'application/octet-stream', 'docker-content-digest': reference, 'accept-ranges': 'bytes' };
}

function layerOf({ repository, reference }: RegistryCall): Layer {
  const layer = repository.layers.get(reference);
  if (layer !== undefined) return layer;
  throw new RegistryError(404, 'BLOB_UNKNOWN', `The layer with digest '${reference}' does not exist in the repository`);
}
