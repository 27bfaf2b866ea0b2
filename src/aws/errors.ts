import { DeployError, type DeployErrorFields } from '../core/errors.ts';
import { EXIT } from '../core/exit-codes.ts';

/** The fields that errors of the SDK have in common, as far as they are read here. */
interface SdkError extends Error {
  $metadata?: { httpStatusCode?: number; requestId?: string; attempts?: number };
  $retryable?: { throttling?: boolean };
  $response?: { statusCode?: number };
  code?: string;
}

const EXPIRED = /^(ExpiredToken|ExpiredTokenException|RequestExpired)$/;
const WRONG_IDENTITY =
  /^(InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignatureException|InvalidIdentityToken|InvalidIdentityTokenException|MissingAuthenticationToken|MissingAuthenticationTokenException|IncompleteSignature)$/;
const DENIED = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|AccessDeniedError)$/;
const THROTTLED =
  /^(Throttling|ThrottlingException|ThrottledException|TooManyRequestsException|RequestLimitExceeded|SlowDown|PriorRequestNotComplete)$/;
const NOT_FOUND = /(NotFound|NotFoundException|DoesNotExist|NoSuchBucket|NoSuchKey|NoSuchEntity)$/;
const NETWORK = /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|TimeoutError)$/;

/** Did this call fail before AWS could have applied it, because it was too fast? */
export function isThrottling(error: unknown): boolean {
  return error instanceof Error && THROTTLED.test(error.name);
}

/** Is it unknown whether AWS applied the call: the connection broke, or a server error came back? */
export function isAmbiguous(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, name } = error as SdkError;
  return NETWORK.test(code ?? '') || NETWORK.test(name) || status(error) >= 500;
}

/** Does the service, or what stands for it, not know the operation? */
export function isUnknownOperation(error: unknown): boolean {
  return (
    /^(UnknownOperation|UnknownOperationException|NotImplemented|NotImplementedException|InvalidAction)$/.test(
      errorName(error),
    ) || errorStatus(error) === 501
  );
}

export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

export function errorStatus(error: unknown): number {
  return error instanceof Error ? status(error) : 0;
}

/**
 * Says what an error of the SDK means for the user.
 * @param call the operation in IAM's spelling: `batch:RegisterJobDefinition`
 * @param resource what it was called on, as the user knows it
 */
export function deployError(error: unknown, call: string, resource: string): DeployError {
  if (error instanceof DeployError) return error;
  if (!(error instanceof Error)) {
    return new DeployError({
      code: 'aws.unknown',
      title: `${call} failed`,
      message: String(error),
      exitCode: EXIT.awsApi,
    });
  }
  const sdkError = error as SdkError;
  return (
    identityError(sdkError, call, resource) ?? connectionError(sdkError, call) ?? serviceError(sdkError, call, resource)
  );
}

function identityError(error: SdkError, call: string, resource: string): DeployError | undefined {
  const common = { message: told(error), exitCode: EXIT.credentials, cause: error };
  if (error.name === 'CredentialsProviderError' || /Could not load credentials/.test(error.message)) {
    return new DeployError({
      ...common,
      code: 'aws.no_credentials',
      title: 'no AWS credentials were found',
      hints: [
        'On CircleCI: run assume_role with role_arn before this step, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in a context.',
        'Elsewhere: set AWS_PROFILE, or log in as for the AWS CLI ("aws sso login").',
      ],
    });
  }
  if (EXPIRED.test(error.name)) {
    return new DeployError({
      ...common,
      code: 'aws.expired_credentials',
      title: `the AWS credentials have expired (${call})`,
      hints: ['Get new ones: run the job again, or log in again. With role_arn they are renewed by themselves.'],
    });
  }
  if (WRONG_IDENTITY.test(error.name)) {
    return new DeployError({
      ...common,
      code: 'aws.invalid_credentials',
      title: `AWS does not accept the credentials (${call})`,
      hints: ['Check the key, the session token and, with role_arn, the trust policy of the role.'],
    });
  }
  if (DENIED.test(error.name) || status(error) === 403) {
    // The call itself is allowed then: what is missing is to hand the role on.
    const role = /not authorized to perform: iam:PassRole on resource: (\S+)/.exec(error.message)?.[1];
    if (role !== undefined) return passRoleError(common, call, role);
    return new DeployError({
      ...common,
      code: 'aws.access_denied',
      title: `not allowed: ${call} on ${resource}`,
      hints: [
        call === 'sts:AssumeRoleWithWebIdentity'
          ? 'Allow this CircleCI project in the trust policy of the role, with the OIDC provider of its organization.'
          : `Allow ${call} on ${resource} in a policy of the identity that is printed above.`,
      ],
    });
  }
  return undefined;
}

