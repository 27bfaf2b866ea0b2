import type { RegisteredTaskDefinition, TaskDefinitionOperations } from '../../aws/ecs/task-definitions.ts';
import { deployError, errorName } from '../../aws/errors.ts';
import { DeployError, retold } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { diffTaskDefinitions } from '../../plan/task-definition/canonical.ts';
import type { DescribedTaskDefinition } from '../../plan/task-definition/described.ts';
import { taskDefinitionTag } from '../../plan/task-definition/tags.ts';
import type { ActionContext } from '../context.ts';
import { notAsAsked } from '../definition/not-as-asked.ts';
import { registerOnce } from '../definition/register-once.ts';

/** So many revisions at most are looked at to see what came in between. */
const MOST_SINCE = 20;

/**
 * Registers a definition exactly once.
 * @param definition with our tags, by which it is found again
 * @param above the newest revision before; what is to be found must be newer
 */
export async function registerRevision(
  taskDefinitions: TaskDefinitionOperations,
  definition: JsonObject,
  above: number,
  context: Pick<ActionContext, 'clock' | 'progress' | 'signal'>,
): Promise<RegisteredTaskDefinition> {
  const family = String(definition['family']);
  const registration = {
    operation: 'RegisterTaskDefinition',
    register: () => taskDefinitions.register(definition),
    async find(): Promise<RegisteredTaskDefinition | undefined> {
      const since = await revisionsSince(taskDefinitions, family, above);
      return since.find((revision) => isSame(revision.definition, definition));
    },
    told: (error: unknown) => deployError(error, 'ecs:RegisterTaskDefinition', family),
    busy: (error: unknown) =>
      isFamilyBusy(error) ? `ECS is registering other revisions of ${family}; trying again` : undefined,
  };
  return registerOnce(registration, context);
}

/**
 * Others register revisions of the same family: ECS refuses one that comes meanwhile by a name that is not that of
 * throttling, so that the SDK doesn't repeat it (hashicorp/terraform-provider-aws#9777).
 */
function isFamilyBusy(error: unknown): boolean {
  return errorName(error) === 'ClientException' && /Too many concurrent attempts/i.test(String(error));
}

/** ACTIVE revisions above a number, the newest first. */
export async function revisionsSince(
  taskDefinitions: TaskDefinitionOperations,
  family: string,
  above: number,
): Promise<DescribedTaskDefinition[]> {
  const arns = (await taskDefinitions.revisions(family, 'ACTIVE', MOST_SINCE))
    .filter((arn) => Number(arn.split(':').at(-1)) > above)
    .slice(0, MOST_SINCE);
  const described = await Promise.all(arns.map((arn) => taskDefinitions.describe(arn)));
  return described.filter((each) => each?.status === 'ACTIVE').filter((each) => each !== undefined);
}

/** The same content from the same commit and pipeline. Content that was registered elsewhere first has no hash. */
function isSame(one: JsonObject, other: JsonObject): boolean {
  const sameTags = ['definition-hash', 'git-sha', 'pipeline'].every(
    (name) => taskDefinitionTag(one, name) === taskDefinitionTag(other, name),
  );
  const hasHash = taskDefinitionTag(one, 'definition-hash') !== undefined;
  return sameTags && (hasHash || diffTaskDefinitions(one, other).length === 0);
}

/**
 * Compares a revision, as it was read back, with what was asked for. What ECS adds is fine; what it lost or changed is an
 * error (exit code 10), because then the tasks that run are not those that were released.
 * @param described undefined when it is not there
 */
export function proveRevision(
  described: DescribedTaskDefinition | undefined,
  asked: JsonObject,
  label: string,
): asserts described is DescribedTaskDefinition {
  if (described?.status !== 'ACTIVE') throw unlike(`${label} is not active after it was registered`, []);
  const lost = diffTaskDefinitions(asked, described.definition).filter((line) => line.startsWith('-'));
  if (lost.length > 0) throw unlike(`ECS did not keep ${label} as it was sent`, lost);
}

function unlike(title: string, lost: readonly string[]): DeployError {
  const hint = 'What is started by the name of the family uses it. Deregister it, or release a corrected definition.';
  return notAsAsked('ecs.not_as_asked', title, lost, [hint]);
}

/** Whatever fails after a revision was registered says that it is there, with its own exit code. */
export async function tellRegistered<T>(label: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DeployError)) throw error;
    throw retold(error, { hints: [...error.hints, `${label} is registered.`], cause: error });
  }
}
