import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import type { Change } from '../../core/result.ts';
import type { OutputValues } from '../../params/declaration.ts';
import { deploymentId, type KnownDeployment } from '../../plan/rollout/attach.ts';
import type { ServiceSnapshot } from '../../plan/rollout/observation.ts';
import { isOngoing } from '../../plan/rollout/started-deployment.ts';
import { eventsBefore } from '../../plan/rollout/telling/service-events.ts';
import { nameOf } from '../../plan/service-rollback/candidates.ts';
import { decideRollback, type RollbackDecision, type RollbackSituation } from '../../plan/service-rollback/decide.ts';
import { taskDefinitionTag } from '../../plan/task-definition/tags.ts';
import type { ActionContext } from '../context.ts';
import { judgeDeployment, type JudgedDeployment, type JudgeRequest } from '../ecs/judge-deployment.ts';
import type { RollbackServiceOutputs } from '../rollback-service.ts';
import { attach } from '../service/find-deployment.ts';
import { findTarget } from './find-target.ts';
import { changeOf, markFinished, planRestore, restore } from './restore.ts';
import { seeSituation } from './situation.ts';
import { takeBack } from './take-back.ts';

export interface ServiceRollbackRequest extends Pick<
  JudgeRequest,
  'place' | 'goal' | 'timeout' | 'pollInterval' | 'onTimeout' | 'onCancel'
> {
  /** `family:revision` or ARN; undefined: what is in flight is rolled back, else the last verified revision is deployed. */
  to: string | undefined;
  dryRun: boolean;
}

export interface RolledBackService {
  service: ServiceSnapshot;
  status: 'changed' | 'unchanged' | 'planned';
  changes: readonly Change[];
  outputs: OutputValues<RollbackServiceOutputs>;
  /** Undefined when the service is back. */
  failure: DeployError | undefined;
}

/**
 * Takes a service back: what is in flight by ECS, else by a deployment of the last verified revision. Run again it goes on
 * with what it has begun, and not further back. Throws (exit code 2, 3, 4 or 5) before anything is changed.
 */
export async function rollBackService(
  request: ServiceRollbackRequest,
  session: AwsSession,
  context: ActionContext,
): Promise<RolledBackService> {
  const situation = await seeSituation(request.place, request.to, session, context);
  const decision = decideRollback(situation);
  const work = { request, situation, session, context };
  switch (decision.kind) {
    case 'follow':
      return follow(decision, work);
    case 'taken-back':
      return followTakenBack(decision.deployment, work);
    case 'stop':
      return stop(decision.deployment, work);
    case 'deploy':
      return deploy(work);
  }
}

interface Work {
  request: ServiceRollbackRequest;
  situation: RollbackSituation;
  session: AwsSession;
  context: ActionContext;
}

const WHY: Readonly<Record<Extract<RollbackDecision, { kind: 'follow' }>['why'], string>> = {
  'same-key': 'this job has rolled back before, and it is what that started',
  unfinished:
    'a rollback that was not seen to its end has started it, and this finishes that. To go further back, run it again',
  'is-rollback': 'it is a rollback itself',
  named: 'it is what is asked for',
};

async function follow(
  { why, deployment }: Extract<RollbackDecision, { kind: 'follow' }>,
  work: Work,
): Promise<RolledBackService> {
  const { current } = work.situation;
  const left = taskDefinitionTag(current.definition, 'rolled-back-from');
  const rejected = left === undefined || why === 'named' ? undefined : current.arn.replace(/[^/]+$/, left);
  work.context.progress.step(`Deployment ${which(deployment, work)} brings out ${nameOf(current)}: ${WHY[why]}`);
  return judged(deployment, 'deployed', rejected, work);
}

async function followTakenBack(deployment: KnownDeployment, work: Work): Promise<RolledBackService> {
  const { service, current } = work.situation;
  const isOver = deployment.listed?.status === 'ROLLBACK_SUCCESSFUL';
  work.context.progress.step(
    isOver
      ? `Deployment ${which(deployment, work)} was rolled back: ${service.name} has ${nameOf(current)} again. To go further back, name a revision with to_task_definition`
      : `Deployment ${which(deployment, work)} is being rolled back already; following that`,
  );
  return judged(deployment, 'rolled-back', undefined, work);
}

async function stop(
  deployment: Extract<RollbackDecision, { kind: 'stop' }>['deployment'],
  work: Work,
): Promise<RolledBackService> {
  const { request, situation, session, context } = work;
  const { arn, status } = deployment.listed;
  const change: Change = { resource: arn, kind: 'updated', diff: [`- ${status}`, '+ ROLLBACK_REQUESTED'] };
  if (request.dryRun) {
    context.progress.step(
      `Would tell ECS to roll back deployment ${which(deployment, work)}, which brings out ${nameOf(situation.current)}`,
    );
    return planned([change], { ...seen(deployment, work), rejectedTaskDefinitionArn: situation.current.arn }, work);
  }
  if (!(await takeBack(deployment, session, context))) {
    context.progress.warn(`Deployment ${which(deployment, work)} came out before it could be rolled back`);
    return rollBackService(request, session, context);
  }
  const done = await judged(deployment, 'rolled-back', undefined, work);
  const failure = situation.before === undefined && done.failure ? firstOfAll(done.failure) : done.failure;
  return { ...done, status: 'changed', changes: [change], failure };
}

