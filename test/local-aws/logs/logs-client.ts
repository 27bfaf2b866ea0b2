import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';

import type { LocalAws } from '../../../src/local-aws/server.ts';

/** A client that asks once: a test sees every answer. */
export function logsClient({ endpoint }: LocalAws, region = 'eu-central-1'): CloudWatchLogsClient {
  const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };
  return new CloudWatchLogsClient({ endpoint, region, credentials, maxAttempts: 1 });
}
