import type { BatchOperations } from '../../aws/batch.ts';
import { deployError } from '../../aws/errors.ts';
import type { DeployError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { diffDefinitions } from '../../plan/job-definition/diff.ts';
import { newestRevision, revisionNumber } from '../../plan/job-definition/next-revision.ts';
import { ourTag } from '../../plan/job-definition/our-tags.ts';
import type { ActionContext } from '../context.ts';
import { notAsAsked } from '../definition/not-as-asked.ts';
import { registerOnce } from '../definition/register-once.ts';

/**
 * Registers a definition exactly once.
 * @param definition with our tags, by which it is found again
 * @param above the newest revision before; what is to be found must be newer
 */
export async function registerRevision(
  batch: BatchOperations,
  definition: JsonObject,
  above: number,
  context: Pick<ActionContext, 'clock' | 'progress' | 'signal'>,
): Promise<number> {
  const name = String(definition['jobDefinitionName']);
  const registration = {
    operation: 'RegisterJobDefinition',
    register: async () => (await batch.register(definition)).revision,
    async find(): Promise<number | undefined> {
      const active = await batch.activeRevisions(name);
      // Not only the newest: another release may have come after it.
      const sent = newestRevision(active.filter((each) => revisionNumber(each) > above && isSame(each, definition)));
      return sent && revisionNumber(sent);
    },
    told: (error: unknown) => deployError(error, 'batch:RegisterJobDefinition', name),
  };
  return registerOnce(registration, context);
}

/** The same content from the same commit and pipeline. */
function isSame(one: JsonObject, other: JsonObject): boolean {
  return ['definition-hash', 'git-sha', 'pipeline'].every((name) => ourTag(one, name) === ourTag(other, name));
}

/**
 * Compares a revision, as it was read back, with what was asked for. What AWS adds is fine; what it lost or changed is an
 * error (exit code 10), because then the job that runs is not the one that was released.
 * @param described the revision among the ACTIVE ones; undefined when it is not there
 */
export function proveRevision(
  described: JsonObject | undefined,
  asked: JsonObject,
  label: string,
): asserts described is JsonObject {
  if (!described) throw unlike(`${label} is not active after it was registered`, []);
  const lost = diffDefinitions(asked, described).filter((line) => line.startsWith('-'));
  if (lost.length > 0) throw unlike(`AWS did not keep ${label} as it was sent`, lost);
}

function unlike(title: string, lost: readonly string[]): DeployError {
  const hint = 'Jobs that are submitted by name use this revision. Deregister it, or release a corrected definition.';
  return notAsAsked('batch.not_as_asked', title, lost, [hint]);
}
