import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  ListTasksCommand,
  RunTaskCommand,
  StopTaskCommand,
  type ListTasksCommandInput,
  type RunTaskCommandInput,
  type Service,
} from '@aws-sdk/client-ecs';
import type { JsonObject } from '../../core/json.ts';
import type { TaskSnapshot } from '../../plan/rollout/observation.ts';
import type { ServicePlacement } from '../../plan/task-run/placement.ts';
import { bounded } from '../bounded-call.ts';
import type { EcsClients } from './clients.ts';
import { taskSnapshot } from './descriptions.ts';
import { clusterError } from './not-found.ts';
import type { ServicePlace } from './services.ts';
import { deployError } from '../errors.ts';
import { allPages } from '../pages.ts';
import { sendRawJson } from '../raw-json.ts';

/** What RunTask came to: AWS answers 200 also when it started nothing. */
export interface RunTaskAnswer {
  tasks: readonly TaskSnapshot[];
  failures: readonly { arn: string | undefined; reason: string; detail: string | undefined }[];
}

export interface TaskOperations {
  /** Tasks of a service; stopped ones are there for about an hour. */
  ofService(place: ServicePlace, status: 'RUNNING' | 'STOPPED', most?: number): Promise<TaskSnapshot[]>;
  /** Tasks that somebody started under a name, stopped ones included. */
  startedBy(cluster: string, startedBy: string): Promise<TaskSnapshot[]>;
  /** The tasks of these ARNs that there are. Not repeated, and the SDK's error is thrown as it came: who waits asks again. */
  poll(cluster: string, arns: readonly string[]): Promise<TaskSnapshot[]>;
  /** How a service runs its tasks; undefined when there is no such service. */
  placementOf(place: ServicePlace): Promise<ServicePlacement | undefined>;
  /**
   * Sends the request as it is. The token makes it start tasks only once, however often it is sent. An answer that does
   * not come in a minute is lost.
   */
  run(request: JsonObject & { cluster: string; clientToken: string }): Promise<RunTaskAnswer>;
  stop(cluster: string, arn: string, reason: string): Promise<void>;
}

/** DescribeTasks takes no more. */
const MOST_AT_ONCE = 100;

/** For RunTask with its repetitions. */
const LONGEST_RUN_MS = 60_000;

export function taskOperations({ client, polling }: EcsClients): TaskOperations {
  async function told<T>(call: string, cluster: string, resource: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw (await clusterError(cluster, client, error)) ?? deployError(error, `ecs:${call}`, resource);
    }
  }

  async function listed(
    input: ListTasksCommandInput & { cluster: string },
    resource: string,
    most?: number,
  ): Promise<string[]> {
    return told('ListTasks', input.cluster, resource, () =>
      allPages(async (nextToken) => {
        const page = await client.send(new ListTasksCommand({ ...input, maxResults: MOST_AT_ONCE, nextToken }));
        return { items: page.taskArns ?? [], nextToken: page.nextToken };
      }, most),
    );
  }

  async function described(cluster: string, arns: readonly string[], resource: string): Promise<TaskSnapshot[]> {
    const found: TaskSnapshot[] = [];
    for (let from = 0; from < arns.length; from += MOST_AT_ONCE) {
      const command = new DescribeTasksCommand({ cluster, tasks: arns.slice(from, from + MOST_AT_ONCE) });
      const answer = await told('DescribeTasks', cluster, resource, () => client.send(command));
      found.push(...(answer.tasks ?? []).map(taskSnapshot));
    }
    return found;
  }

  return {
    async ofService({ cluster, service }, desiredStatus, most) {
      const resource = `tasks of ${service} in ${cluster}`;
      // The filter takes a name only.
      const serviceName = service.split('/').at(-1) ?? service;
      const arns = await listed({ cluster, serviceName, desiredStatus }, resource, most);
      return described(cluster, most === undefined ? arns : arns.slice(0, most), resource);
    },
    async startedBy(cluster, startedBy) {
      const resource = `tasks of ${startedBy} in ${cluster}`;
      // Without a status, ECS lists only those that are to run. Other filters it takes not with this one (aws-sdk-go-v2 #1893).
      const running = await listed({ cluster, startedBy }, resource);
      const stopped = await listed({ cluster, startedBy, desiredStatus: 'STOPPED' }, resource);
      return described(cluster, [...new Set([...running, ...stopped])], resource);
    },
    async poll(cluster, arns) {
      if (arns.length === 0) return [];
      const answer = await bounded(polling.send(new DescribeTasksCommand({ cluster, tasks: [...arns] })));
      return (answer.tasks ?? []).map(taskSnapshot);
    },
    async placementOf({ cluster, service }) {
      const command = new DescribeServicesCommand({ cluster, services: [service] });
      const answer = await told('DescribeServices', cluster, `${service} in ${cluster}`, () => client.send(command));
      const [found] = answer.services ?? [];
      return found && servicePlacement(found);
    },
    async run(request) {
      const command = new RunTaskCommand(request as unknown as RunTaskCommandInput);
      sendRawJson(command, request);
      const resource = String(request['taskDefinition'] ?? 'the task');
      const answer = await told('RunTask', request.cluster, resource, () =>
        bounded(client.send(command), LONGEST_RUN_MS),
      );
      return {
        tasks: (answer.tasks ?? []).map(taskSnapshot),
        failures: (answer.failures ?? []).map(({ arn, reason, detail }) => ({
          arn,
          reason: reason ?? 'UNKNOWN',
          detail,
        })),
      };
    },
    async stop(cluster, arn, reason) {
      const command = new StopTaskCommand({ cluster, task: arn, reason });
      await told('StopTask', cluster, arn, () => client.send(command));
    },
  };
}

/** Where CodeDeploy drives a service, its primary task set says what the service itself leaves out. */
function servicePlacement(service: Service): ServicePlacement {
  const primary = service.taskSets?.find(({ status }) => status === 'PRIMARY');
  const { networkConfiguration, launchType, capacityProviderStrategy, platformVersion } = { ...primary, ...service };
  return {
    name: service.serviceName ?? '',
    status: service.status ?? '',
    taskDefinition: service.taskDefinition ?? primary?.taskDefinition ?? '',
    networkConfiguration: networkConfiguration as JsonObject | undefined,
    launchType,
    capacityProviderStrategy: (capacityProviderStrategy ?? []) as unknown as JsonObject[],
    platformVersion,
  };
}
