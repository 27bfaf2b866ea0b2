import type { STSClientResolvedConfig } from '@aws-sdk/client-sts';
import type { AwsCredentialIdentityProvider } from '@smithy/types';
import { badArgument } from '../core/errors.ts';

/** The process environment, or a stand-in for it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What every client of one session is made with. */
export interface ClientSettings {
  /** Undefined leaves it to the profile. */
  region: string | undefined;
  /** Undefined leaves it to the chain that every AWS SDK has (profile, SSO, container, instance). */
  credentials: AwsCredentialIdentityProvider | undefined;
  /** A named profile, for the region and the SDK's own chain. */
  profile: string | undefined;
  /** A service endpoint that is not AWS's own, from AWS_ENDPOINT_URL. */
  endpoint: string | undefined;
  maxAttempts: number;
  /** What the first client of a session has found out in profiles and in the environment, and its connections. */
  found?: FoundSettings;
}

/** Parts of a client's resolved configuration. */
export type FoundSettings = Pick<
  STSClientResolvedConfig,
  | 'authSchemePreference'
  | 'credentials'
  | 'defaultsMode'
  | 'requestHandler'
  | 'retryMode'
  | 'useDualstackEndpoint'
  | 'useFipsEndpoint'
  | 'userAgentAppId'
>;

const MAX_ATTEMPTS = 5;

/** AWS_DEFAULT_REGION is the AWS CLI's name for the region; the JavaScript SDK alone would not read it. */
function regionFrom(env: Environment, asked: string | undefined): string | undefined {
  return asked ?? (env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || undefined);
}

function endpointFrom(env: Environment): string | undefined {
  const endpoint = env['AWS_ENDPOINT_URL'] || undefined;
  if (endpoint === undefined || /^https?:\/\/./.test(endpoint)) return endpoint;
  throw badArgument(`AWS_ENDPOINT_URL must be a URL such as http://127.0.0.1:4566 (got: ${JSON.stringify(endpoint)})`);
}

/** Throws (exit code 2) when AWS_ENDPOINT_URL is no URL. */
export function clientSettings(
  env: Environment,
  region: string | undefined,
  credentials: AwsCredentialIdentityProvider | undefined,
): ClientSettings {
  return {
    region: regionFrom(env, region),
    credentials,
    profile: env['AWS_PROFILE'] || undefined,
    endpoint: endpointFrom(env),
    maxAttempts: Number(env['AWS_MAX_ATTEMPTS']) || MAX_ATTEMPTS,
  };
}

/** The settings as a client's constructor takes them. Fields that are not set are left out, so that the SDK decides. */
export function clientOptions(settings: ClientSettings): Partial<FoundSettings> & {
  region?: string;
  credentials?: AwsCredentialIdentityProvider;
  profile?: string;
  endpoint?: string;
  maxAttempts: number;
  customUserAgent: [string, string][];
} {
  return {
    ...(settings.region === undefined ? {} : { region: settings.region }),
    ...(settings.credentials === undefined ? {} : { credentials: settings.credentials }),
    ...(settings.profile === undefined ? {} : { profile: settings.profile }),
    ...(settings.endpoint === undefined ? {} : { endpoint: settings.endpoint }),
    ...settings.found,
    maxAttempts: settings.maxAttempts,
    customUserAgent: [['aws-deploy', '1']],
  };
}

/**
 * What other clients need not find out again: credentials are fetched once in a session, profiles are read once, and
 * calls to one host use one connection.
 */
export function foundSettings(config: STSClientResolvedConfig): FoundSettings {
  const { authSchemePreference, credentials, defaultsMode, requestHandler, retryMode } = config;
  const { useDualstackEndpoint, useFipsEndpoint, userAgentAppId } = config;
  return {
    authSchemePreference,
    credentials,
    defaultsMode,
    requestHandler,
    retryMode,
    useDualstackEndpoint,
    useFipsEndpoint,
    userAgentAppId,
  };
}
