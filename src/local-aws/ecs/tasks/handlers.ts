import type {
  DescribeTasksRequest,
  ListTasksRequest,
  RunTaskRequest,
  RunTaskResponse,
  StartTaskRequest,
  StopTaskRequest,
  StopTaskResponse,
} from '@aws-sdk/client-ecs';

import { stableStringify } from '../../../core/json.ts';
import type { JsonCall, JsonHandler } from '../../json-protocol.ts';
import { activeCluster } from '../clusters/cluster.ts';
import type { Rules } from '../scenario/rules.ts';
import { ecsArn, type EcsState, invalidParameter, lastPart } from '../state.ts';
import { describedTask, describeTasks } from './description.ts';
import { listTasks } from './listing.ts';
import { type ClientTokens, startedTasks } from './run-task.ts';
import type { TaskRunner } from './task-runner.ts';

const MAX_INSTANCES = 10;

export interface TaskParts {
  rules: Rules;
  runner: TaskRunner;
  tokens: ClientTokens;
}

export function taskHandlers(state: EcsState, { rules, runner, tokens }: TaskParts): Record<string, JsonHandler> {
  const run = (input: RunTaskRequest & Partial<StartTaskRequest>, call: JsonCall): RunTaskResponse => {
    const { tasks, failures } = startedTasks(state, rules, input, call);
    for (const task of tasks) runner.begin(task);
    if (input.clientToken !== undefined) tokens.remember(input.clientToken, stableStringify(call.json), tasks);
    return { tasks: tasks.map((task) => describedTask(task)), failures };
  };
  return {
    RunTask(input: RunTaskRequest, call): RunTaskResponse {
      const { clientToken } = input;
      const known = clientToken === undefined ? undefined : tokens.known(clientToken, stableStringify(call.json));
      if (known === undefined) return run(input, call);
      const { tasks } = state.region(call.region);
      return { tasks: known.flatMap((arn) => tasks.get(arn) ?? []).map((task) => describedTask(task)), failures: [] };
    },
    StartTask(input: StartTaskRequest, call) {
      const { containerInstances = [] } = input;
      if (containerInstances.length < 1 || containerInstances.length > MAX_INSTANCES) {
        throw invalidParameter(`1 to ${MAX_INSTANCES} container instances must be given.`);
      }
      return run({ ...input, launchType: 'EC2' }, call);
    },
    StopTask(input: StopTaskRequest, call): StopTaskResponse {
      const region = state.region(call.region);
      const { clusterName } = activeCluster(region, input.cluster);
      const task = region.tasks.get(
        ecsArn(state.world, call.region, `task/${clusterName}/${lastPart(input.task ?? '')}`),
      );
      if (task === undefined) throw invalidParameter('The referenced task was not found.');
      runner.stop(task, {
        stopCode: 'UserInitiated',
        stoppedReason: input.reason ?? 'Task stopped by user',
        isFailure: false,
      });
      return { task: describedTask(task) };
    },
    DescribeTasks: (input: DescribeTasksRequest, call) => describeTasks(state, input, call),
    ListTasks: (input: ListTasksRequest, call) => listTasks(state, input, call),
  };
}
