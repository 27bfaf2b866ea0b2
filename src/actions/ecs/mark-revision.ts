import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { newTag, tagKey } from '../../plan/job-definition/our-tags.ts';
import { taskDefinitionTag } from '../../plan/task-definition/tags.ts';
import type { ActionContext } from '../context.ts';

type Telling = Pick<ActionContext, 'clock' | 'progress'>;

/**
 * Tags a revision by what a deployment has proven: a rollback can go back to it. What it was rejected for is over then.
 * That it can't be tagged is a warning: what was deployed is deployed.
 * @returns whether it is tagged as verified now; undefined when that is not known
 */
export async function markVerified(
  arn: string,
  session: AwsSession,
  { clock, progress }: Telling,
): Promise<boolean | undefined> {
  const { taskDefinitions } = ecsOf(session);
  return orWarning(arn, 'verified', progress, async () => {
    const definition = (await taskDefinitions.describe(arn))?.definition ?? {};
    if (taskDefinitionTag(definition, 'verified') === undefined) {
      await taskDefinitions.tag(arn, newTag('verified', clock.now().toISOString()));
      progress.info(`${nameOf(arn)} is verified`);
    }
    if (taskDefinitionTag(definition, 'rejected') !== undefined) {
      await taskDefinitions.untag(arn, [tagKey('rejected')]);
    }
    return true;
  });
}

/**
 * Tags a revision that came to nothing, so that nothing goes back to it or builds on it. One that is verified stays so:
 * what failed may be what is around it.
 * @returns whether it is tagged as verified; undefined when that is not known
 */
export async function markRejected(
  arn: string,
  session: AwsSession,
  { clock, progress }: Telling,
): Promise<boolean | undefined> {
  const { taskDefinitions } = ecsOf(session);
  return orWarning(arn, 'rejected', progress, async () => {
    const definition = (await taskDefinitions.describe(arn))?.definition ?? {};
    if (taskDefinitionTag(definition, 'verified') !== undefined) {
      progress.info(`${nameOf(arn)} stays verified: it has worked before, so that what failed may be around it`);
      return true;
    }
    await taskDefinitions.tag(arn, newTag('rejected', clock.now().toISOString()));
    progress.info(`${nameOf(arn)} is tagged as rejected`);
    return false;
  });
}

async function orWarning(
  arn: string,
  tag: string,
  progress: ActionContext['progress'],
  work: () => Promise<boolean>,
): Promise<boolean | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DeployError)) throw error;
    progress.warn(`${nameOf(arn)} could not be tagged as ${tag}: ${error.title}`);
    return tag === 'verified' ? false : undefined;
  }
}

/** `web:9` */
function nameOf(arn: string): string {
  return arn.split('/').at(-1) ?? arn;
}
