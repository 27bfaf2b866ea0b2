import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { AwsSession } from '../../aws/session.ts';
import { badArgument, DeployError, invalidFile } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { Progress } from '../../core/progress.ts';
import type { ServiceSnapshot } from '../../plan/rollout/observation.ts';
import { fitProblems } from '../../plan/service/definition-fit.ts';
import type { CheckedDeploy } from './check-inputs.ts';
import { checkDrivable, checkPlace } from '../service/drivable.ts';
import type { ServiceFile } from './service-file.ts';

/** The service that a revision is brought to: one that is there, or one that is to be created. */
export type ServiceToDeploy =
  | { kind: 'existing'; service: ServiceSnapshot; settings: JsonObject }
  | {
      kind: 'new';
      file: ServiceFile;
      /** Members of CreateService, without the name, the cluster and the task definition. */
      settings: JsonObject;
    };

/**
 * Finds the service. Throws before anything is changed when it is not there and none is to be created (exit code 5), when
 * it can't be deployed by ECS itself (2), or has not what is to be waited for (2).
 */
export async function serviceToDeploy(
  checked: CheckedDeploy,
  session: AwsSession,
  progress: Progress,
): Promise<ServiceToDeploy> {
  const { place, createFrom } = checked;
  checkPlace(place, session);
  const { services } = ecsOf(session);
  const found = await services.describeWhole(place);
  // An INACTIVE one is what remains of one that was deleted.
  const isGone = !found || found.service.status === 'INACTIVE';
  if (isGone && createFrom) {
    const settings = settingsOfNew(createFrom, checked);
    checkCount(checked, settings);
    checkGoal(checked, settings, progress);
    return { kind: 'new', file: createFrom, settings };
  }
  if (!found) throw await services.notFound(place);
  checkDrivable(found.service);
  if (createFrom) progress.info(`The service ${found.service.name} is there; ${createFrom.path} changes nothing of it`);
  checkCount(checked, found.settings);
  checkGoal(checked, found.settings, progress);
  return { kind: 'existing', ...found };
}

function settingsOfNew({ path, definition }: ServiceFile, { changes }: CheckedDeploy): JsonObject {
  const { desiredCount, deploymentConfiguration } = changes;
  const isDaemon = definition['schedulingStrategy'] === 'DAEMON';
  if (!isDaemon && desiredCount === undefined && typeof definition['desiredCount'] !== 'number') {
    throw invalidFile(`${path} can not create a service`, 'desiredCount is missing: how many tasks it is to run.', [
      'Write it into the file, or give desired_count. Nothing was changed.',
    ]);
  }
  return {
    ...definition,
    ...(desiredCount === undefined ? {} : { desiredCount }),
    ...(deploymentConfiguration === undefined
      ? {}
      : {
          deploymentConfiguration: { ...objectOf(definition['deploymentConfiguration']), ...deploymentConfiguration },
        }),
  };
}

/** ECS refuses a count for a daemon (API reference, CreateService). */
function checkCount({ changes, place }: CheckedDeploy, { schedulingStrategy }: JsonObject): void {
  if (schedulingStrategy !== 'DAEMON' || changes.desiredCount === undefined) return;
  throw badArgument(`desired_count can not be given: ${place.service} is a DAEMON, with a task on every instance`, [
    'Leave it out. Nothing was changed.',
  ]);
}

/** Is there to be what is waited for? */
function checkGoal({ goal, changes, place }: CheckedDeploy, settings: JsonObject, progress: Progress): void {
  const { strategy = 'ROLLING', lifecycleHooks } = {
    ...objectOf(settings['deploymentConfiguration']),
    ...changes.deploymentConfiguration,
  };
  const hooks = Array.isArray(lifecycleHooks) ? lifecycleHooks.filter(isJsonObject) : [];
  if (goal.kind === 'stage' && strategy === 'ROLLING' && hooks.length === 0) {
    throw badArgument(
      `wait_until is ${goal.stage}, but deployments of ${place.service} have no stages: they are ROLLING`,
      [
        'Give wait_until stable, or a strategy with stages: deployment_configuration {"strategy": "BLUE_GREEN"}. Nothing was changed.',
      ],
    );
  }
  if (goal.kind === 'paused' && !hooks.some(({ targetType }) => targetType === 'PAUSE')) {
    progress.warn(`${place.service} has no hook of the type PAUSE, so that this waits for the end of the deployment`);
  }
}

function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** Throws (exit code 2) when ECS would refuse the definition for the service. */
export function checkFit(
  definition: JsonObject,
  { settings }: Pick<ServiceToDeploy, 'settings'>,
  service: string,
): void {
  const problems = fitProblems(definition, settings);
  if (problems.length === 0) return;
  throw new DeployError({
    code: 'ecs.definition_does_not_fit',
    title: `the task definition does not fit the service ${service}`,
    message: problems.join('\n'),
    hints: ['Correct the task definition, or change the service first. Nothing was changed.'],
    exitCode: EXIT.badArguments,
  });
}
