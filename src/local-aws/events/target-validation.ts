import type { Target } from '@aws-sdk/client-eventbridge';

import { Constraints, validationException } from '../eventbridge/constraints.ts';

const ID = { max: 64, pattern: '[\\.\\-_A-Za-z0-9]+' };
const ARN = /^arn:aws[a-z-]*:([a-z0-9-]+):([a-z0-9-]*):(\d{12})?:(.+)$/;

/** Which services' targets a block of parameters is for; blocks that are not here go with any. */
const PARAMETERS_OF: Readonly<Record<string, readonly string[]>> = {
  AppSyncParameters: ['appsync'],
  BatchParameters: ['batch'],
  EcsParameters: ['ecs'],
  HttpParameters: ['events', 'execute-api'],
  KinesisParameters: ['kinesis'],
  RedshiftDataParameters: ['redshift', 'redshift-serverless'],
  RunCommandParameters: ['ssm'],
  SageMakerPipelineParameters: ['sagemaker'],
};
/** Services that EventBridge reaches only in a role. */
const NEED_ROLE = ['batch', 'codebuild', 'codepipeline', 'ecs', 'firehose', 'kinesis', 'ssm', 'states'];

/**
 * What AWS refuses the whole call for. Whether a Batch job's definition and queue exist, it finds out when the rule runs.
 * The texts are those of public records of calls to AWS.
 * @throws AwsError ValidationException
 */
export function checkTargets(targets: readonly Target[], region: string): void {
  const constraints = new Constraints();
  targets.forEach((target, index) => constrain(constraints, `targets.${index + 1}.member`, target));
  constraints.check();
  const ids = targets.map(({ Id }) => Id!);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) {
    throw validationException(
      `Parameter targets is not valid. Reason: More than one target with Id '${twice}' is provided.`,
    );
  }
  for (const target of targets) checkTarget(target, region);
}

function constrain(constraints: Constraints, at: string, target: Target): void {
  const { BatchParameters: batch, EcsParameters: ecs, RetryPolicy: retry } = target;
  constraints
    .required(`${at}.id`, target.Id)
    .text(`${at}.id`, target.Id, ID)
    .required(`${at}.arn`, target.Arn)
    .text(`${at}.arn`, target.Arn, { max: 1600 })
    .text(`${at}.roleArn`, target.RoleArn, { max: 1600 })
    .text(`${at}.input`, target.Input, { min: 0, max: 8192 })
    .number(`${at}.retryPolicy.maximumEventAgeInSeconds`, retry?.MaximumEventAgeInSeconds, 60, 86_400)
    .number(`${at}.retryPolicy.maximumRetryAttempts`, retry?.MaximumRetryAttempts, 0, 185);
  if (ecs !== undefined) {
    constraints
      .required(`${at}.ecsParameters.taskDefinitionArn`, ecs.TaskDefinitionArn)
      .text(`${at}.ecsParameters.taskDefinitionArn`, ecs.TaskDefinitionArn, { max: 1600 })
      .number(`${at}.ecsParameters.taskCount`, ecs.TaskCount, 1, 10);
  }
  if (batch === undefined) return;
  constraints
    .required(`${at}.batchParameters.jobDefinition`, batch.JobDefinition)
    .required(`${at}.batchParameters.jobName`, batch.JobName);
}

function checkTarget(target: Target, region: string): void {
  const { Id: id, Arn: arn = '' } = target;
  const [, service = ''] = ARN.exec(arn) ?? [];
  if (service === '') {
    throw validationException(`Parameter ${arn} is not valid. Reason: Provided Arn is not in correct format.`);
  }
  for (const [parameters, owners] of Object.entries(PARAMETERS_OF)) {
    if (target[parameters as keyof Target] !== undefined && !owners.includes(service)) {
      throw validationException(`Parameter(s) ${parameters} not supported for target: ${id}.`);
    }
  }
  if (NEED_ROLE.includes(service) && target.RoleArn === undefined) {
    throw validationException(`RoleArn is required for target ${arn}.`);
  }
  if (service === 'batch') checkBatch(target);
  if (service === 'ecs' && target.EcsParameters === undefined) {
    throw validationException(`Parameter(s) EcsParameters must be specified for target: ${id}.`);
  }
  checkInput(target);
  checkDeadLetters(target, region);
}

function checkBatch({ Id: id, BatchParameters: batch }: Target): void {
  if (batch === undefined)
    throw validationException(`Parameter(s) BatchParameters must be specified for target: ${id}.`);
  const size = batch.ArrayProperties?.Size;
  if (size !== undefined && !(size >= 2 && size <= 10_000)) {
    throw validationException('Parameter ArrayProperties is not valid. Reason: Size must be in between 2 and 10000.');
  }
  const attempts = batch.RetryStrategy?.Attempts;
  if (attempts !== undefined && !(attempts >= 1 && attempts <= 10)) {
    throw validationException('Parameter RetryStrategy is not valid. Reason: Attempts must be in between 1 and 10.');
  }
}

function checkInput({ Id: id, Input: input, InputPath: path, InputTransformer: transformer }: Target): void {
  if ([input, path, transformer].filter((one) => one !== undefined).length > 1) {
    throw validationException(`Only one of Input, InputPath, or InputTransformer must be provided for target ${id}.`);
  }
  if (input === undefined) return;
  try {
    JSON.parse(input);
  } catch {
    throw validationException(`JSON syntax error in input for target ${id}.`);
  }
}

function checkDeadLetters({ DeadLetterConfig: config }: Target, region: string): void {
  const arn = config?.Arn;
  if (arn === undefined) return;
  const [, service = '', queueRegion = ''] = ARN.exec(arn) ?? [];
  if (service !== 'sqs') throw validationException(`${service} is not supported as a dead letter resource.`);
  if (arn.endsWith('.fifo')) throw validationException('SQS FIFO is not supported by Dead Letter Queues.');
  if (queueRegion !== region) {
    throw validationException(`The dead-letter queue ${arn} is not in the region ${region} of the rule.`);
  }
}
