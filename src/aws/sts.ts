import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { AwsCredentialIdentity } from '@smithy/types';
import { clientOptions, foundSettings, type ClientSettings, type FoundSettings } from './client-settings.ts';
import { deployError } from './errors.ts';

export interface CallerIdentity {
  accountId: string;
  arn: string;
}

export interface Caller {
  identity: CallerIdentity;
  /** What was asked for, or what the environment or the profile names. */
  region: string;
  found: FoundSettings;
}

/** Asks AWS who the credentials belong to. */
export async function findCaller(settings: ClientSettings): Promise<Caller> {
  const client = new STSClient(clientOptions(settings));
  try {
    const answer = await client.send(new GetCallerIdentityCommand({}));
    return {
      identity: { accountId: answer.Account ?? '', arn: answer.Arn ?? '' },
      region: await client.config.region(),
      found: foundSettings(client.config),
    };
  } catch (error) {
    throw deployError(error, 'sts:GetCallerIdentity', 'the credentials');
  }
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
