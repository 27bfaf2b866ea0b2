import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  ListTasksCommand,
  waitUntilServicesStable,
} from '@aws-sdk/client-ecs';
import { afterEach, describe, expect, it } from '@jest/globals';

import type { JsonObject } from '../../../src/core/json.ts';
import { type LocalAws, startLocalAws } from '../../../src/local-aws/server.ts';
import { failureOf } from '../clients.ts';
import { ecsClient, webDefinition, webService } from './ecs-stage.ts';

let localAws: LocalAws | undefined;
afterEach(async () => {
  await localAws?.close();
  localAws = undefined;
});

function setup(change: JsonObject = {}, definition: JsonObject = {}): JsonObject {
  return {
    region: 'eu-central-1',
    setup: [
      { call: 'ecs:CreateCluster', input: { clusterName: 'demo' } },
      { call: 'ecs:RegisterTaskDefinition', input: { ...(webDefinition() as object as JsonObject), ...definition } },
      { call: 'ecs:CreateService', input: { ...(webService() as object as JsonObject), ...change } },
    ],
    ecs: { tasks: [{ match: 'web', failToStart: 'CannotPullContainerError: not found' }] },
  };
}

describe('a service that is there from the start', () => {
  it.each<[string, JsonObject]>([
    ['rolling', {}],
    ['blue/green', { deploymentConfiguration: { strategy: 'BLUE_GREEN' } }],
  ])(
    'is steady when the local AWS answers, whatever the scenario has for its deployments: %s',
    async (_kind, change) => {
      localAws = await startLocalAws({ scenario: setup(change) });
      const ecs = ecsClient(localAws);
      const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'demo', services: ['web'] }));
      expect(services).toMatchObject([
        { runningCount: 2, deployments: [{ rolloutState: 'COMPLETED', runningCount: 2, failedTasks: 0 }] },
      ]);
      const { taskArns } = await ecs.send(new ListTasksCommand({ cluster: 'demo', serviceName: 'web' }));
      const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster: 'demo', tasks: taskArns }));
      expect(tasks).toMatchObject([
        { lastStatus: 'RUNNING', containers: [{ imageDigest: expect.stringMatching(/^sha256:/) }, {}] },
        {},
      ]);
      const waited = await waitUntilServicesStable(
        { client: ecs, maxWaitTime: 10, minDelay: 1 },
        { cluster: 'demo', services: ['web'] },
      );
      expect(waited).toMatchObject({ state: 'SUCCESS' });
      ecs.destroy();
    },
  );

  it('needs its images', async () => {
    const image = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/web:1';
    const scenario = setup(
      {},
      {
        executionRoleArn: 'arn:aws:iam::123456789012:role/x',
        containerDefinitions: [{ name: 'app', image }],
      },
    );
    expect(await failureOf(startLocalAws({ scenario }))).toMatchObject({
      code: 'file.invalid',
      message: expect.stringContaining('CannotPullContainerError'),
    });
  });
});
