import type { AwsCredentialIdentityProvider } from '@smithy/types';
import type { Clock } from '../core/clock.ts';
import { clientSettings, type Environment } from './client-settings.ts';
import { currentToken } from './oidc-token.ts';
import { assumeRoleWithToken } from './sts.ts';

/**
 * The credentials that the environment names outright, so that the SDK's whole chain need not be loaded: a named
 * profile leaves everything to the SDK; then static keys; then a role with an OIDC token file, as assume_role leaves
 * them. Undefined: the SDK's own chain. The order is that of every AWS SDK.
 */
export function credentialsFrom(
  env: Environment,
  region: string | undefined,
  clock: Clock,
): AwsCredentialIdentityProvider | undefined {
  if (env['AWS_PROFILE']) return undefined;
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = env;
  if (accessKeyId && secretAccessKey) {
    const keys = { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
    return () => Promise.resolve(keys);
  }
  const { AWS_ROLE_ARN: arn, AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile } = env;
  if (!arn || !tokenFile) return undefined;
  const sessionName = env['AWS_ROLE_SESSION_NAME'] || 'aws-deploy';
  return async () => {
    const token = await currentToken(tokenFile, clock.now(), env);
    return assumeRoleWithToken(clientSettings(env, region, undefined), { arn, sessionName }, token);
  };
}
