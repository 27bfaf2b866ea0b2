import { DeregisterJobDefinitionCommand, RegisterJobDefinitionCommand, type BatchClient } from '@aws-sdk/client-batch';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { BatchOperations } from '../../src/aws/batch.ts';
import { openSession } from '../../src/aws/session.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { batchClient } from '../local-aws/clients.ts';
import { CONTAINER, withContainer } from '../support/definitions.ts';
import { awsEnvironment, localAwsForTests, operationsOf, REGION } from '../support/local-aws-world.ts';

const localAws = localAwsForTests();
let batch: BatchOperations;
let others: BatchClient;

beforeEach(async () => {
  const env = await awsEnvironment(localAws());
  batch = await (
    await openSession({ env, clock: systemClock, region: undefined, expectedAccountId: undefined })
  ).batch();
  others = batchClient(localAws(), { region: REGION });
  localAws().control.clearRequests();
});
afterEach(() => others.destroy());

function numbers(described: readonly JsonObject[]): unknown[] {
  return described.map(({ revision }) => revision).toSorted((a, b) => Number(a) - Number(b));
}

describe('activeRevisions', () => {
  it('is empty for a name that nobody registered', async () => {
    expect(await batch.activeRevisions('nobody')).toEqual([]);
  });

  it('follows the pages to the end', async () => {
    for (let count = 0; count < 205; count++) await others.send(new RegisterJobDefinitionCommand(CONTAINER as never));
    localAws().control.clearRequests();
    expect(numbers(await batch.activeRevisions('crawl'))).toEqual(Array.from({ length: 205 }, (_, index) => index + 1));
    expect(operationsOf(localAws())).toEqual(Array(3).fill('batch:DescribeJobDefinitions'));
  });

  it('leaves out revisions that were deregistered, and other names', async () => {
    await batch.register(CONTAINER);
    await batch.register(CONTAINER);
    await batch.register({ ...CONTAINER, jobDefinitionName: 'crawl-more' });
    await others.send(new DeregisterJobDefinitionCommand({ jobDefinition: 'crawl:1' }));
    expect(numbers(await batch.activeRevisions('crawl'))).toEqual([2]);
  });
});

describe('register', () => {
  it('gives the ARN and the number', async () => {
    expect(await batch.register(CONTAINER)).toEqual({
      arn: `arn:aws:batch:${REGION}:123456789012:job-definition/crawl:1`,
      revision: 1,
    });
  });

  it('fields that the SDK has never heard of go out and come back', async () => {
    localAws().control.setScenario({ batch: { unknownMembers: 'keep' } });
    const definition = { ...withContainer(CONTAINER, { brandNew: { deep: [1, null, 'x'] } }), alsoNew: true };
    await batch.register(definition);
    expect(await batch.activeRevisions('crawl')).toMatchObject([definition]);
  });

  it('text arrives byte for byte', async () => {
    const environment = [{ name: 'A', value: 'ünï 🚀 "\\\n\u0007' }];
    await batch.register(withContainer(CONTAINER, { environment }));
    expect(await batch.activeRevisions('crawl')).toMatchObject([{ containerProperties: { environment } }]);
  });

  it('is repeated when AWS was too busy to take it', async () => {
    localAws().control.addFault({ operation: 'batch:RegisterJobDefinition', kind: 'throttle' });
    expect((await batch.register(CONTAINER)).revision).toBe(1);
  });

  it.each(['500', 'reset-before', 'reset-after-apply'] as const)(
    'is not repeated after %s, because it may have been applied',
    async (kind) => {
      localAws().control.addFault({ operation: 'batch:RegisterJobDefinition', kind });
      await expect(batch.register(CONTAINER)).rejects.toThrow();
      expect(operationsOf(localAws())).toEqual(['batch:RegisterJobDefinition']);
    },
  );
});
