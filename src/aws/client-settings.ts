import type { AwsCredentialIdentityProvider } from '@smithy/types';

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
}

const MAX_ATTEMPTS = 5;

/** AWS_DEFAULT_REGION is the AWS CLI's name for the region; the JavaScript SDK alone would not read it. */
export function regionFrom(env: Environment, asked: string | undefined): string | undefined {
  return asked ?? (env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || undefined);
}

export function clientSettings(
  env: Environment,
  region: string | undefined,
  credentials: AwsCredentialIdentityProvider | undefined,
): ClientSettings {
  return {
    region: regionFrom(env, region),
    credentials,
    profile: env['AWS_PROFILE'] || undefined,
    endpoint: env['AWS_ENDPOINT_URL'] || undefined,
    maxAttempts: Number(env['AWS_MAX_ATTEMPTS']) || MAX_ATTEMPTS,
  };
}

/** The settings as a client's constructor takes them. Fields that are not set are left out, so that the SDK decides. */
export function clientOptions(settings: ClientSettings): {
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
    maxAttempts: settings.maxAttempts,
    customUserAgent: [['aws-deploy', '1']],
  };
}
