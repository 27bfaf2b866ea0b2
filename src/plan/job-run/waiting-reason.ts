/** Why AWS Batch keeps a job in RUNNABLE, in its own codes, and what helps. */
const EXPLANATIONS: readonly { code: string; means: string; todo: string }[] = [
  {
    code: 'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY',
    means: 'AWS has no instances of the wanted types now',
    todo: 'Allow more instance types or Availability Zones in the compute environment, or On-Demand instead of Spot.',
  },
  {
    code: 'MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE',
    means: 'the job needs more than a compute environment of the queue may ever have',
    todo: 'Raise maxvCpus of the compute environment, or ask for fewer vCPUs in the job definition.',
  },
  {
    code: 'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT',
    means: 'no instance type of the compute environments is large enough for the job',
    todo: 'Lower vCPUs, memory or GPUs in the job definition (an instance keeps some memory for itself), or allow larger instance types.',
  },
  {
    code: 'MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS',
    means: 'AWS Batch may not start instances: its service role lacks permissions',
    todo: 'Give the service role of the compute environment the policy AWSBatchServiceRole, or use the service-linked role.',
  },
];

/** The families of codes, for one that is newer than this list. */
const FAMILIES: readonly { code: string; means: string; todo: string }[] = [
  {
    code: 'MISCONFIGURATION',
    means: 'the job can not start as things are set up, however long it waits',
    todo: 'Look at the compute environments of the queue: state, maxvCpus, instance types, service role.',
  },
  {
    code: 'CAPACITY',
    means: 'there is no room for the job now',
    todo: 'Wait longer (runnable_timeout), or give the queue more capacity.',
  },
];

export interface WaitingReason {
  /** In AWS's words. */
  reason: string;
  /** What that means; undefined for a reason that explains itself. */
  means: string | undefined;
  /** What to do, a full sentence. */
  todo: string | undefined;
}

export function waitingReason(statusReason: string): WaitingReason {
  const known = [...EXPLANATIONS, ...FAMILIES].find(({ code }) => statusReason.startsWith(code));
  return { reason: statusReason, means: known?.means, todo: known?.todo };
}
