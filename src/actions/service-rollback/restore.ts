import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import { errorStatus } from '../../aws/errors.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError, retold } from '../../core/errors.ts';
import type { Progress } from '../../core/progress.ts';
import type { Change } from '../../core/result.ts';
import { newTag, tagKey } from '../../plan/job-definition/our-tags.ts';
import { isRejected, nameOf, verifiedAt } from '../../plan/service-rollback/candidates.ts';
import type { RollbackSituation } from '../../plan/service-rollback/decide.ts';
import { diffTaskDefinitions } from '../../plan/task-definition/canonical.ts';
import { imagesByContainer } from '../../plan/task-definition/containers.ts';
import { isFinal } from '../../plan/rollout/verdict.ts';
import type { DescribedTaskDefinition } from '../../plan/task-definition/described.ts';
import type { ActionContext } from '../context.ts';
import { judgeDeployment, type JudgedDeployment, type JudgeRequest } from '../ecs/judge-deployment.ts';
import { resolveImage } from '../resolve-image.ts';
import { checkFit } from '../service-deploy/service-to-deploy.ts';
import {
  lookForStarted,
  mayBeStarted,
  startDeployment,
  type StartRequest,
} from '../service-deploy/start-deployment.ts';
import { registerAgain } from '../task-definition/register-again.ts';

/** From what the service runs to another revision. */
export interface RestorePlan {
  target: DescribedTaskDefinition;
  /** Not empty, unless the same content is to be deployed once more. */
  diff: readonly string[];
}

/**
 * Says what is to be done, and checks that it can be: the target has to fit the service (exit code 2), and its images must
 * still exist (5).
 */
export async function planRestore(
  { service, current, named }: RollbackSituation,
  target: DescribedTaskDefinition,
  dryRun: boolean,
  session: AwsSession,
  progress: Progress,
): Promise<RestorePlan> {
  const diff = diffTaskDefinitions(current.definition, target.definition);
  const verified = verifiedAt(target);
  const proof = verified === undefined ? '' : `, verified ${verified}`;
  const verb = dryRun ? 'Would roll' : 'Rolling';
  progress.step(`${verb} ${service.name} back from ${nameOf(current)} to ${nameOf(target)}${proof}`);
  for (const line of diff) progress.info(`  ${line}`);
  if (target === named) sayNamed(target, progress);
  if (target.status !== 'ACTIVE')
    progress.info(`${nameOf(target)} is ${target.status}: its content is registered anew`);
  const whole = await ecsOf(session).services.describeWhole({ cluster: service.clusterArn, service: service.arn });
  if (whole) checkFit(target.definition, whole, service.name);
  for (const image of Object.values(imagesByContainer(target.definition))) await resolveImage(image, session, progress);
  return { target, diff };
}

function sayNamed(target: DescribedTaskDefinition, progress: Progress): void {
  if (isRejected(target)) {
    progress.warn(`${nameOf(target)} is tagged as rejected; it is taken because it is named`);
  } else if (verifiedAt(target) === undefined) {
    progress.warn(`${nameOf(target)} was never verified; it is taken because it is named`);
  }
}

export function changeOf({ service }: RollbackSituation, { diff }: RestorePlan): Change {
  return { resource: service.arn, kind: 'updated', diff };
}

/**
 * Tags what is left as rejected, deploys the target, and judges that. The tags come first: a run that is killed after the
 * deployment has started is followed by one that finds them, and so knows that this deployment is the rollback and not what
 * is to be taken back. A run that is killed before it has only marked what it would leave again.
 */
export async function restore(
  situation: RollbackSituation,
  { target, diff }: RestorePlan,
  request: JudgeRequest,
  session: AwsSession,
  context: ActionContext,
): Promise<JudgedDeployment> {
  const { service, current, key } = situation;
  const { clock, progress } = context;
  const { taskDefinitions } = ecsOf(session);
  const active = target.status === 'ACTIVE' ? target : await registerAgain(target, session, context);
  const isOther = diff.length > 0;
  const done = active === target ? [] : [`${nameOf(active)} has the content of ${nameOf(target)}`];
  const marks: Mark[] = [];
  const fail = async (error: unknown): Promise<never> => {
    const left = isRefused(error) ? await unmark(marks, session) : marks;
    throw notDeployed(error, [...done, ...left.map(({ of, tag }) => `${nameOf(of)} is tagged aws-deploy:${tag}`)]);
  };
  try {
    if (isOther && !isRejected(current)) {
      await taskDefinitions.tag(current.arn, newTag('rejected', clock.now().toISOString()));
      progress.info(`${nameOf(current)} is tagged as rejected`);
      marks.push({ of: current, tag: 'rejected' });
    }
    await taskDefinitions.tag(active.arn, {
      ...newTag('rolling-back', clock.now().toISOString()),
      ...(isOther ? newTag('rolled-back-from', nameOf(current)) : {}),
      ...(key === undefined ? {} : newTag('rollback-key', key)),
    });
    marks.push({ of: active, tag: 'rolling-back' });
  } catch (error) {
    return fail(error);
  }
  const start: StartRequest = {
    place: request.place,
    call: 'UpdateService',
    input: {
      ...request.place,
      taskDefinition: active.arn,
      ...(service.taskDefinition === active.arn ? { forceNewDeployment: true } : {}),
    },
    taskDefinition: active.arn,
    before: service,
  };
  return judgeDeployment(
    () => startDeployment(start, session, context).catch(fail),
    { ...request, findBegun: () => lookForStarted(start, session) },
    session,
    context,
  );
}

/** A tag that says that a rollback has begun. */
interface Mark {
  of: DescribedTaskDefinition;
  tag: 'rejected' | 'rolling-back';
}

/** Has AWS said that it did not do it? A rollback that begins no deployment has left nothing. */
function isRefused(error: unknown): boolean {
  if (!(error instanceof DeployError) || mayBeStarted(error)) return false;
  const status = errorStatus(error.cause);
  return status >= 400 && status < 500;
}

/** Removes tags again, and gives those that can't be removed. */
async function unmark(marks: readonly Mark[], session: AwsSession): Promise<Mark[]> {
  const { taskDefinitions } = ecsOf(session);
  const removed = await Promise.allSettled(marks.map(({ of, tag }) => taskDefinitions.untag(of.arn, [tagKey(tag)])));
  return marks.filter((_, index) => removed[index]?.status === 'rejected');
}

/** What was seen to its end is no rollback that has to be finished. */
export async function markFinished(
  { rollout: { ours, verdict } }: JudgedDeployment,
  session: AwsSession,
  { progress }: Pick<ActionContext, 'progress'>,
): Promise<void> {
  if (!isFinal(verdict) || verdict.state === 'TIMED_OUT') return;
  const { taskDefinitions } = ecsOf(session);
  await taskDefinitions.untag(ours.taskDefinition, [tagKey('rolling-back')]).catch((error: unknown) => {
    if (!(error instanceof DeployError)) throw error;
    const name = ours.taskDefinition.split('/').at(-1);
    progress.warn(`The tag aws-deploy:rolling-back of ${name} could not be removed: ${error.title}. Remove it by hand`);
  });
}

/** The same error, with what was done before it. */
function notDeployed(error: unknown, done: readonly string[]): unknown {
  if (!(error instanceof DeployError)) return error;
  const soFar = done.length === 0 ? [] : [`Done so far: ${done.join('; ')}.`];
  const next = mayBeStarted(error)
    ? soFar
    : [['The service was not changed.', ...soFar, 'Run the rollback again.'].join(' ')];
  return retold(error, { hints: [...error.hints, ...next] });
}
