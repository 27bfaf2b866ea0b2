import type { Inputs, Outputs, Params } from '../params/declaration.ts';
import { STAGES } from '../plan/rollout/stage.ts';

/** Which service an action is for. */
export const serviceParams = {
  cluster: {
    type: 'string',
    required: true,
    pattern: /^(arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:cluster\/)?[A-Za-z0-9_-]{1,255}$/,
    patternHint: 'the name or the ARN of a cluster',
    description: 'Name or ARN of the ECS cluster.',
  },
  service: {
    type: 'string',
    required: true,
    pattern: /^(arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:service\/([A-Za-z0-9_-]+\/)?)?[A-Za-z0-9_-]{1,255}$/,
    patternHint: 'the name or the ARN of a service',
    description: 'Name or ARN of the ECS service.',
  },
} as const satisfies Params;

/** A deployment that is there already. */
export const deploymentParam = {
  type: 'string',
  pattern: /^(ecs-svc\/\d+|arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:service-deployment\/[\w/-]+)$/,
  patternHint: 'ecs-svc/1234567890123456789 or the ARN of a service deployment',
  description:
    'Id of the deployment, or ARN of the service deployment. Empty: the one that this workflow started, else the one in flight.',
} as const;

/** How a deployment is waited for. */
export const followParams = {
  waitUntil: {
    type: 'enum',
    values: ['stable', 'paused', 'none', ...STAGES],
    default: 'stable',
    description:
      'Until when to wait: stable is the end; paused a hook that waits for an approval; none not at all; or a stage such as BAKE_TIME.',
  },
  timeout: { type: 'duration', default: '30m', description: 'Longest time for the whole wait.' },
  pollInterval: {
    type: 'duration',
    advanced: true,
    description: 'Pause between two looks, at least 1s. Empty: 5s, growing to 15s.',
  },
} as const satisfies Params;

/** What becomes of a deployment that is no longer waited for. */
export const leaveParams = {
  onTimeout: {
    type: 'enum',
    values: ['leave', 'stop', 'rollback'],
    default: 'leave',
    advanced: true,
    description:
      'What happens to the deployment when the time is over: let it go on, stop it, or have ECS roll it back.',
  },
  onCancel: {
    type: 'enum',
    values: ['leave', 'stop', 'rollback'],
    default: 'leave',
    advanced: true,
    description: 'The same for when this step is canceled.',
  },
} as const satisfies Params;

export const markVerifiedParam = {
  type: 'boolean',
  default: true,
  advanced: true,
  description:
    'Tag the revision: as verified after a proven success, so that a rollback can go back to it, as rejected after a failure.',
} as const;

export type ServiceInputs = Inputs<typeof serviceParams>;
export type FollowInputs = Inputs<typeof followParams>;
export type LeaveInputs = Inputs<typeof leaveParams>;

/** What every action tells that has followed a deployment. */
export const deploymentOutputs = {
  serviceArn: { type: 'string', description: 'ARN of the service.' },
  deploymentId: { type: 'string', description: 'Id of the deployment, ecs-svc/….' },
  serviceDeploymentArn: { type: 'string', description: 'ARN of the service deployment.' },
  deploymentStatus: {
    type: 'string',
    description:
      'SUCCEEDED, ROLLED_BACK, STOPPED, FAILED, SUPERSEDED or TIMED_OUT; while it goes on GOING, BAKING, PAUSED, STOPPING or ROLLING_BACK.',
  },
  stage: { type: 'string', description: 'Stage of the deployment when it was seen last; rolling updates have none.' },
  taskDefinitionArn: { type: 'string', description: 'ARN of the revision that was deployed.' },
  digests: {
    type: 'list',
    description: 'What the running tasks report, CONTAINER=DIGEST, as far as it was proven.',
  },
  verified: { type: 'boolean', description: 'Whether the revision is tagged as verified now.' },
  hookId: { type: 'string', description: 'The hook that waits for an approval, when the deployment is paused.' },
} as const satisfies Outputs;
