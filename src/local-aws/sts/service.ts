import { AwsError } from '../aws-error.ts';
import { assumedRole, callerIdentity, issueCredentials, type IssuedCredentials, parseRoleArn } from '../identity.ts';
import { credentialScope } from '../request-region.ts';
import type { Operation, Service, ServiceRequest, ServiceResponse, World } from '../service.ts';
import { checkWebIdentity } from './check-web-identity.ts';
import { queryError, queryParameters, queryResponse, type QueryResult } from './query-protocol.ts';
import { readWebIdentityToken } from './web-identity-token.ts';

type Handler = (parameters: URLSearchParams, request: ServiceRequest, world: World) => QueryResult;

const HANDLERS: Readonly<Record<string, Handler>> = {
  GetCallerIdentity: getCallerIdentity,
  AssumeRole: assumeRole,
  AssumeRoleWithWebIdentity: assumeRoleWithWebIdentity,
};

/** STS keeps nothing: its session tokens hold what is to be known of a session. */
export function stsService(world: World): Service {
  return {
    name: 'sts',
    operation: (request) => operationOf(request, world),
    error: queryError,
    snapshot: () => ({}),
    restore() {},
    reset() {},
  };
}

/** Without a signature only a call that is known is taken, as a form for `/` may be meant for another service. */
function operationOf(request: ServiceRequest, world: World): Operation | undefined {
  const parameters = queryParameters(request);
  const action = parameters?.get('Action') ?? '';
  const handler = Object.hasOwn(HANDLERS, action) ? HANDLERS[action] : undefined;
  if (parameters === undefined || handler === undefined) {
    if (credentialScope(request)?.service !== 'sts') return undefined;
    const name = `sts:${action === '' ? `${request.method} ${request.path}` : action}`;
    const message = `The local AWS does not have ${name}.`;
    return { name, run: () => queryError({ status: 501, name: 'NotImplemented', message }, request) };
  }
  return {
    name: `sts:${action}`,
    resource: () => parameters.get('RoleArn') ?? '*',
    run: (): ServiceResponse => {
      try {
        return queryResponse(action, handler(parameters, request, world), request);
      } catch (error) {
        if (error instanceof AwsError) return queryError(error, request);
        throw error;
      }
    },
  };
}

function getCallerIdentity(_parameters: URLSearchParams, request: ServiceRequest, world: World): QueryResult {
  const { arn, userId, account } = callerIdentity(request, world);
  return { Arn: arn, UserId: userId, Account: account };
}

function assumeRole(parameters: URLSearchParams, _request: ServiceRequest, world: World): QueryResult {
  return session(readRoleParameters(parameters), world);
}

function assumeRoleWithWebIdentity(parameters: URLSearchParams, _request: ServiceRequest, world: World): QueryResult {
  const role = readRoleParameters(parameters);
  const token = parameters.get('WebIdentityToken') ?? '';
  if (token.length < 4)
    throw violation(token, 'webIdentityToken', 'Member must have length greater than or equal to 4');
  const identity = readWebIdentityToken(token);
  checkWebIdentity(identity, { ...role.role, sessionName: role.sessionName, arn: role.roleArn }, world);
  const { issuer, subject, audiences } = identity;
  return { ...session(role, world), SubjectFromWebIdentityToken: subject, Provider: issuer, Audience: audiences[0]! };
}

interface RoleParameters {
  roleArn: string;
  role: NonNullable<ReturnType<typeof parseRoleArn>>;
  sessionName: string;
  durationSeconds: number;
}

const MIN_SESSION_SECONDS = 900;
const MAX_SESSION_SECONDS = 43_200;
const DEFAULT_SESSION_SECONDS = 3600;

/** Any role of any account exists. */
function readRoleParameters(parameters: URLSearchParams): RoleParameters {
  const roleArn = parameters.get('RoleArn') ?? '';
  const sessionName = parameters.get('RoleSessionName') ?? '';
  const durationText = parameters.get('DurationSeconds');
  const durationSeconds = durationText === null ? DEFAULT_SESSION_SECONDS : Number(durationText);
  if (roleArn.length < 20) {
    throw violation(roleArn, 'roleArn', 'Member must have length greater than or equal to 20');
  }
  if (sessionName.length < 2 || sessionName.length > 64) {
    const bound = sessionName.length < 2 ? 'greater than or equal to 2' : 'less than or equal to 64';
    throw violation(sessionName, 'roleSessionName', `Member must have length ${bound}`);
  }
  if (!/^[\w+=,.@-]*$/.test(sessionName)) {
    const constraint = 'Member must satisfy regular expression pattern: [\\w+=,.@-]*';
    throw violation(sessionName, 'roleSessionName', constraint);
  }
  if (!Number.isInteger(durationSeconds) || durationSeconds < MIN_SESSION_SECONDS) {
    const constraint = `Member must have value greater than or equal to ${MIN_SESSION_SECONDS}`;
    throw violation(durationText ?? '', 'durationSeconds', constraint);
  }
  if (durationSeconds > MAX_SESSION_SECONDS) {
    const constraint = `Member must have value less than or equal to ${MAX_SESSION_SECONDS}`;
    throw violation(durationText ?? '', 'durationSeconds', constraint);
  }
  const role = parseRoleArn(roleArn);
  if (role === undefined) throw new AwsError('ValidationError', `${roleArn} is invalid`);
  return { roleArn, role, sessionName, durationSeconds };
}

function session({ role, sessionName, durationSeconds }: RoleParameters, world: World): QueryResult {
  const identity = assumedRole(role, sessionName);
  return {
    AssumedRoleUser: { AssumedRoleId: identity.userId, Arn: identity.arn },
    Credentials: credentials(issueCredentials(identity, durationSeconds, world)),
  };
}

function credentials({ accessKeyId, secretAccessKey, sessionToken, expiration }: IssuedCredentials): QueryResult {
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: expiration.toISOString().replace('.000Z', 'Z'),
  };
}

function violation(value: string, member: string, constraint: string): AwsError {
  const message = `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`;
  return new AwsError('ValidationError', message);
}
