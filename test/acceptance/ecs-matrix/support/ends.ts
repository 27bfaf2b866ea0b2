import {
  StopServiceDeploymentCommand,
  type DeploymentConfiguration,
  type ServiceDeploymentStatus,
  type StopServiceDeploymentStopType,
} from '@aws-sdk/client-ecs';
import type { ExitCode } from '../../../../src/core/exit-codes.ts';
import type { JsonObject } from '../../../../src/core/json.ts';
import type { EcsStage } from '../../../local-aws/ecs/ecs-stage.ts';
import type { DrivingClock } from '../../../support/driving-clock.ts';
import { hookStage, type Strategy } from './strategies.ts';

export type Others = (stage: EcsStage, clock: DrivingClock) => void;

/** One way in which a deployment goes and ends: what makes it go so, and what there is to be then. */
export interface End {
  name: string;
  /** Why AWS does not have it with a strategy. */
  impossible?(strategy: Strategy): string | undefined;
  /** What the service has beside its strategy. */
  configuration?(strategy: Strategy): DeploymentConfiguration;
  /** The `ecs` part of the scenario. */
  scenario?(strategy: Strategy): JsonObject;
  /** What others do meanwhile. */
  others?: Others;
  /** Flags of deploy-service. */
  flags?: readonly string[];

  exitCode: ExitCode;
  deploymentStatus: string;
  /** What AWS says of our deployment in the end; undefined when it forgets it, with the service. */
  aws: ServiceDeploymentStatus | undefined;
  /** Whose tasks run then; undefined while they are being replaced or taken away. */
  runs?: 'new' | 'old';
  /** Which revision is PRIMARY then; undefined for a service that is gone. */
  primary: 'new' | 'old' | undefined;
  tag?: 'verified' | 'rejected' | undefined;
  /** What is different when only the service may be seen, not its service deployments. */
  fromService?: Pick<End, 'deploymentStatus' | 'tag'>;
  /** How many deployments others start. */
  othersStart?: number;
}

const BREAKER: DeploymentConfiguration = { deploymentCircuitBreaker: { enable: true, rollback: true } };
const ALARM: DeploymentConfiguration = { alarms: { alarmNames: ['5xx'], enable: true, rollback: true } };
const LAMBDA = 'arn:aws:lambda:eu-central-1:123456789012:function:check';
const HOOK_ROLE = 'arn:aws:iam::123456789012:role/hooks';

const onlyRolling = (strategy: Strategy): string | undefined =>
  strategy === 'ROLLING' ? undefined : 'the circuit breaker is for rolling updates (API reference)';
const onlyShifting = (strategy: Strategy): string | undefined =>
  strategy === 'ROLLING' ? 'a rolling update without hooks has no stages' : undefined;

const tasks = (rule: JsonObject) => (): JsonObject => ({ tasks: [{ match: 'web:2', ...rule }] });
const deployments = (rule: JsonObject) => (): JsonObject => ({ deployments: [{ match: 'web:2', ...rule }] });
const lambdaHook = (strategy: Strategy): DeploymentConfiguration => ({
  lifecycleHooks: [{ hookTargetArn: LAMBDA, roleArn: HOOK_ROLE, lifecycleStages: [hookStage(strategy)] }],
});
const pauseHook = (strategy: Strategy): DeploymentConfiguration => ({
  lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: [hookStage(strategy)] }],
});
const stuck = (strategy: Strategy): JsonObject =>
  deployments({ stuck: strategy === 'ROLLING' ? 'ROLLOUT' : 'TEST_TRAFFIC_SHIFT' })();

function stop(stopType: StopServiceDeploymentStopType): Others {
  return (stage, clock) => {
    clock.at(25_000, async () => {
      const { serviceDeploymentArn } = await stage.deployment();
      await stage.ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType }));
    });
  };
}

const SUCCEEDED = {
  exitCode: 0,
  deploymentStatus: 'SUCCEEDED',
  aws: 'SUCCESSFUL',
  runs: 'new',
  primary: 'new',
  tag: 'verified',
} as const;
const ROLLED_BACK = {
  exitCode: 9,
  deploymentStatus: 'ROLLED_BACK',
  aws: 'ROLLBACK_SUCCESSFUL',
  runs: 'old',
  primary: 'old',
  tag: 'rejected',
} as const;
const FAILED = { exitCode: 10, deploymentStatus: 'FAILED', aws: 'STOPPED', primary: 'new', tag: 'rejected' } as const;
const TIMED_OUT = { exitCode: 8, deploymentStatus: 'TIMED_OUT', aws: 'IN_PROGRESS', primary: 'new' } as const;
const SUPERSEDED = { exitCode: 11, deploymentStatus: 'SUPERSEDED', aws: 'STOPPED', othersStart: 1 } as const;
const UNDER_WAY = { aws: 'IN_PROGRESS', primary: 'new' } as const;

/** What all others are measured by. */
export const SUCCESS: End = { name: 'success', ...SUCCEEDED };

