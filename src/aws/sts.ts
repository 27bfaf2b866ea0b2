import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { AwsCredentialIdentity } from '@smithy/types';
import { clientOptions, type ClientSettings } from './client-settings.ts';
import { deployError } from './errors.ts';

export interface CallerIdentity {
  accountId: string;
  arn: string;
}

export async function callerIdentity(settings: ClientSettings): Promise<CallerIdentity> {
  try {
    const answer = await new STSClient(clientOptions(settings)).send(new GetCallerIdentityCommand({}));
    return { accountId: answer.Account ?? '', arn: answer.Arn ?? '' };
  } catch (error) {
    throw deployError(error, 'sts:GetCallerIdentity', 'the credentials');
  }
}

/** The region that the session works in: asked for, from the environment, or from the profile. */
export async function effectiveRegion(settings: ClientSettings): Promise<string> {
  return new STSClient(clientOptions(settings)).config.region();
}

/** Exchanges an OIDC token for credentials of a role. The call itself is not signed. */
export async function assumeRoleWithToken(
  settings: ClientSettings,
  role: { arn: string; sessionName: string },
  token: string,
): Promise<AwsCredentialIdentity> {
  try {
    const answer = await new STSClient(clientOptions(settings)).send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: role.arn,
        RoleSessionName: role.sessionName,
        WebIdentityToken: token,
      }),
    );
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {};
    return {
      accessKeyId: AccessKeyId ?? '',
      secretAccessKey: SecretAccessKey ?? '',
      ...(SessionToken === undefined ? {} : { sessionToken: SessionToken }),
      ...(Expiration === undefined ? {} : { expiration: Expiration }),
    };
  } catch (error) {
    throw deployError(error, 'sts:AssumeRoleWithWebIdentity', role.arn);
  }
}
