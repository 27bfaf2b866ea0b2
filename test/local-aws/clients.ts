import { BatchClient, type BatchClientConfig } from '@aws-sdk/client-batch';
import { STSClient, type STSClientConfig } from '@aws-sdk/client-sts';

import type { LocalAws } from '../../src/local-aws/server.ts';

const KEYS = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };

/** A client that asks once: a test sees every answer. */
export function batchClient(localAws: LocalAws, config: BatchClientConfig = {}): BatchClient {
  return new BatchClient({
    endpoint: localAws.endpoint,
    region: 'eu-central-1',
    credentials: KEYS,
    maxAttempts: 1,
    ...config,
  });
}

export function stsClient(localAws: LocalAws, config: STSClientConfig = {}): STSClient {
  return new STSClient({
    endpoint: localAws.endpoint,
    region: 'eu-central-1',
    credentials: KEYS,
    maxAttempts: 1,
    ...config,
  });
}

/** Headers of a request that is signed, as far as the local AWS looks at it. */
export function signedHeaders(service: string, region = 'eu-central-1'): Record<string, string> {
  const scope = `AKIATEST/20261120/${region}/${service}/aws4_request`;
  return { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0123` };
}

/** The error that a call ends in. */
export async function failureOf(call: Promise<unknown>): Promise<Error> {
  try {
    await call;
  } catch (error) {
    return error as Error;
  }
  throw new Error('The call did not fail.');
}
