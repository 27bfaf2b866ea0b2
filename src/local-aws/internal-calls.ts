import { randomUUID } from 'node:crypto';

import { isJsonObject, type JsonObject } from '../core/json.ts';
import { AwsError } from './aws-error.ts';
import { dispatch, type DispatchParts } from './dispatch.ts';
import { assumedRole, issueCredentials, parseRoleArn } from './identity.ts';
import type { ServiceRequest, ServiceResponse, World } from './service.ts';

/** A call from one service of AWS to another. */
export interface InternalCall {
  /** The IAM prefix: `batch`. */
  service: string;
  /** `SubmitJob` */
  operation: string;
  /** As on the wire: times are seconds since the epoch, bytes base64. */
  input: JsonObject;
  region: string;
  /** The ARN of the role that the caller takes on; without it, the caller is a service that nobody denies anything by name. */
  principal?: string;
  /** The name of the caller's session in that role: `aws-deploy` when it is not given. */
  sessionName?: string;
}

const SESSION_SECONDS = 3600;

/**
 * Carries out a call as if it had come over the wire, and gives the body of its answer. Rejects with the AwsError of the
 * other service; a connection that a fault cuts is one with status 503, for the caller to try again.
 */
export async function invoke(call: InternalCall, parts: DispatchParts): Promise<JsonObject> {
  const request = requestOf(call, parts);
  const { outcome, entry } = await dispatch(request, parts, new AbortController().signal);
  if (typeof outcome === 'string') {
    parts.log.change(entry, { state: outcome === 'hang' ? 'hanging' : 'reset' });
    throw new AwsError('ServiceUnavailable', `${call.service}:${call.operation} was not answered.`, 503);
  }
  parts.log.change(entry, { state: 'answered', status: outcome.status });
  if (outcome.status >= 400) throw errorOf(outcome);
  const text = String(outcome.body ?? '');
  return text === '' ? {} : (JSON.parse(text) as JsonObject);
}

function requestOf(call: InternalCall, parts: DispatchParts): ServiceRequest {
  const service = parts.services.find(({ name }) => name === call.service);
  if (service?.requestFor === undefined) {
    throw new AwsError(
      'NotImplementedException',
      `The local AWS does not have ${call.service}:${call.operation}.`,
      501,
    );
  }
  const request = service.requestFor(call.operation, call.input);
  const { accessKeyId, token } = credentialsOf(call, parts.world);
  const day = parts.world.clock.now().toISOString().slice(0, 10).replaceAll('-', '');
  return {
    ...request,
    headers: {
      ...request.headers,
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${day}/${call.region}/${call.service}/aws4_request`,
      ...(token !== undefined && { 'x-amz-security-token': token }),
    },
    requestId: randomUUID(),
    internal: true,
  };
}

function credentialsOf(
  { principal, sessionName = 'aws-deploy' }: InternalCall,
  world: World,
): { accessKeyId: string; token?: string } {
  if (principal === undefined) return { accessKeyId: 'internal' };
  const role = parseRoleArn(principal);
  if (role === undefined) throw new AwsError('ValidationException', `${principal} is not the ARN of a role.`);
  const { accessKeyId, sessionToken } = issueCredentials(assumedRole(role, sessionName), SESSION_SECONDS, world);
  return { accessKeyId, token: sessionToken };
}

function errorOf({ status, headers = {}, body = '' }: ServiceResponse): AwsError {
  const json: unknown = JSON.parse(String(body));
  const { __type: type, message } = isJsonObject(json) ? json : {};
  return new AwsError(headers['x-amzn-errortype'] ?? String(type), String(message ?? ''), status);
}
