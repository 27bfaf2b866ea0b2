import type {
  DeploymentConfiguration,
  DeploymentLifecycleHookAction,
  DeploymentLifecycleHookStatus,
  DeploymentLifecycleHookTargetType,
  ServiceDeploymentRollbackMonitorsStatus,
  ServiceDeploymentStatus,
} from '@aws-sdk/client-ecs';

import type { DeploymentPlay } from '../scenario/deployment-play.ts';
import type { PlannedStage } from './stages.ts';

/** A service deployment. Plain JSON; times are milliseconds since the epoch. */
export interface ServiceDeploymentRecord {
  serviceDeploymentArn: string;
  serviceArn: string;
  clusterArn: string;
  region: string;
  createdAt: number;
  startedAt?: number;
  finishedAt?: number;
  stoppedAt?: number;
  updatedAt: number;
  /** ARNs of the service revisions that it replaces. */
  sourceRevisions: string[];
  targetRevision: string;
  /** The id in DescribeServices of what it brings out. */
  rolloutId: string;
  status: ServiceDeploymentStatus;
  statusReason?: string;
  configuration: DeploymentConfiguration;
  /** The stages that are to come or were there, for a strategy that shifts traffic. */
  stages: PlannedStage[];
  /** The index of the stage that it is in. */
  stage: number;
  stageSince: number;
  /** Those of the stage that it is in, or was in when it failed. */
  hooks: HookRun[];
  /** Percent of the traffic that the target revision has. */
  traffic: { test: number; production: number };
  /** Since when all is as it should be, but for the bake time. */
  bakesSince?: number;
  breaker: { status: ServiceDeploymentRollbackMonitorsStatus; failureCount: number };
  alarms: { status: ServiceDeploymentRollbackMonitorsStatus; names: string[]; triggered: string[] };
  rollback?: { reason: string; startedAt: number; revisionArn?: string; rolloutId?: string };
  /** How often tasks have failed since the rollback began. */
  rollbackFailures: number;
  play: DeploymentPlay;
  /** What of its play has happened. */
  played: string[];
}

/** A lifecycle hook that runs, or has run. */
export interface HookRun {
  hookId: string;
  targetType: DeploymentLifecycleHookTargetType;
  targetArn?: string;
  status: DeploymentLifecycleHookStatus;
  expiresAt: number;
  timeoutAction: DeploymentLifecycleHookAction;
  /** How often the function was called, and when its call under way ends or the next one is. */
  calls: number;
  nextAt?: number;
  /** What went wrong. */
  failure?: string;
}

/** It goes on by itself. */
export function isInFlight({ status }: Pick<ServiceDeploymentRecord, 'status'>): boolean {
  return ['PENDING', 'IN_PROGRESS', 'STOP_REQUESTED', 'ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS'].includes(status);
}

export function isRolling({ configuration }: Pick<ServiceDeploymentRecord, 'configuration'>): boolean {
  return (configuration.strategy ?? 'ROLLING') === 'ROLLING';
}
