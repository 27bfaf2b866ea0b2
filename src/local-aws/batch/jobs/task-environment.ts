import type { World } from '../../service.ts';
import type { Job } from './job.ts';

export interface TaskPlace {
  world: World;
  queueName: string;
  computeEnvironment: string;
}

/**
 * The variables of an attempt: what ECS gives, then the definition's with the overrides, then Batch's own, which nothing
 * overrides. Its calls of AWS go to the local AWS, with the credentials of its job role.
 */
export function taskEnvironment(job: Job, { world, queueName, computeEnvironment }: TaskPlace): Record<string, string> {
  const { container, attempts = [], jobId, arrayProperties } = job.detail;
  const given = (container?.environment ?? []).flatMap(({ name, value }): [string, string][] =>
    name === undefined ? [] : [[name, value ?? '']],
  );
  const { jobRoleArn } = container ?? {};
  return {
    AWS_REGION: job.region,
    AWS_DEFAULT_REGION: job.region,
    AWS_ENDPOINT_URL: world.endpoint(),
    ...(jobRoleArn !== undefined && world.containerCredentials.environment(jobRoleArn, job.attempt!.taskId)),
    ...Object.fromEntries(given),
    AWS_BATCH_JOB_ID: jobId,
    AWS_BATCH_JOB_ATTEMPT: String(attempts.length + 1),
    AWS_BATCH_JQ_NAME: queueName,
    AWS_BATCH_CE_NAME: computeEnvironment,
    ...(arrayProperties?.index !== undefined && { AWS_BATCH_JOB_ARRAY_INDEX: String(arrayProperties.index) }),
  };
}
