import type { JsonObject, JsonValue } from '../../core/json.ts';

/** What happens to tasks that are no longer waited for. */
export type LeaveTasks = 'stop' | 'leave';

/** A task that is to run once. What is left out is as the service has it, or as AWS has it by default. */
export interface TaskRunRequest {
  /** Name or ARN. */
  cluster: string;
  /** Name or ARN of the service whose tasks it is to be like. */
  service?: string | undefined;
  /** A family (its newest revision), `family:revision` or an ARN; undefined: what the service runs. */
  taskDefinition: string | undefined;
  /** For whom command and environment are, and whose exit code counts. */
  container?: string | undefined;
  command?: readonly string[] | undefined;
  environment?: Readonly<Record<string, string>> | undefined;
  subnets?: readonly string[] | undefined;
  securityGroups?: readonly string[] | undefined;
  assignPublicIp?: 'keep' | 'enabled' | 'disabled' | undefined;
  launchType?: 'keep' | 'FARGATE' | 'EC2' | 'EXTERNAL' | undefined;
  /** As RunTask takes it. */
  capacityProviderStrategy?: JsonValue | undefined;
  platformVersion?: string | undefined;
  /** How many tasks; 1 when left out. */
  count?: number | undefined;
  /** As RunTask takes them. */
  overrides?: JsonValue | undefined;
  /** Follow the tasks to their end; otherwise it is success when they are started. */
  wait: boolean;
  /** Containers whose output is shown; when there are none, that of the container that counts. */
  logs?: readonly string[] | undefined;
  /** Milliseconds. */
  timeout: number;
  /** Milliseconds. */
  pollInterval: number;
  onTimeout: LeaveTasks;
  onCancel: LeaveTasks;
  /** The same key, and the same work, is the same run; undefined: a run of its own. */
  key: string | undefined;
}

/** The same for a look ahead: the task definition may be one that is not registered yet. */
export type TaskRunWish = Omit<TaskRunRequest, 'taskDefinition'> & { taskDefinition: string | JsonObject | undefined };
