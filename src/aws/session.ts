import type { Clock } from '../core/clock.ts';
import { DeployError } from '../core/errors.ts';
import { EXIT } from '../core/exit-codes.ts';
import type { BatchOperations } from './batch.ts';
import { clientSettings, type Environment } from './client-settings.ts';
import { credentialsFrom } from './credentials.ts';
import type { EcrOperations } from './ecr.ts';
import type { S3Operations } from './s3.ts';
import { findCaller, type CallerIdentity } from './sts.ts';

/** One identity in one region. Each service's client is loaded and opened when it is first asked for. */
export interface AwsSession {
  region: string;
  identity: CallerIdentity;
  batch(): Promise<BatchOperations>;
  ecr(): Promise<EcrOperations>;
  s3(): Promise<S3Operations>;
}

export interface SessionRequest {
  env: Environment;
  clock: Clock;
  region: string | undefined;
  expectedAccountId: string | undefined;
}

/**
 * Opens a session and asks AWS who it is. Throws when there are no usable credentials (exit code 3), no region (2), or
 * when the account is not the expected one (3).
 */
export async function openSession({ env, clock, region, expectedAccountId }: SessionRequest): Promise<AwsSession> {
  const asked = clientSettings(env, region, credentialsFrom(env, region, clock));
  const { identity, region: effectiveRegion, found } = await findCaller(asked);
  if (expectedAccountId !== undefined && identity.accountId !== expectedAccountId) {
    throw new DeployError({
      code: 'aws.unexpected_account',
      title: `these credentials belong to account ${identity.accountId}, but ${expectedAccountId} is expected`,
      message: `Identity: ${identity.arn}`,
      hints: ['Use the credentials of the expected account, or correct expected_account_id. Nothing was changed.'],
      exitCode: EXIT.credentials,
    });
  }
  const settings = { ...asked, region: effectiveRegion, found };
  return {
    region: effectiveRegion,
    identity,
    batch: once(async () => (await import('./batch.ts')).openBatch(settings)),
    ecr: once(async () => (await import('./ecr.ts')).openEcr(settings)),
    s3: once(async () => (await import('./s3.ts')).openS3(settings)),
  };
}

function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined;
  return () => (opened ??= open());
}
