import { isRejected as hasRejection } from '../job-definition/rollback.ts';
import { taskDefinitionHash } from '../task-definition/canonical.ts';
import type { DescribedTaskDefinition } from '../task-definition/described.ts';
import { tagMap, taskDefinitionTag } from '../task-definition/tags.ts';

/** A revision that a service may go back to. */
export interface Candidate {
  described: DescribedTaskDefinition;
  /** Why it is one: a deployment of it to this very service succeeded, or a tag says that it was verified. */
  source: 'deployment' | 'tag';
}

export interface PassedCandidate {
  arn: string;
  /** Ends a sentence that begins with the revision: `is rejected`. */
  why: string;
}

export interface Choice {
  target: Candidate | undefined;
  passed: readonly PassedCandidate[];
}

/**
 * The first candidate that is worth going back to: other than what runs in content, not only in number, and with a content
 * that nobody has left since.
 * @param current what the service runs now, and is to leave
 * @param candidates the best first: those whose deployment succeeded, the latest deployment first, then those that only a
 *   tag calls verified, the newest revision first
 */
export function chooseTarget(current: DescribedTaskDefinition, candidates: readonly Candidate[]): Choice {
  const left = [current, ...candidates.map(({ described }) => described).filter(isRejected)].map((described) => ({
    described,
    hash: taskDefinitionHash(described.definition),
  }));
  const passed: PassedCandidate[] = [];
  for (const candidate of candidates) {
    const why = whyNot(candidate, current, left);
    if (why === undefined) return { target: candidate, passed };
    passed.push({ arn: candidate.described.arn, why });
  }
  return { target: undefined, passed };
}

function whyNot(
  { described, source }: Candidate,
  current: DescribedTaskDefinition,
  left: readonly { described: DescribedTaskDefinition; hash: string }[],
): string | undefined {
  if (described.arn === current.arn) return 'is what runs now';
  if (isRejected(described)) return 'is rejected';
  if (source === 'tag' && verifiedAt(described) === undefined) return 'was never verified';
  // A deployment to this service says that it was there before; the number alone has to say it here.
  if (source === 'tag' && described.revision > current.revision) return 'is newer than what runs now';
  const hash = taskDefinitionHash(described.definition);
  const same = left.find((other) => other.hash === hash && !isProvenSince(described, other.described));
  if (!same) return undefined;
  return same.described === current
    ? 'says what runs now'
    : `says what ${nameOf(same.described)} says, which is rejected`;
}

/** What was rejected for want of what is around it, and proven when it was released again, is good. */
function isProvenSince(described: DescribedTaskDefinition, left: DescribedTaskDefinition): boolean {
  return isRejected(left) && described.revision > left.revision && verifiedAt(described) !== undefined;
}

/** Left by a rollback or after a failure, and not verified since. */
export function isRejected({ definition }: Pick<DescribedTaskDefinition, 'definition'>): boolean {
  return hasRejection({ tags: tagMap(definition) });
}

/** ISO 8601. */
export function verifiedAt({ definition }: DescribedTaskDefinition): string | undefined {
  return taskDefinitionTag(definition, 'verified');
}

/** `web:8` */
export function nameOf({ family, revision }: Pick<DescribedTaskDefinition, 'family' | 'revision'>): string {
  return `${family}:${revision}`;
}
