import type { BatchOperations } from '../../aws/batch.ts';
import { deployError, isAmbiguous } from '../../aws/errors.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import type { JsonObject } from '../../core/json.ts';
import { diffDefinitions } from '../../plan/job-definition/diff.ts';
import { newestRevision, revisionNumber } from '../../plan/job-definition/next-revision.ts';
import { ourTag } from '../../plan/job-definition/our-tags.ts';
import type { ActionContext } from '../context.ts';

const MOST_ATTEMPTS = 4;

/**
 * Registers a definition exactly once, although AWS Batch has no token for that: when the connection broke or the
 * server failed, the revisions are looked at, and the call is repeated only when none is the one that was sent.
 * @param definition with our tags, by which it is found again
 * @param above the newest revision before; what is to be found must be newer
 */
export async function registerRevision(
  batch: BatchOperations,
  definition: JsonObject,
  above: number,
  { clock, progress, signal }: Pick<ActionContext, 'clock' | 'progress' | 'signal'>,
): Promise<number> {
  const name = String(definition['jobDefinitionName']);
  for (let attempt = 1; ; attempt++) {
    try {
      return (await batch.register(definition)).revision;
    } catch (error) {
      if (!isAmbiguous(error)) throw deployError(error, 'batch:RegisterJobDefinition', name);
      progress.warn('The answer to RegisterJobDefinition was lost; looking whether the revision exists');
      const active = await batch.activeRevisions(name);
      // Not only the newest: another release may have come after it.
      const sent = newestRevision(active.filter((each) => revisionNumber(each) > above && isSame(each, definition)));
      if (sent) return revisionNumber(sent);
      if (attempt === MOST_ATTEMPTS) throw deployError(error, 'batch:RegisterJobDefinition', name);
      await clock.sleep(200 * 2 ** attempt * (0.5 + Math.random()), signal);
    }
  }
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
  if (!described) throw notAsAsked(`${label} is not active after it was registered`, []);
  const lost = diffDefinitions(asked, described).filter((line) => line.startsWith('-'));
  if (lost.length > 0) throw notAsAsked(`AWS did not keep ${label} as it was sent`, lost);
}

function notAsAsked(title: string, lost: readonly string[]): DeployError {
  return new DeployError({
    code: 'batch.not_as_asked',
    title,
    message: lost.length > 0 ? `Asked for, but not there as asked:\n${lost.join('\n')}` : title,
    hints: ['Jobs that are submitted by name use this revision. Deregister it, or release a corrected definition.'],
    exitCode: EXIT.failedNotRolledBack,
  });
}
