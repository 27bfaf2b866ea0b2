import type { ServicePlace } from '../../aws/ecs/services.ts';
import { badArgument } from '../../core/errors.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { orbName } from '../../params/names.ts';
import type { ServiceChanges } from '../../plan/service/update-request.ts';
import { waitGoal, type WaitGoal } from '../../plan/rollout/wait-goal.ts';
import type { ActionContext } from '../context.ts';
import { pathText } from '../definition/stop-on-problems.ts';
import type { DeployInputs } from '../deploy-service.ts';
import { taskDefinitionParams } from '../register-task-definition.ts';
import {
  asksForChanges,
  checkTaskDefinitionInputs,
  type CheckedTaskDefinition,
} from '../task-definition/check-inputs.ts';
import { releasedRevisions } from '../task-definition/released-revisions.ts';
import { readServiceFile, type ServiceFile } from './service-file.ts';

/** What a deployment is to be, as far as it can be checked without AWS. */
export interface CheckedDeploy {
  place: ServicePlace;
  goal: WaitGoal;
  /** A revision that is to be deployed as it is. */
  taskDefinitionArn: string | undefined;
  definition: CheckedTaskDefinition;
  /** Do the inputs themselves, and not earlier jobs, say something about the definition? */
  asksForDefinition: boolean;
  /** Revisions that this workflow released, by their family. */
  released: ReadonlyMap<string, string>;
  createFrom: ServiceFile | undefined;
  forceNewDeployment: boolean;
  changes: ServiceChanges;
}

/** Throws (exit code 2, 5 or 7) for what is wrong whatever AWS has. */
export async function checkDeployInputs(inputs: DeployInputs, context: ActionContext): Promise<CheckedDeploy> {
  const { cluster, service, taskDefinitionArn, createFrom, pollInterval, waitUntil } = inputs;
  const place = { cluster, service };
  if (taskDefinitionArn !== undefined) checkOnlyArn(inputs);
  if (pollInterval !== undefined && pollInterval < 1000) {
    throw badArgument('poll_interval must be at least 1s', [
      'ECS limits how often it may be asked, for the whole account.',
    ]);
  }
  const changes: ServiceChanges = {
    desiredCount: inputs.desiredCount === undefined ? undefined : Number(inputs.desiredCount),
    deploymentConfiguration: await checkConfiguration(inputs.deploymentConfiguration),
  };
  const goal = waitGoal(waitUntil);
  const definition = await checkTaskDefinitionInputs(inputs, context);
  const file = createFrom === undefined ? undefined : await readServiceFile(createFrom, place, context);
  return {
    place,
    goal: goal.kind === 'stable' ? { ...goal, tasks: changes.desiredCount } : goal,
    taskDefinitionArn,
    definition,
    asksForDefinition: asksForChanges({ ...definition, recorded: [] }),
    released: releasedRevisions(await context.readRecord(inputs.record), context.env),
    createFrom: file,
    forceNewDeployment: inputs.forceNewDeployment,
    changes,
  };
}

function checkOnlyArn(inputs: DeployInputs): void {
  const names = Object.keys(taskDefinitionParams) as (keyof typeof taskDefinitionParams)[];
  const given = names.filter((name) => inputs[name] !== undefined && inputs[name] !== false);
  if (given.length === 0) return;
  throw badArgument(
    `task_definition_arn is deployed as it is: ${given.map(orbName).join(', ')} can not be given with it`,
    ['Leave task_definition_arn out to register a revision with the changes.'],
  );
}

async function checkConfiguration(
  configuration: DeployInputs['deploymentConfiguration'],
): Promise<JsonObject | undefined> {
  if (configuration === undefined) return undefined;
  if (!isJsonObject(configuration)) {
    throw badArgument('deployment_configuration must be a JSON object', ['For example {"strategy": "BLUE_GREEN"}.']);
  }
  const { serviceFindings } = await import('../../aws/ecs/model.ts');
  const findings = serviceFindings({ deploymentConfiguration: configuration });
  const refused = findings.filter(({ kind, nearest }) => kind === 'wrong-type' || nearest !== undefined);
  if (refused.length > 0) {
    throw badArgument(
      'ECS would refuse deployment_configuration',
      refused.map(({ path, message }) => `${pathText(path)} ${message}.`),
    );
  }
  return configuration;
}