/** A rollback that failed because nothing came out before is told as such. */
function firstOfAll(failure: DeployError): DeployError {
  if (failure.code !== 'ecs.deployment_failed') return failure;
  const { message, cause } = failure;
  return new DeployError({
    code: 'ecs.nothing_to_roll_back_to',
    title: 'ECS had nothing to go back to: no deployment of the service is known that came out before',
    message,
    hints: ['Deploy a revision that works (deploy_service).'],
    exitCode: EXIT.failedNotRolledBack,
    cause,
  });
}

async function deploy(work: Work): Promise<RolledBackService> {
  const { request, situation, session, context } = work;
  const { named, current, service } = situation;
  const target = named ?? (await findTarget(situation, session));
  const plan = await planRestore(situation, target, request.dryRun, session, context.progress);
  const change = changeOf(situation, plan);
  const rejectedTaskDefinitionArn = plan.diff.length === 0 ? undefined : current.arn;
  if (request.dryRun) {
    const outputs = { serviceArn: service.arn, taskDefinitionArn: target.arn, rejectedTaskDefinitionArn };
    return planned([change], outputs, work);
  }
  const done = await restore(situation, plan, judgeRequest('deployed', work), session, context);
  await markFinished(done, session, context);
  return result(done, { status: 'changed', changes: [change], rejectedTaskDefinitionArn }, work);
}

async function judged(
  deployment: KnownDeployment,
  wanted: JudgeRequest['wanted'],
  rejected: string | undefined,
  work: Work,
): Promise<RolledBackService> {
  const { request, situation, session, context } = work;
  const { service, listed } = situation;
  const change: Change = { resource: service.arn, kind: 'unchanged' };
  if (request.dryRun) return planned([change], seen(deployment, work), work);
  const { ours, told } = await attach(deployment, service, listed ?? [], session);
  const isOver = deployment.listed !== undefined && !isOngoing(deployment.listed.status);
  // What was told of a deployment that is over was told by who followed it.
  const begun = { ours, told: isOver ? eventsBefore(service.events) : told };
  const done = await judgeDeployment(async () => begun, judgeRequest(wanted, work), session, context);
  if (wanted === 'deployed' && isMarked(situation.current)) await markFinished(done, session, context);
  if (wanted === 'deployed') {
    return result(done, { status: 'unchanged', changes: [change], rejectedTaskDefinitionArn: rejected }, work);
  }
  const taskDefinitionArn = await wentBackTo(done, request.place, session).catch(() => undefined);
  const outputs = { ...done.outputs, taskDefinitionArn };
  const left = ours.taskDefinition;
  return result(
    { ...done, outputs },
    { status: 'unchanged', changes: [change], rejectedTaskDefinitionArn: left },
    work,
  );
}

/** What ECS says that it went back to; without that what the service has, of which an old answer may be told. */
async function wentBackTo(
  { rollout: { verdict, serviceDeploymentArn } }: JudgedDeployment,
  place: JudgeRequest['place'],
  session: AwsSession,
): Promise<string | undefined> {
  const { services } = ecsOf(session);
  const isBack = verdict.state === 'ROLLED_BACK' && serviceDeploymentArn !== undefined;
  const arn = isBack ? (await services.deployment(serviceDeploymentArn))?.rollback?.revisionArn : undefined;
  const revision = arn === undefined ? undefined : await services.revision(arn);
  return (revision ?? (await services.describe(place)))?.taskDefinition;
}

function judgeRequest(wanted: JudgeRequest['wanted'], { request }: Work): JudgeRequest {
  const { place, goal, timeout, pollInterval, onTimeout, onCancel } = request;
  return { place, goal, timeout, pollInterval, onTimeout, onCancel, wanted, markVerified: true };
}

function result(
  { outputs, failure }: JudgedDeployment,
  {
    rejectedTaskDefinitionArn,
    ...done
  }: Pick<RolledBackService, 'status' | 'changes'> & { rejectedTaskDefinitionArn: string | undefined },
  { situation: { service } }: Work,
): RolledBackService {
  const serviceArn = outputs.serviceArn ?? service.arn;
  return { service, ...done, outputs: { ...outputs, serviceArn, rejectedTaskDefinitionArn }, failure };
}

function planned(
  changes: readonly Change[],
  outputs: RolledBackService['outputs'],
  { situation: { service } }: Work,
): RolledBackService {
  return { service, status: 'planned', changes, outputs, failure: undefined };
}

function seen(deployment: KnownDeployment, { situation }: Work): RolledBackService['outputs'] {
  return {
    serviceArn: situation.service.arn,
    deploymentId: deploymentId(deployment),
    serviceDeploymentArn: deployment.listed?.arn,
    taskDefinitionArn: situation.current.arn,
  };
}

function isMarked({ definition }: RollbackSituation['current']): boolean {
  return taskDefinitionTag(definition, 'rolling-back') !== undefined;
}

/** `ecs-svc/1 of web` */
function which(deployment: KnownDeployment, { situation: { service } }: Work): string {
  return `${deploymentId(deployment)} of ${service.name}`;
}
