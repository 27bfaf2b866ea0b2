import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { startLocalAws, type LocalAws } from '../../src/local-aws/server.ts';
import { tempFolder } from './temp-folder.ts';

export const REGION = 'eu-west-1';

/** A local AWS for the tests of a file, empty before each of them. */
export function localAwsForTests(): () => LocalAws {
  let localAws: LocalAws;
  beforeAll(async () => {
    localAws = await startLocalAws();
  });
  beforeEach(() => localAws.control.reset());
  afterAll(() => localAws.close());
  return () => localAws;
}

/** An environment with keys for the local AWS, and a home of its own. */
export async function awsEnvironment(
  { endpoint }: Pick<LocalAws, 'endpoint'>,
  more: Readonly<Record<string, string>> = {},
): Promise<Record<string, string>> {
  return {
    HOME: await tempFolder(),
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'AKIATEST',
    AWS_SECRET_ACCESS_KEY: 'the-secret-key',
    ...more,
  };
}

/** The operations that were called, in their order. */
export function operationsOf(localAws: LocalAws): string[] {
  return localAws.control.requests().map(({ operation }) => operation);
}
