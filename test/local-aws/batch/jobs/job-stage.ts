import {
  type BatchClient,
  CreateComputeEnvironmentCommand,
  CreateJobQueueCommand,
  DescribeJobsCommand,
  type JobDetail,
  RegisterJobDefinitionCommand,
  type RegisterJobDefinitionCommandInput,
  SubmitJobCommand,
  type SubmitJobCommandInput,
} from '@aws-sdk/client-batch';

import type { JsonObject } from '../../../../src/core/json.ts';
import { type LocalAws, type LocalAwsOptions, startLocalAws } from '../../../../src/local-aws/server.ts';
import { batchClient } from '../../clients.ts';

/** A queue `q` on a compute environment `ce`, a definition `crawl`, and a clock that stands still. */
export interface JobStage {
  localAws: LocalAws;
  batch: BatchClient;
  /** Back to the start; with no real work, unless the scenario says so. */
  restart(scenario?: JsonObject): Promise<void>;
  register(input?: Partial<RegisterJobDefinitionCommandInput>): Promise<string>;
  /** Submits a job `job` of `crawl` to `q` and gives its ID. */
  submit(input?: Partial<SubmitJobCommandInput>): Promise<string>;
  describe(jobId: string): Promise<JobDetail>;
  /** Lets so many seconds pass. */
  pass(seconds: number): Promise<void>;
}

export async function startJobStage(options: LocalAwsOptions = {}): Promise<JobStage> {
  const localAws = await startLocalAws(options);
  const batch = batchClient(localAws);
  const register: JobStage['register'] = async (input = {}) => {
    const { jobDefinitionArn } = await batch.send(
      new RegisterJobDefinitionCommand({
        jobDefinitionName: 'crawl',
        type: 'container',
        containerProperties: { image: 'ghcr.io/acme/crawl:1', vcpus: 1, memory: 512 },
        ...input,
      }),
    );
    return jobDefinitionArn!;
  };
  return {
    localAws,
    batch,
    register,
    async restart(scenario = {}) {
      localAws.control.reset();
      localAws.control.setRate(0);
      localAws.control.setScenario({ ...scenario, batch: { work: [], ...(scenario['batch'] as object) } });
      await batch.send(
        new CreateComputeEnvironmentCommand({
          computeEnvironmentName: 'ce',
          type: 'MANAGED',
          computeResources: { type: 'EC2', maxvCpus: 16, subnets: ['subnet-1'], instanceRole: 'ecsInstanceRole' },
        }),
      );
      await batch.send(
        new CreateJobQueueCommand({
          jobQueueName: 'q',
          priority: 1,
          computeEnvironmentOrder: [{ order: 1, computeEnvironment: 'ce' }],
        }),
      );
      await register();
    },
    async submit(input = {}) {
      const { jobId } = await batch.send(
        new SubmitJobCommand({ jobName: 'job', jobQueue: 'q', jobDefinition: 'crawl', ...input }),
      );
      return jobId!;
    },
    async describe(jobId) {
      const { jobs } = await batch.send(new DescribeJobsCommand({ jobs: [jobId] }));
      if (jobs?.[0] === undefined) throw new Error(`there is no job ${jobId}`);
      return jobs[0];
    },
    pass: (seconds) => localAws.control.advance(seconds * 1000),
  };
}
