import { AwsError } from './aws-error.ts';
import type { ServiceError } from './service.ts';

/** Why the local AWS answers without asking the service. */
export type Refusal = 'throttled' | 'failed' | 'denied' | 'unsigned' | 'expired' | 'invalidToken';

type Wording = Readonly<Record<Refusal, ServiceError>>;

const REST_JSON: Wording = {
  throttled: { status: 429, name: 'TooManyRequestsException', message: 'Too Many Requests' },
  failed: { status: 500, name: 'ServerException', message: 'An internal error has occurred.' },
  denied: { status: 403, name: 'AccessDeniedException', message: 'Access denied' },
  unsigned: { status: 403, name: 'MissingAuthenticationTokenException', message: 'Missing Authentication Token' },
  expired: {
    status: 403,
    name: 'ExpiredTokenException',
    message: 'The security token included in the request is expired',
  },
  invalidToken: {
    status: 403,
    name: 'UnrecognizedClientException',
    message: 'The security token included in the request is invalid.',
  },
};

const AWS_JSON: Wording = {
  throttled: { status: 400, name: 'ThrottlingException', message: 'Rate exceeded' },
  failed: REST_JSON.failed,
  denied: { ...REST_JSON.denied, status: 400 },
  unsigned: { ...REST_JSON.unsigned, status: 400 },
  expired: { ...REST_JSON.expired, status: 400 },
  invalidToken: { ...REST_JSON.invalidToken, status: 400 },
};

const SCHEDULER: Wording = {
  ...REST_JSON,
  throttled: { status: 429, name: 'ThrottlingException', message: 'Rate exceeded' },
  failed: { ...REST_JSON.failed, name: 'InternalServerException' },
};

const EVENTS: Wording = { ...AWS_JSON, failed: { ...AWS_JSON.failed, name: 'InternalException' } };

const QUERY: Wording = {
  throttled: AWS_JSON.throttled,
  failed: { status: 500, name: 'InternalFailure', message: 'An internal error has occurred.' },
  denied: { status: 403, name: 'AccessDenied', message: 'Access denied' },
  unsigned: {
    status: 403,
    name: 'MissingAuthenticationToken',
    message: 'Request is missing Authentication Token',
  },
  expired: { ...REST_JSON.expired, name: 'ExpiredToken' },
  invalidToken: { ...REST_JSON.invalidToken, name: 'InvalidClientTokenId' },
};

const S3: Wording = {
  throttled: { status: 503, name: 'SlowDown', message: 'Please reduce your request rate.' },
  failed: { status: 500, name: 'InternalError', message: 'We encountered an internal error. Please try again.' },
  denied: { status: 403, name: 'AccessDenied', message: 'Access Denied' },
  unsigned: { status: 403, name: 'AccessDenied', message: 'Access Denied' },
  expired: { status: 400, name: 'ExpiredToken', message: 'The provided token has expired.' },
  invalidToken: { status: 403, name: 'InvalidAccessKeyId', message: 'The security token is not valid for this key.' },
};

/** A registry has credentials of its own; `unsigned` and the tokens are its own business. */
const REGISTRY: Wording = {
  ...AWS_JSON,
  throttled: { status: 429, name: 'TOOMANYREQUESTS', message: 'Rate exceeded' },
  failed: { status: 500, name: 'UNKNOWN', message: 'An internal error has occurred.' },
  denied: { status: 403, name: 'DENIED', message: 'Access denied' },
};

const WORDING: Readonly<Record<string, Wording>> = {
  batch: REST_JSON,
  ecr: AWS_JSON,
  ecs: AWS_JSON,
  events: EVENTS,
  registry: REGISTRY,
  s3: S3,
  scheduler: SCHEDULER,
  sts: QUERY,
};

/** The error that AWS's service gives, in its own name and status. `message` replaces the usual text. */
export function refusal(operation: string, why: Refusal, message?: string): AwsError {
  const wording = WORDING[operation.split(':')[0]!] ?? AWS_JSON;
  return new AwsError(wording[why].name, message ?? wording[why].message, wording[why].status);
}
