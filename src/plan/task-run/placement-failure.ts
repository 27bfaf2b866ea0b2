import { adviceOn, type Advice } from '../failure-text.ts';

/** What RunTask has in `failures`: AWS answers 200 with them. */
export interface PlacementFailure {
  reason: string;
  detail: string | undefined;
}

/** What helps, by the reason (ECS developer guide, "API failure reasons"). */
const HINTS: Advice = [
  [
    /^RESOURCE:(CPU|MEMORY|GPU|FPGA)/,
    'No instance of the cluster has room for the task: add capacity, wait for other tasks to end, or ask for less cpu and memory (overrides).',
  ],
  [/^RESOURCE:PORTS/, 'The host port that the task wants is taken on every instance: let ECS choose it (hostPort 0).'],
  [/^RESOURCE:ENI/, 'No instance has a network interface left: use larger instances, or ENI trunking.'],
  [/^AGENT/, 'The ECS agent of the instance is not connected: look at the agent, its role and its way to ECS.'],
  [
    /^ATTRIBUTE/,
    'No instance has what the task definition requires (requiresAttributes, placement constraints): look at operating system, processor, log driver and volumes.',
  ],
  [/^LOCATION/, 'The task is to run in another Availability Zone than the instances: look at its subnets.'],
  [
    /EMPTY CAPACITY PROVIDER|NO ACTIVE INSTANCES|No Container Instances/i,
    'The cluster has no instances: add some, or give launch_type FARGATE.',
  ],
  [/^MISSING/, 'What the task is to run on is not there: check the cluster and its instances.'],
  [/^INACTIVE/, 'The instance was taken out of the cluster: add another.'],
  [
    /Capacity is unavailable|insufficient.*capacity/i,
    'AWS has no capacity now: run it again later, or give subnets in more Availability Zones.',
  ],
];

/** Advice on what could not be placed, each once. */
export function placementHints(failures: readonly PlacementFailure[]): string[] {
  const said = failures.flatMap(({ reason, detail }) => [reason, detail]);
  return adviceOn(said, HINTS);
}

/** `RESOURCE:MEMORY`, with the detail that AWS gives, if any. */
export function placementText({ reason, detail }: PlacementFailure): string {
  return [reason, detail].filter((part) => part).join(', ');
}