export const ENDS: readonly End[] = [
  SUCCESS,
  { name: 'success with a bake time that alarms watch', configuration: () => ALARM, ...SUCCEEDED },
  {
    name: 'an alarm that was on before, which ECS does not watch',
    configuration: () => ALARM,
    scenario: deployments({ alarm: { atStart: true } }),
    ...SUCCEEDED,
  },
  {
    name: 'tasks that crash',
    impossible: onlyRolling,
    configuration: () => BREAKER,
    scenario: tasks({ exit: { after: '2s', exitCode: 3 } }),
    ...ROLLED_BACK,
  },
  {
    name: 'an image that can’t be pulled',
    impossible: onlyRolling,
    configuration: () => BREAKER,
    scenario: tasks({ failToStart: 'CannotPullContainerError: not found' }),
    ...ROLLED_BACK,
  },
  {
    name: 'tasks that are never healthy',
    impossible: onlyRolling,
    configuration: () => BREAKER,
    scenario: tasks({ health: 'never' }),
    ...ROLLED_BACK,
  },
  {
    name: 'no capacity',
    impossible: onlyRolling,
    configuration: () => BREAKER,
    scenario: tasks({ noCapacity: 'RESOURCE:MEMORY' }),
    ...ROLLED_BACK,
  },
  {
    name: 'tasks that crash, and a breaker that does not roll back',
    impossible: onlyRolling,
    configuration: () => ({ deploymentCircuitBreaker: { enable: true, rollback: false } }),
    scenario: tasks({ exit: { after: '2s', exitCode: 3 } }),
    ...FAILED,
    runs: 'old',
  },
  {
    name: 'no capacity, and nobody who gives it up',
    scenario: tasks({ noCapacity: 'RESOURCE:MEMORY' }),
    flags: ['--timeout', '3m'],
    ...TIMED_OUT,
    runs: 'old',
  },
  {
    name: 'a failure that ECS finds and rolls back',
    scenario: deployments({ fails: { after: '30s', reason: 'The target group is gone.' } }),
    ...ROLLED_BACK,
  },
  {
    name: 'a failure that ECS finds and leaves',
    scenario: deployments({ fails: { after: '10s', reason: 'The target group is gone.', rollback: false } }),
    ...FAILED,
    deploymentStatus: 'STOPPED',
    tag: undefined,
    fromService: { deploymentStatus: 'FAILED', tag: 'rejected' },
  },
  {
    name: 'an alarm',
    configuration: () => ALARM,
    scenario: deployments({ alarm: { after: '30s' } }),
    ...ROLLED_BACK,
  },
  {
    name: 'an alarm that does not roll back',
    configuration: () => ({ alarms: { alarmNames: ['5xx'], enable: true, rollback: false } }),
    scenario: deployments({ alarm: { after: '30s' } }),
    ...FAILED,
  },
  {
    name: 'an alarm, and a rollback that fails',
    configuration: () => ALARM,
    scenario: deployments({ alarm: { after: '30s' }, rollback: 'fails' }),
    ...FAILED,
    aws: 'ROLLBACK_FAILED',
    primary: 'old',
  },
  {
    name: 'a hook that fails',
    configuration: lambdaHook,
    scenario: deployments({ hooks: [{ results: ['IN_PROGRESS', 'FAILED'] }] }),
    ...ROLLED_BACK,
  },
  {
    name: 'a hook that answers nonsense',
    configuration: lambdaHook,
    scenario: deployments({ hooks: [{ results: ['INVALID'] }] }),
    ...ROLLED_BACK,
  },
  { name: 'a hook that lets it pass', configuration: lambdaHook, ...SUCCEEDED },
  {
    name: 'a pause that nobody ends',
    configuration: pauseHook,
    exitCode: 12,
    deploymentStatus: 'PAUSED',
    ...UNDER_WAY,
  },
  {
    name: 'a pause that was asked for',
    configuration: pauseHook,
    flags: ['--wait-until', 'paused'],
    exitCode: 0,
    deploymentStatus: 'PAUSED',
    ...UNDER_WAY,
  },
  {
    name: 'a stage that was asked for',
    impossible: onlyShifting,
    flags: ['--wait-until', 'BAKE_TIME'],
    exitCode: 0,
    deploymentStatus: 'BAKING',
    ...UNDER_WAY,
  },
  {
    name: 'no wait at all',
    flags: ['--wait-until', 'none'],
    exitCode: 0,
    deploymentStatus: 'GOING',
    aws: 'PENDING',
    runs: 'old',
    primary: 'new',
  },
  { name: 'no end in time', scenario: stuck, flags: ['--timeout', '2m'], ...TIMED_OUT },
  {
    name: 'no end in time, stopped',
    scenario: stuck,
    flags: ['--timeout', '2m', '--on-timeout', 'stop'],
    exitCode: 10,
    deploymentStatus: 'STOPPED',
    aws: 'STOPPED',
    primary: 'new',
  },
  {
    name: 'no end in time, rolled back',
    scenario: stuck,
    flags: ['--timeout', '2m', '--on-timeout', 'rollback'],
    ...ROLLED_BACK,
  },
  {
    name: 'another revision that somebody deploys meanwhile',
    scenario: deployments({ superseded: { after: '20s', taskDefinition: 'web:1' } }),
    ...SUPERSEDED,
    primary: 'old',
  },
  {
    name: 'the same revision that somebody deploys meanwhile',
    scenario: deployments({ superseded: { after: '20s' } }),
    ...SUPERSEDED,
    primary: 'new',
  },
  {
    name: 'a service that is deleted',
    scenario: deployments({ deleted: { after: '20s' } }),
    exitCode: 10,
    deploymentStatus: 'FAILED',
    aws: undefined,
    primary: undefined,
  },
  { name: 'somebody who rolls it back', others: stop('ROLLBACK'), ...ROLLED_BACK },
  {
    name: 'somebody who stops it',
    others: stop('ABORT'),
    exitCode: 10,
    deploymentStatus: 'STOPPED',
    aws: 'STOPPED',
    primary: 'new',
  },
];
