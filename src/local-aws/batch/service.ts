import * as client from '@aws-sdk/client-batch';
import type { DeleteJobQueueRequest } from '@aws-sdk/client-batch';

import type { JsonObject } from '../../core/json.ts';
import { type JsonHandler, jsonService } from '../json-protocol.ts';
import type { Service, World } from '../service.ts';
import { workPlanner } from '../work/plan-work.ts';
import { computeEnvironmentHandlers } from './compute-environments.ts';
import { jobDefinitionHandlers } from './job-definitions.ts';
import { jobHandlers } from './jobs/handlers.ts';
import { JobRules, jobRuleProblems } from './jobs/job-rules.ts';
import { JobLifecycle } from './jobs/lifecycle.ts';
import { jobQueueHandlers } from './job-queues.ts';
import { batchArn, batchState, nameOf } from './state.ts';
import { tagHandlers } from './tags.ts';

/** AWS Batch: definitions, queues, compute environments, and jobs that do their work. */
export function batchService(world: World): Service {
  const state = batchState(world);
  const rules = new JobRules(world);
  const lifecycle = new JobLifecycle(state, rules, workPlanner(world, process.env));
  /** The ARN that IAM checks, from the member of the input that names the resource. */
  const resource = (kind: string, member: string) => (json: JsonObject, region: string) =>
    batchArn(world, region, `${kind}/${nameOf(String(json[member] ?? ''))}`);
  const environments = computeEnvironmentHandlers(state);
  const queues = jobQueueHandlers(state);
  /** A change that may give a place to jobs that have none. */
  const placing =
    (handler: JsonHandler): JsonHandler =>
    async (input, call) => {
      const output = await handler(input, call);
      lifecycle.findPlaces(call.region);
      return output;
    };
  return jsonService({
    name: 'batch',
    world,
    client,
    protocol: { type: 'restJson' },
    handlers: {
      ...environments,
      ...queues,
      UpdateComputeEnvironment: placing(environments.UpdateComputeEnvironment),
      UpdateJobQueue: placing(queues.UpdateJobQueue),
      DeleteJobQueue(input: DeleteJobQueueRequest, call) {
        const output = queues.DeleteJobQueue(input, call);
        lifecycle.abandon(call.region, batchArn(world, call.region, `job-queue/${nameOf(input.jobQueue ?? '')}`));
        return output;
      },
      ...jobHandlers(state, lifecycle),
      ...jobDefinitionHandlers(state),
      ...tagHandlers(state),
    },
    resources: {
      CreateComputeEnvironment: resource('compute-environment', 'computeEnvironmentName'),
      UpdateComputeEnvironment: resource('compute-environment', 'computeEnvironment'),
      DeleteComputeEnvironment: resource('compute-environment', 'computeEnvironment'),
      CreateJobQueue: resource('job-queue', 'jobQueueName'),
      UpdateJobQueue: resource('job-queue', 'jobQueue'),
      DeleteJobQueue: resource('job-queue', 'jobQueue'),
      RegisterJobDefinition: resource('job-definition', 'jobDefinitionName'),
      DeregisterJobDefinition: resource('job-definition', 'jobDefinition'),
      // SubmitJob needs both.
      SubmitJob: (json, region) => [
        resource('job-definition', 'jobDefinition')(json, region),
        resource('job-queue', 'jobQueue')(json, region),
      ],
      CancelJob: resource('job', 'jobId'),
      TerminateJob: resource('job', 'jobId'),
      GetJobQueueSnapshot: resource('job-queue', 'jobQueue'),
      TagResource: arnItself,
      UntagResource: arnItself,
      ListTagsForResource: arnItself,
    },
    snapshot: () => state.snapshot(),
    restore(snapshot) {
      state.restore(snapshot);
      lifecycle.resume();
    },
    reset() {
      state.reset();
      rules.reset();
      void lifecycle.forget();
    },
    stop: () => lifecycle.forget(),
    scenarioProblems,
  });
}

function arnItself(json: JsonObject): string {
  return String(json['resourceArn']);
}

function scenarioProblems({ unknownMembers, jobs, work, ...others }: JsonObject): string[] {
  const problems = Object.keys(others).map(
    (member) => `"batch" has no member "${member}", only "jobs", "unknownMembers" and "work".`,
  );
  if (unknownMembers !== undefined && unknownMembers !== 'keep' && unknownMembers !== 'drop') {
    problems.push('"batch.unknownMembers" must be "drop" or "keep".');
  }
  return [...problems, ...jobRuleProblems(jobs, work)];
}
