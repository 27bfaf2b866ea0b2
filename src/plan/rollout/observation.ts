/**
 * What AWS tells about a service and its deployments, as far as a verdict needs it. Times are milliseconds since the
 * epoch, by AWS's clock.
 */

/** A service as DescribeServices tells it. */
export interface ServiceSnapshot {
  arn: string;
  name: string;
  clusterArn: string;
  /** ACTIVE, or DRAINING and INACTIVE for one that was deleted. */
  status: string;
  taskDefinition: string;
  /** ECS, CODE_DEPLOY or EXTERNAL: who carries deployments out. */
  controller: string;
  /** ROLLING where AWS says nothing. */
  strategy: string;
  /** Does AWS roll a failed deployment back by itself? */
  rollsBack: boolean;
  desiredCount: number;
  runningCount: number;
  pendingCount: number;
  deployments: readonly DeploymentSnapshot[];
  /** ARN of a service deployment. AWS may still name the one before (kayac/ecspresso pull request 945). */
  currentServiceDeployment: string | undefined;
  /** The newest 100, the newest first. */
  events: readonly ServiceEvent[];
}

/** An entry of `deployments[]`. */
export interface DeploymentSnapshot {
  /** `ecs-svc/1234567890123456789`; tasks name it as who started them. */
  id: string;
  /** PRIMARY for the one that the service is to have, ACTIVE for those that it still has. */
  status: string;
  taskDefinition: string;
  /** IN_PROGRESS, COMPLETED or FAILED; told for rolling updates that aren't behind a Classic Load Balancer. */
  rolloutState: string | undefined;
  rolloutStateReason: string | undefined;
  desiredCount: number;
  runningCount: number;
  pendingCount: number;
  failedTasks: number;
  createdAt: number | undefined;
}

export interface ServiceEvent {
  id: string;
  createdAt: number;
  message: string;
}

/** A service deployment as DescribeServiceDeployments tells it; AWS has them since October 2024. */
export interface ServiceDeployment {
  arn: string;
  /** PENDING, IN_PROGRESS, SUCCESSFUL, STOP_REQUESTED, STOPPED, ROLLBACK_REQUESTED, …_IN_PROGRESS, …_SUCCESSFUL or …_FAILED. */
  status: string;
  statusReason: string | undefined;
  /** Undefined for rolling updates. */
  stage: string | undefined;
  createdAt: number | undefined;
  finishedAt: number | undefined;
  target: RevisionCounts;
  sources: readonly RevisionCounts[];
  hooks: readonly LifecycleHook[];
  breaker: CircuitBreaker | undefined;
  alarms: DeploymentAlarms | undefined;
  rollback: { reason: string | undefined; revisionArn: string | undefined } | undefined;
  bakeMinutes: number | undefined;
}

/** How far a service revision is: tasks, and the share of the traffic in percent. */
export interface RevisionCounts {
  arn: string;
  requested: number;
  running: number;
  pending: number;
  productionWeight: number | undefined;
  testWeight: number | undefined;
}

export interface LifecycleHook {
  id: string;
  /** AWS_LAMBDA or PAUSE. */
  kind: string;
  /** ARN of the function; a pause has none. */
  target: string | undefined;
  /** AWAITING_ACTION, IN_PROGRESS, SUCCEEDED, FAILED or TIMED_OUT. */
  status: string;
  expiresAt: number | undefined;
  /** CONTINUE or ROLLBACK. */
  timeoutAction: string | undefined;
}

export interface CircuitBreaker {
  /** TRIGGERED, MONITORING, MONITORING_COMPLETE or DISABLED. */
  status: string;
  failureCount: number;
  threshold: number;
}

export interface DeploymentAlarms {
  /** As that of the circuit breaker. */
  status: string;
  triggered: readonly string[];
}

/** A service deployment as ListServiceDeployments tells it. */
export interface ListedServiceDeployment {
  arn: string;
  targetRevisionArn: string;
  status: string;
  createdAt: number;
}

/** What a service revision says about the images that it runs. */
export interface ServiceRevision {
  arn: string;
  taskDefinition: string;
  images: readonly { container: string; image: string; digest: string | undefined }[];
}

/** A task as DescribeTasks tells it. */
export interface TaskSnapshot {
  arn: string;
  taskDefinition: string;
  /** The id of the deployment that started it; something else for a task that no service started. */
  startedBy: string | undefined;
  lastStatus: string;
  desiredStatus: string;
  healthStatus: string | undefined;
  stopCode: string | undefined;
  stoppedReason: string | undefined;
  createdAt: number | undefined;
  startedAt: number | undefined;
  stoppedAt: number | undefined;
  containers: readonly TaskContainer[];
}

export interface TaskContainer {
  name: string;
  image: string | undefined;
  digest: string | undefined;
  lastStatus: string;
  exitCode: number | undefined;
  reason: string | undefined;
}