function passRoleError(
  common: Pick<DeployErrorFields, 'message' | 'exitCode' | 'cause'>,
  call: string,
  role: string,
): DeployError {
  return new DeployError({
    ...common,
    code: 'aws.access_denied',
    title: `not allowed: iam:PassRole on ${role}, which ${call} needs`,
    hints: [`Allow iam:PassRole on ${role} in a policy of the identity that is printed above.`],
  });
}

function connectionError(error: SdkError, call: string): DeployError | undefined {
  if (/Region is missing/.test(error.message)) {
    return new DeployError({
      code: 'aws.no_region',
      title: 'no AWS region is set',
      hints: ['Give region (--region), or set AWS_REGION.'],
      exitCode: EXIT.badArguments,
    });
  }
  const region = /Region not accepted: region="(.*)" is not/.exec(error.message)?.[1];
  if (region !== undefined) {
    return new DeployError({
      code: 'aws.invalid_region',
      title: `${JSON.stringify(region)} is not an AWS region`,
      hints: ['Write region, or AWS_REGION, as eu-central-1.'],
      exitCode: EXIT.badArguments,
    });
  }
  if (NETWORK.test(error.code ?? '') || NETWORK.test(error.name)) {
    return new DeployError({
      code: 'aws.unreachable',
      title: `AWS can not be reached (${call})`,
      message: told(error),
      hints: ['Check the region, the network of the executor and AWS_ENDPOINT_URL when it is set.'],
      exitCode: EXIT.awsApi,
      cause: error,
    });
  }
  return undefined;
}

function serviceError(error: SdkError, call: string, resource: string): DeployError {
  const common = { message: told(error), cause: error };
  if (isThrottling(error)) {
    const attempts = error.$metadata?.attempts ?? 1;
    return new DeployError({
      ...common,
      code: 'aws.throttled',
      title: `AWS throttles ${call}: gave up after ${attempts} attempt${attempts === 1 ? '' : 's'}`,
      hints: ['Run it again later; nothing is lost. Other pipelines on the account may be calling at the same time.'],
      exitCode: EXIT.awsApi,
    });
  }
  if (NOT_FOUND.test(error.name) || status(error) === 404) {
    return new DeployError({
      ...common,
      code: 'aws.not_found',
      title: `not found: ${resource}`,
      hints: ['Check the name, the region and the account.'],
      exitCode: EXIT.notFound,
    });
  }
  return new DeployError({
    ...common,
    code: 'aws.failed',
    title: `${call} failed on ${resource}`,
    ...(status(error) >= 500
      ? { hints: ['This is on the side of AWS, and it was tried several times. Run it again later.'] }
      : {}),
    exitCode: EXIT.awsApi,
  });
}

function status(error: SdkError): number {
  return error.$metadata?.httpStatusCode ?? error.$response?.statusCode ?? 0;
}

function told(error: SdkError): string {
  const requestId = error.$metadata?.requestId;
  return `${error.name}: ${error.message}${requestId ? ` (request ${requestId})` : ''}`;
}
