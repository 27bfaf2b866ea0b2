import { createHash } from 'node:crypto';
import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { ServicePlace } from '../../aws/ecs/services.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { inFlight, knownDeployments } from '../../plan/rollout/attach.ts';
import { lastCompleted, type RollbackSituation } from '../../plan/service-rollback/decide.ts';
import type { DescribedTaskDefinition } from '../../plan/task-definition/described.ts';
import type { ActionContext } from '../context.ts';
import { drivableService } from '../service/drivable.ts';
import { listedDeployments } from '../service/listed-deployments.ts';

/** A deployment that was just started may not be listed yet: so often it is looked for, and so long apart. */
const MOST_LOOKS = 5;
const LOOK_MS = 1000;

/**
 * Looks at everything that decides what a rollback has to do. Throws (exit code 2 or 5) when the service or the named
 * revision is not there, or the service is not for us to roll back.
 * @param named `family:revision` or ARN
 */
export async function seeSituation(
  place: ServicePlace,
  named: string | undefined,
  session: AwsSession,
  { clock, signal, job, progress }: Pick<ActionContext, 'clock' | 'signal' | 'job' | 'progress'>,
): Promise<RollbackSituation> {
  for (let look = 1; ; look++) {
    const service = await drivableService(place, session);
    const { listed, denied } = await listedDeployments(place, service, session);
    const flying = inFlight(knownDeployments(service, listed ?? []), service);
    const mayBeListedSoon = listed !== undefined && flying !== undefined && flying.listed === undefined;
    if (mayBeListedSoon && look < MOST_LOOKS) {
      await clock.sleep(LOOK_MS, signal);
      continue;
    }
    // What is in flight is taken back by its service deployment.
    if (denied && flying && named === undefined) throw denied;
    if (denied) progress.info(`${denied.title}: what came out before is known by the tags of the revisions only`);
    const completed = flying?.listed && lastCompleted(listed ?? [], flying.listed);
    return {
      service,
      listed,
      denied,
      current: await existing(service.taskDefinition, session),
      before: completed && (await definitionOf(completed.targetRevisionArn, session)),
      named: named === undefined ? undefined : await existing(named, session),
      key: rollbackKey(job.workflowJobId, service.arn),
    };
  }
}

/** The task definition of a service revision; undefined when one of the two is gone. */
export async function definitionOf(
  revisionArn: string,
  session: AwsSession,
): Promise<DescribedTaskDefinition | undefined> {
  const { services, taskDefinitions } = ecsOf(session);
  const revision = await services.revision(revisionArn);
  return revision && taskDefinitions.describe(revision.taskDefinition);
}

async function existing(reference: string, session: AwsSession): Promise<DescribedTaskDefinition> {
  const described = await ecsOf(session).taskDefinitions.describe(reference);
  if (described) return described;
  throw new DeployError({
    code: 'ecs.task_definition_not_found',
    title: `there is no task definition ${reference.split('/').at(-1)}`,
    message: `Looked in ${session.region}, account ${session.identity.accountId}.`,
    hints: ['Check the family, the number and the region. Nothing was changed.'],
    exitCode: EXIT.notFound,
  });
}

/** The same for automatic reruns of a step, and another one for each service. It becomes a tag. */
function rollbackKey(workflowJobId: string | undefined, serviceArn: string): string | undefined {
  if (workflowJobId === undefined) return undefined;
  return createHash('sha256').update(`${workflowJobId}\n${serviceArn}`).digest('hex');
}
