import type { Clock } from '../core/clock.ts';
import { DeployError } from '../core/errors.ts';
import { EXIT } from '../core/exit-codes.ts';
import type { BatchJobOperations } from './batch-jobs.ts';
import type { BatchOperations } from './batch.ts';
import { clientSettings, type ClientSettings, type Environment, type FoundSettings } from './client-settings.ts';
import { credentialsFrom } from './credentials.ts';
import type { EcrOperations } from './ecr.ts';
import { deployError } from './errors.ts';
import type { EventsOperations } from './events.ts';
import type { LogOperations } from './logs.ts';
import type { S3Operations } from './s3.ts';
import type { SchedulerOperations } from './scheduler.ts';
import { findCaller, type CallerIdentity } from './sts.ts';

/** One identity in one region. Each service's client is loaded and opened when it is first asked for. */
export interface AwsSession {
  region: string;
  identity: CallerIdentity;
  batch(): Promise<BatchOperations>;
  batchJobs(): Promise<BatchJobOperations>;
  ecr(): Promise<EcrOperations>;
  events(): Promise<EventsOperations>;
  logs(): Promise<LogOperations>;
  s3(): Promise<S3Operations>;
  scheduler(): Promise<SchedulerOperations>;
  /** For services that open themselves. */
  settings: ClientSettings;
  /**
   * Gets new credentials although the ones at hand say that they still hold: AWS has its own clock. False when these
   * can't be renewed.
   */
  renewCredentials(): Promise<boolean>;
}

export interface SessionRequest {
  env: Environment;
  clock: Clock;
  region: string | undefined;
  expectedAccountId: string | undefined;
  /** Ends every call that is under way or comes later. */
  signal?: AbortSignal;
}

/**
 * Opens a session and asks AWS who it is. Throws when there are no usable credentials (exit code 3), no region (2), or
 * when the account is not the expected one (3).
 */
export async function openSession({
  env,
  clock,
  region,
  expectedAccountId,
  signal,
}: SessionRequest): Promise<AwsSession> {
  const asked = clientSettings(env, region, credentialsFrom(env, region, clock));
  const {
    identity,
    region: effectiveRegion,
    found,
  } = await findCaller(asked).catch((error: unknown) => {
    throw namingProfile(error, env['AWS_PROFILE']);
  });
  if (expectedAccountId !== undefined && identity.accountId !== expectedAccountId) {
    throw new DeployError({
      code: 'aws.unexpected_account',
      title: `these credentials belong to account ${identity.accountId}, but ${expectedAccountId} is expected`,
      message: `Identity: ${identity.arn}`,
      hints: ['Use the credentials of the expected account, or correct expected_account_id. Nothing was changed.'],
      exitCode: EXIT.credentials,
    });
  }
  if (signal) endWith(signal, found.requestHandler);
  const settings = { ...asked, region: effectiveRegion, found };
  return {
    region: effectiveRegion,
    identity,
    batch: once(async () => (await import('./batch.ts')).openBatch(settings)),
    batchJobs: once(async () => (await import('./batch-jobs.ts')).openBatchJobs(settings)),
    ecr: once(async () => (await import('./ecr.ts')).openEcr(settings)),
    events: once(async () => (await import('./events.ts')).openEvents(settings)),
    logs: once(async () => (await import('./logs.ts')).openLogs(settings)),
    s3: once(async () => (await import('./s3.ts')).openS3(settings)),
    scheduler: once(async () => (await import('./scheduler.ts')).openScheduler(settings)),
    settings,
    async renewCredentials() {
      try {
        return (await found.credentials({ forceRefresh: true })).expiration !== undefined;
      } catch (error) {
        throw deployError(error, 'sts:GetCallerIdentity', 'the credentials');
      }
    },
  };
}

/** A profile is chosen by its name, so that a name without credentials is most likely misspelt. */
function namingProfile(error: unknown, profile: string | undefined): unknown {
  if (!profile || !(error instanceof DeployError) || error.code !== 'aws.no_credentials') return error;
  return new DeployError({
    code: error.code,
    title: `no AWS credentials were found for the profile ${profile}`,
    message: error.message,
    hints: ['Check AWS_PROFILE (or profile of assume_role) and the files ~/.aws/config and ~/.aws/credentials.'],
    exitCode: error.exitCode,
    cause: error.cause,
  });
}

/** All clients of a session call through the one handler. */
function endWith(signal: AbortSignal, handler: FoundSettings['requestHandler']): void {
  const handle = handler.handle.bind(handler);
  handler.handle = (request, options) => handle(request, { ...options, abortSignal: signal });
}

function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined;
  return () => (opened ??= open());
}
