import type { AwsError } from '../../aws-error.ts';
import type { ServiceRequest, ServiceResponse } from '../../service.ts';

/** Every answer of a registry says which protocol it speaks. */
export const API_VERSION = { 'docker-distribution-api-version': 'registry/2.0' };

/** A refusal in the words of the distribution specification: a status, and a code of its table. */
export class RegistryError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** What the errors of ECR's API are in a registry, by their names. */
const CODES: Readonly<Record<string, readonly [number, string]>> = {
  RepositoryNotFoundException: [404, 'NAME_UNKNOWN'],
  LayersNotFoundException: [404, 'MANIFEST_BLOB_UNKNOWN'],
  ReferencedImagesNotFoundException: [404, 'MANIFEST_BLOB_UNKNOWN'],
  ImageTagAlreadyExistsException: [400, 'TAG_INVALID'],
  ImageDigestDoesNotMatchException: [400, 'DIGEST_INVALID'],
  InvalidLayerException: [400, 'DIGEST_INVALID'],
  InvalidLayerPartException: [416, 'BLOB_UPLOAD_INVALID'],
  UploadNotFoundException: [404, 'BLOB_UPLOAD_UNKNOWN'],
  InvalidParameterException: [400, 'MANIFEST_INVALID'],
};

export function fromAwsError(error: AwsError, headers: Readonly<Record<string, string>> = {}): RegistryError {
  const [status, code] = CODES[error.name] ?? [error.status, 'UNKNOWN'];
  return new RegistryError(status, code, error.message, headers);
}

export function registryError(
  status: number,
  code: string,
  message: string,
  request: ServiceRequest,
  headers: Readonly<Record<string, string>> = {},
): ServiceResponse {
  const common = { ...API_VERSION, ...headers };
  if (request.method === 'HEAD') return { status, headers: common };
  const body = JSON.stringify({ errors: [{ code, message }] });
  return { status, headers: { ...common, 'content-type': 'application/json; charset=utf-8' }, body };
}
