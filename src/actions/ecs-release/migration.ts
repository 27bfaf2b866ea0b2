import type { AwsSession } from '../../aws/session.ts';
import { DeployError, retold } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import type { Change } from '../../core/result.ts';
import { requestLines } from '../../plan/job-run/request-lines.ts';
import type { ActionContext } from '../context.ts';
import { markRejected } from '../ecs/mark-revision.ts';
import type { EcsReleaseInputs } from '../release-ecs-service.ts';
import type { RevisionToDeploy } from '../service-deploy/revision-to-deploy.ts';
import type { ServiceToDeploy } from '../service-deploy/service-to-deploy.ts';
import { planTaskRun, type TaskRunPlan } from '../task-run/plan-task-run.ts';
import { runTask } from '../task-run/run-task.ts';
import type { TaskRunRequest } from '../task-run/task-run-request.ts';

const POLL_MS = 5000;

export interface MigrationDone {
  changes: readonly Change[];
  outputs: { migrationTaskArns?: readonly string[]; migrationExitCode?: number | undefined };
  /** It did not succeed: nothing is to be deployed. */
  failure?: DeployError;
}

const NONE: MigrationDone = { changes: [], outputs: {} };

/**
 * What the migration of a release would be, so that it is known before anything is changed that it can run: its container is
 * there, and it is known where it runs (exit code 2).
 * @param taskDefinition an ARN, or a definition that is going to be registered
 * @returns undefined when there is none
 */
export async function planMigration(
  taskDefinition: string | JsonObject,
  target: ServiceToDeploy,
  inputs: EcsReleaseInputs,
  session: AwsSession,
  context: ActionContext,
): Promise<TaskRunPlan | undefined> {
  const request = migrationRequest(inputs, target, context);
  return request && planTaskRun({ ...request, taskDefinition }, session);
}

/**
 * Runs the migration with a revision that the service does not have yet, once: what an earlier run of the same step has
 * started is followed. A revision whose migration failed is tagged as rejected, so that no later one is made from it.
 */
export async function migrate(
  { arn, definition }: RevisionToDeploy,
  target: ServiceToDeploy,
  inputs: EcsReleaseInputs,
  session: AwsSession,
  context: ActionContext,
): Promise<MigrationDone> {
  const { progress } = context;
  const request = migrationRequest(inputs, target, context);
  if (!request) return NONE;
  if (arn !== undefined && target.kind === 'existing' && target.service.taskDefinition === arn) {
    progress.info(
      `${inputs.dryRun ? 'Would run no' : 'No'} migration: ${target.service.name} has ${labelOf(arn)} already`,
    );
    return NONE;
  }
  if (inputs.dryRun || arn === undefined) {
    return planned(await planTaskRun({ ...request, taskDefinition: arn ?? definition }, session), progress);
  }
  try {
    const run = await runTask({ ...request, taskDefinition: arn }, session, context);
    const outputs = { migrationTaskArns: run.taskArns, migrationExitCode: run.exitCode };
    if (!run.failure) return { changes: run.changes, outputs };
    context.signal.throwIfAborted();
    if (run.failure.exitCode === EXIT.failedNotRolledBack) await markRejected(arn, session, context);
    return { changes: run.changes, outputs, failure: notMigrated(run.failure, arn) };
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof DeployError)) throw error;
    return { ...NONE, failure: notMigrated(error, arn) };
  }
}

function planned({ family, input }: TaskRunPlan, progress: ActionContext['progress']): MigrationDone {
  const lines = requestLines(input);
  progress.step(`Would run the migration as a task of ${family}, before the deployment`);
  for (const line of lines) progress.info(`  ${line}`);
  const diff = lines.map((line) => `+ ${line}`);
  return { ...NONE, changes: [{ resource: `a task of ${family}`, kind: 'created', diff }] };
}

function migrationRequest(
  inputs: EcsReleaseInputs,
  target: ServiceToDeploy,
  { job }: ActionContext,
): Omit<TaskRunRequest, 'taskDefinition'> | undefined {
  const { cluster, migrationCommand: command, migrationContainer, container, migrationTimeout } = inputs;
  if (command === undefined) return undefined;
  return {
    cluster,
    ...(target.kind === 'existing' ? { service: inputs.service } : placementOf(target.settings)),
    container: migrationContainer ?? container,
    command,
    wait: true,
    timeout: migrationTimeout,
    pollInterval: inputs.pollInterval ?? POLL_MS,
    onTimeout: 'stop',
    onCancel: 'stop',
    key: job.workflowJobId,
  };
}

const LAUNCH_TYPES = ['FARGATE', 'EC2', 'EXTERNAL'] as const;

/** Where the tasks of a service run that is yet to be created, as its file says. */
function placementOf(settings: JsonObject): Partial<TaskRunRequest> {
  const { launchType, capacityProviderStrategy, platformVersion, networkConfiguration } = settings;
  const network = isJsonObject(networkConfiguration) ? networkConfiguration['awsvpcConfiguration'] : undefined;
  const { subnets, securityGroups, assignPublicIp } = isJsonObject(network) ? network : {};
  return {
    subnets: texts(subnets),
    securityGroups: texts(securityGroups),
    assignPublicIp: assignPublicIp === 'ENABLED' ? 'enabled' : 'keep',
    launchType: LAUNCH_TYPES.find((type) => type === launchType),
    capacityProviderStrategy,
    platformVersion: typeof platformVersion === 'string' ? platformVersion : undefined,
  };
}

function texts(list: JsonValue | undefined): string[] {
  return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : [];
}

function notMigrated(failure: DeployError, arn: string): DeployError {
  const isTime = failure.exitCode === EXIT.timedOut;
  return retold(failure, {
    title: `the migration did not succeed, so that ${labelOf(arn)} is registered and was not deployed: ${failure.title}`,
    hints: [
      ...(isTime ? ['The time for it is migration_timeout.'] : []),
      ...failure.hints.filter((hint) => !isTime || !hint.includes('raise timeout')),
      'No deployment was started.',
    ],
  });
}

/** `web:9` */
function labelOf(arn: string): string {
  return arn.split('/').at(-1) ?? arn;
}
