import type {
  DeploymentSnapshot,
  LifecycleHook,
  ListedServiceDeployment,
  ServiceDeployment,
  ServiceSnapshot,
  TaskSnapshot,
} from '../../../src/plan/rollout/observation.ts';
import type { OurDeployment } from '../../../src/plan/rollout/started-deployment.ts';
import type { Observation } from '../../../src/plan/rollout/track.ts';

/** The deployments of the tests begin then. */
export const BEGAN = Date.parse('2026-11-20T12:00:00Z');

const PREFIX = 'arn:aws:ecs:eu-west-1:123456789012';
export const SERVICE = `${PREFIX}:service/demo/web`;
export const OLD = `${PREFIX}:task-definition/web:7`;
export const NEW = `${PREFIX}:task-definition/web:8`;
export const OTHER = `${PREFIX}:task-definition/web:9`;

export const OURS: OurDeployment = {
  id: 'ecs-svc/1000',
  taskDefinition: NEW,
  createdAt: BEGAN,
  before: OLD,
  announced: undefined,
};
export const OUR_ARN = `${PREFIX}:service-deployment/demo/web/ours`;

export function revisionArn(number: number): string {
  return `${PREFIX}:service-revision/demo/web/${number}`;
}

export function serviceDeployment(told: Partial<ServiceDeployment> = {}): ServiceDeployment {
  return {
    arn: OUR_ARN,
    status: 'IN_PROGRESS',
    statusReason: undefined,
    stage: undefined,
    createdAt: BEGAN,
    finishedAt: undefined,
    target: counts(1000),
    sources: [counts(900)],
    hooks: [],
    breaker: undefined,
    alarms: undefined,
    rollback: undefined,
    bakeMinutes: undefined,
    ...told,
  };
}

function counts(number: number): ServiceDeployment['target'] {
  return {
    arn: revisionArn(number),
    requested: 2,
    running: 1,
    pending: 1,
    productionWeight: undefined,
    testWeight: undefined,
  };
}

/** An entry of `deployments[]`: ours, when nothing else is told. */
export function deployment(told: Partial<DeploymentSnapshot> = {}): DeploymentSnapshot {
  return {
    id: OURS.id,
    status: 'PRIMARY',
    taskDefinition: NEW,
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: undefined,
    desiredCount: 2,
    runningCount: 1,
    pendingCount: 1,
    failedTasks: 0,
    createdAt: BEGAN,
    ...told,
  };
}

/** The deployment that the service had before. */
export function oldDeployment(told: Partial<DeploymentSnapshot> = {}): DeploymentSnapshot {
  return deployment({
    id: 'ecs-svc/900',
    status: 'ACTIVE',
    taskDefinition: OLD,
    rolloutState: 'COMPLETED',
    createdAt: BEGAN - 3_600_000,
    ...told,
  });
}

/** By which AWS rolls ours back. */
export function rollbackDeployment(told: Partial<DeploymentSnapshot> = {}): DeploymentSnapshot {
  return deployment({
    id: 'ecs-svc/1001',
    taskDefinition: OLD,
    rolloutStateReason: 'ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/900.',
    createdAt: BEGAN + 300_000,
    ...told,
  });
}

/** Started by somebody else after ours. */
export function newerDeployment(told: Partial<DeploymentSnapshot> = {}): DeploymentSnapshot {
  return deployment({ id: 'ecs-svc/2000', taskDefinition: OTHER, createdAt: BEGAN + 60_000, ...told });
}

export function service(
  deployments: readonly DeploymentSnapshot[],
  told: Partial<ServiceSnapshot> = {},
): ServiceSnapshot {
  return {
    arn: SERVICE,
    name: 'web',
    clusterArn: `${PREFIX}:cluster/demo`,
    status: 'ACTIVE',
    taskDefinition: NEW,
    controller: 'ECS',
    strategy: 'ROLLING',
    rollsBack: true,
    desiredCount: 2,
    runningCount: 2,
    pendingCount: 0,
    deployments,
    currentServiceDeployment: undefined,
    events: [],
    ...told,
  };
}

export function look(told: Partial<Observation>): Observation {
  return { service: undefined, deployment: undefined, newer: [], ...told };
}

export function listed(told: Partial<ListedServiceDeployment> = {}): ListedServiceDeployment {
  return { arn: OUR_ARN, targetRevisionArn: revisionArn(1000), status: 'IN_PROGRESS', createdAt: BEGAN, ...told };
}

export function hook(told: Partial<LifecycleHook> = {}): LifecycleHook {
  return {
    id: 'hook-1',
    kind: 'PAUSE',
    target: undefined,
    status: 'AWAITING_ACTION',
    expiresAt: undefined,
    timeoutAction: 'ROLLBACK',
    ...told,
  };
}

/** A task that our deployment started. */
export function task(told: Partial<TaskSnapshot> = {}): TaskSnapshot {
  return {
    arn: `${PREFIX}:task/demo/0123456789abcdef0123456789abcdef`,
    taskDefinition: NEW,
    startedBy: OURS.id,
    lastStatus: 'RUNNING',
    desiredStatus: 'RUNNING',
    healthStatus: undefined,
    stopCode: undefined,
    stoppedReason: undefined,
    createdAt: BEGAN + 10_000,
    startedAt: BEGAN + 20_000,
    stoppedAt: undefined,
    containers: [],
    ...told,
  };
}

export function container(told: Partial<TaskSnapshot['containers'][number]> = {}): TaskSnapshot['containers'][number] {
  return {
    name: 'web',
    image: undefined,
    digest: undefined,
    lastStatus: 'RUNNING',
    exitCode: undefined,
    reason: undefined,
    ...told,
  };
}
