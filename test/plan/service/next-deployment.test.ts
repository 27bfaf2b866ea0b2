import { describe, expect, it } from '@jest/globals';
import type {
  DeploymentSnapshot,
  ListedServiceDeployment,
  ServiceSnapshot,
} from '../../../src/plan/rollout/observation.ts';
import { nextDeployment } from '../../../src/plan/service/next-deployment.ts';

const [OLD, NEW] = [1, 2].map((revision) => `arn:aws:ecs:eu-west-1:1:task-definition/web:${revision}`) as [
  string,
  string,
];

function entry(id: string, more: Partial<DeploymentSnapshot> = {}): DeploymentSnapshot {
  return {
    id: `ecs-svc/${id}`,
    status: 'PRIMARY',
    taskDefinition: NEW,
    rolloutState: 'COMPLETED',
    rolloutStateReason: undefined,
    desiredCount: 2,
    runningCount: 2,
    pendingCount: 0,
    failedTasks: 0,
    createdAt: Number(id),
    ...more,
  };
}

function service(...deployments: DeploymentSnapshot[]): ServiceSnapshot {
  return {
    arn: 'arn:aws:ecs:eu-west-1:1:service/demo/web',
    name: 'web',
    clusterArn: 'arn:aws:ecs:eu-west-1:1:cluster/demo',
    status: 'ACTIVE',
    taskDefinition: deployments[0]?.taskDefinition ?? NEW,
    controller: 'ECS',
    strategy: 'ROLLING',
    rollsBack: true,
    desiredCount: 2,
    runningCount: 2,
    pendingCount: 0,
    deployments,
    currentServiceDeployment: undefined,
    events: [],
  };
}

function listed(id: string, status: string): ListedServiceDeployment {
  return { arn: `arn:sd-${id}`, targetRevisionArn: `arn:revision/${id}`, status, createdAt: Number(id) };
}

const start = (again: boolean, supersedes?: string) => ({ kind: 'start', again, supersedes });
const PROGRESS = { rolloutState: 'IN_PROGRESS' };
const BACK = {
  ...PROGRESS,
  rolloutStateReason: 'ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1.',
};

describe('a service that has another revision gets a deployment', () => {
  it.each<[string, ServiceSnapshot, ListedServiceDeployment[] | undefined, object]>([
    ['that is the only one', service(entry('1', { taskDefinition: OLD })), [listed('1', 'SUCCESSFUL')], start(false)],
    [
      'that supersedes the one in flight',
      service(entry('3', { taskDefinition: OLD, ...PROGRESS })),
      [listed('3', 'IN_PROGRESS')],
      start(false, 'arn:sd-3'),
    ],
    [
      'that supersedes the one in flight, where service deployments can not be seen',
      service(entry('3', { taskDefinition: OLD, ...PROGRESS })),
      undefined,
      start(false, 'ecs-svc/3'),
    ],
    [
      'that supersedes a rollback of the same revision',
      service(entry('3', { taskDefinition: OLD, ...BACK })),
      [listed('2', 'ROLLBACK_IN_PROGRESS')],
      start(false, 'arn:sd-2'),
    ],
  ])('%s', (_what, has, deployments, next) => {
    expect(nextDeployment(has, NEW, deployments)).toEqual(next);
  });
});

describe('a service that has the revision', () => {
  it.each<[string, DeploymentSnapshot[], ListedServiceDeployment[] | undefined, string]>([
    ['and is there', [entry('2')], [listed('2', 'SUCCESSFUL')], 'there'],
    ['and is there, which AWS lists no more', [entry('2')], [], 'there'],
    ['and is there, where service deployments can not be seen', [entry('2')], undefined, 'there'],
    ['behind a Classic Load Balancer', [entry('2', { rolloutState: undefined })], undefined, 'there'],
    ['and is on its way', [entry('2', PROGRESS)], [listed('2', 'IN_PROGRESS')], 'follow'],
    ['and is about to go', [entry('2', PROGRESS)], [listed('2', 'PENDING')], 'follow'],
    ['and is on its way, where service deployments can not be seen', [entry('2', PROGRESS)], undefined, 'follow'],
    [
      'and is on its way behind a Classic Load Balancer',
      [entry('2', { rolloutState: undefined }), entry('1', { status: 'ACTIVE', rolloutState: undefined })],
      undefined,
      'follow',
    ],
  ])('%s, is not deployed to again', (_what, deployments, all, kind) => {
    expect(nextDeployment(service(...deployments), NEW, all)).toEqual({ kind, deployment: deployments[0] });
  });

  it.each<[string, DeploymentSnapshot, ListedServiceDeployment[] | undefined, string | undefined]>([
    ['failed with it', entry('2', { rolloutState: 'FAILED' }), [listed('2', 'STOPPED')], undefined],
    ['was stopped on the way', entry('2', PROGRESS), [listed('2', 'STOPPED')], 'ecs-svc/2'],
    ['is being stopped', entry('2', PROGRESS), [listed('2', 'STOP_REQUESTED')], 'arn:sd-2'],
    ['is about to be rolled back', entry('2', PROGRESS), [listed('2', 'ROLLBACK_REQUESTED')], 'arn:sd-2'],
    ['is on the way back to it', entry('3', BACK), [listed('2', 'ROLLBACK_IN_PROGRESS')], 'arn:sd-2'],
    ['is on the way back to it, unseen', entry('3', BACK), undefined, 'ecs-svc/3'],
  ])('but %s, is deployed to again', (_what, primary, all, supersedes) => {
    expect(nextDeployment(service(primary), NEW, all)).toEqual(start(true, supersedes));
  });
});
