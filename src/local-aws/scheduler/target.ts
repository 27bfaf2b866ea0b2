import type { Target } from '@aws-sdk/client-scheduler';

import { type Constraints, validationException } from '../eventbridge/constraints.ts';
import type { ScheduleTarget } from './state.ts';

const ROLE_ARN = 'arn:aws(-[a-z]+)?:iam::\\d{12}:role\\/[\\w+=,.@\\/-]+';
const QUEUE_ARN = 'arn:aws(-[a-z]+)?:sqs:[a-z0-9\\-]+:\\d{12}:[a-zA-Z0-9\\-_]+';

const DEFAULT_RETRIES = 185;
const DEFAULT_AGE_S = 86_400;

/** What a target's templated parameters are for, and the services of all templated targets. */
const PARAMETERS_OF: Readonly<Record<string, string>> = {
  EcsParameters: 'ecs',
  EventBridgeParameters: 'events',
  KinesisParameters: 'kinesis',
  SageMakerPipelineParameters: 'sagemaker',
  SqsParameters: 'sqs',
};
const TEMPLATED_SERVICES = [
  ...Object.values(PARAMETERS_OF),
  ...['codebuild', 'codepipeline', 'firehose', 'inspector', 'lambda', 'sns', 'states'],
];

const UNIVERSAL_TARGET = /^arn:aws[a-z-]*:scheduler:::aws-sdk:([a-z0-9-]+):([a-zA-Z0-9.]+)$/;

/** The service and the API of `arn:aws:scheduler:::aws-sdk:batch:submitJob`; undefined for another target. */
export function universalTarget(arn: string): { service: string; api: string } | undefined {
  const match = UNIVERSAL_TARGET.exec(arn);
  return match === null ? undefined : { service: match[1]!, api: match[2]! };
}

export function constrainTarget(constraints: Constraints, target: Target | undefined): void {
  constraints.required('target', target);
  if (target === undefined) return;
  const { DeadLetterConfig: deadLetter, EcsParameters: ecs, RetryPolicy: retry } = target;
  constraints
    .required('target.arn', target.Arn)
    .text('target.arn', target.Arn, { max: 1600 })
    .required('target.roleArn', target.RoleArn)
    .text('target.roleArn', target.RoleArn, { max: 1600, pattern: ROLE_ARN })
    .text('target.input', target.Input, {})
    .text('target.deadLetterConfig.arn', deadLetter?.Arn, { max: 1600, pattern: QUEUE_ARN })
    .number('target.retryPolicy.maximumEventAgeInSeconds', retry?.MaximumEventAgeInSeconds, 60, DEFAULT_AGE_S)
    .number('target.retryPolicy.maximumRetryAttempts', retry?.MaximumRetryAttempts, 0, DEFAULT_RETRIES);
  if (ecs === undefined) return;
  constraints
    .required('target.ecsParameters.taskDefinitionArn', ecs.TaskDefinitionArn)
    .text('target.ecsParameters.taskDefinitionArn', ecs.TaskDefinitionArn, { max: 1600 })
    .number('target.ecsParameters.taskCount', ecs.TaskCount, 1, 10);
}

/**
 * What is checked of a target that meets the constraints. The texts are those of public records of calls to AWS.
 * @throws AwsError ValidationException
 */
export function checkTarget(target: Target, region: string): void {
  const arn = target.Arn!;
  const [, , service = '', arnRegion = ''] = arn.split(':');
  const universal = universalTarget(arn);
  if (!arn.startsWith('arn:')) throw validationException(`Invalid Arn: ${arn}.`);
  if (universal === undefined && !TEMPLATED_SERVICES.includes(service)) {
    throw validationException(`${service} is not a supported service for a target.`);
  }
  if (universal === undefined && arnRegion !== region) {
    throw validationException(`The target ARN provided does not match the current region ${region}.`);
  }
  for (const [parameters, owner] of Object.entries(PARAMETERS_OF)) {
    const isGiven = target[parameters as keyof Target] !== undefined;
    if (isGiven && owner !== service)
      throw validationException(`Parameters ${parameters} not supported for the target.`);
  }
  if (universal === undefined && service === 'ecs' && target.EcsParameters === undefined) {
    throw validationException('You must provide EcsParameters for an ECS target.');
  }
  if (universal !== undefined && target.Input === undefined) {
    throw validationException('You must provide an input to set this target for your schedule.');
  }
  if (target.Input !== undefined && !isJson(target.Input)) {
    throw validationException('JSON syntax error in input for the target.');
  }
  if (universal !== undefined && /^(get|describe|list)/.test(universal.api)) {
    throw validationException(`${universal.api} API is not supported.`);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** With what AWS fills in. */
export function completeTarget(target: Target): ScheduleTarget {
  const { MaximumEventAgeInSeconds = DEFAULT_AGE_S, MaximumRetryAttempts = DEFAULT_RETRIES } = target.RetryPolicy ?? {};
  return { ...target, RetryPolicy: { MaximumEventAgeInSeconds, MaximumRetryAttempts } } as ScheduleTarget;
}
