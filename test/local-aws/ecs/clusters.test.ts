import {
  CreateCapacityProviderCommand,
  CreateClusterCommand,
  DeleteClusterCommand,
  DeleteServiceCommand,
  DescribeCapacityProvidersCommand,
  DescribeClustersCommand,
  ListClustersCommand,
  PutClusterCapacityProvidersCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { failureOf } from '../clients.ts';
import { ecsClient, type EcsStage, startEcsStage } from './ecs-stage.ts';

let stage: EcsStage;
beforeAll(async () => {
  stage = await startEcsStage();
});
afterAll(() => stage.close());
beforeEach(() => stage.restart());

const ARN = 'arn:aws:ecs:eu-central-1:123456789012:cluster/demo';

describe('clusters', () => {
  it('are described by name or ARN, and what is missing is told as a failure', async () => {
    const { clusters, failures } = await stage.ecs.send(new DescribeClustersCommand({ clusters: [ARN, 'no', 'demo'] }));
    expect(clusters).toMatchObject([{ clusterArn: ARN, status: 'ACTIVE' }, { clusterName: 'demo' }]);
    expect(failures).toEqual([{ arn: ARN.replace('demo', 'no'), reason: 'MISSING' }]);
  });

  it('give settings and tags only when they are asked for', async () => {
    await stage.ecs.send(new CreateClusterCommand({ clusterName: 'x', tags: [{ key: 'team', value: 'web' }] }));
    const plain = await stage.ecs.send(new DescribeClustersCommand({ clusters: ['x'] }));
    expect(plain.clusters).toMatchObject([{ tags: [], settings: [] }]);
    const whole = await stage.ecs.send(new DescribeClustersCommand({ clusters: ['x'], include: ['TAGS', 'SETTINGS'] }));
    expect(whole.clusters).toMatchObject([
      { tags: [{ key: 'team', value: 'web' }], settings: [{ name: 'containerInsights', value: 'disabled' }] },
    ]);
  });

  it('count what they hold', async () => {
    await stage.createService();
    await stage.pass(8);
    const { clusters: pending } = await stage.ecs.send(new DescribeClustersCommand({ clusters: ['demo'] }));
    expect(pending).toMatchObject([{ pendingTasksCount: 2, runningTasksCount: 0, activeServicesCount: 1 }]);
    await stage.pass(60);
    const { clusters: running } = await stage.ecs.send(new DescribeClustersCommand({ clusters: ['demo'] }));
    expect(running).toMatchObject([{ pendingTasksCount: 0, runningTasksCount: 2 }]);
  });

  it('are made once, and called default without a name', async () => {
    const again = await stage.ecs.send(new CreateClusterCommand({ clusterName: 'demo' }));
    expect(again.cluster).toMatchObject({ clusterArn: ARN });
    await stage.ecs.send(new CreateClusterCommand({}));
    const { clusterArns } = await stage.ecs.send(new ListClustersCommand({}));
    expect(clusterArns).toEqual([ARN.replace('demo', 'default'), ARN]);
  });

  it('are listed in pages', async () => {
    for (const clusterName of ['a', 'b']) await stage.ecs.send(new CreateClusterCommand({ clusterName }));
    const first = await stage.ecs.send(new ListClustersCommand({ maxResults: 2 }));
    const second = await stage.ecs.send(new ListClustersCommand({ maxResults: 2, nextToken: first.nextToken }));
    expect([first.clusterArns!.length, second.clusterArns]).toEqual([2, [ARN]]);
    expect(second.nextToken).toBeUndefined();
  });

  it('with a service cannot be deleted', async () => {
    await stage.createService({ desiredCount: 0 });
    const remove = new DeleteClusterCommand({ cluster: 'demo' });
    expect(await failureOf(stage.ecs.send(remove))).toMatchObject({ name: 'ClusterContainsServicesException' });
    await stage.ecs.send(new DeleteServiceCommand({ cluster: 'demo', service: 'web' }));
    const { cluster } = await stage.ecs.send(remove);
    expect(cluster).toMatchObject({ status: 'INACTIVE' });
    const { clusters } = await stage.ecs.send(new DescribeClustersCommand({ clusters: ['demo'] }));
    expect(clusters).toMatchObject([{ status: 'INACTIVE' }]);
    expect((await stage.ecs.send(new ListClustersCommand({}))).clusterArns).toEqual([]);
  });

  it('of another region are others', async () => {
    const elsewhere = ecsClient(stage.localAws, { region: 'us-east-1' });
    expect((await elsewhere.send(new ListClustersCommand({}))).clusterArns).toEqual([]);
    elsewhere.destroy();
  });
});

describe('capacity providers', () => {
  it('of Fargate are there, and others when they were made', async () => {
    await stage.ecs.send(
      new CreateCapacityProviderCommand({
        name: 'own',
        autoScalingGroupProvider: { autoScalingGroupArn: 'arn:aws:autoscaling:eu-central-1:123456789012:group' },
      }),
    );
    const { capacityProviders } = await stage.ecs.send(new DescribeCapacityProvidersCommand({}));
    expect(capacityProviders!.map(({ name }) => name)).toEqual(['FARGATE', 'FARGATE_SPOT', 'own']);
    const put = (capacityProvider: string): Promise<unknown> =>
      stage.ecs.send(
        new PutClusterCapacityProvidersCommand({
          cluster: 'demo',
          capacityProviders: [capacityProvider],
          defaultCapacityProviderStrategy: [{ capacityProvider, weight: 1 }],
        }),
      );
    await put('own');
    expect(await failureOf(put('other'))).toMatchObject({ name: 'InvalidParameterException' });
  });
});
