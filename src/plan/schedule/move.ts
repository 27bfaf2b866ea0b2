/** A revision as far as it decides which of two is the later. */
export interface RevisionAge {
  revision: number;
  /** The pipeline that registered it, when that is known. */
  pipeline: number | undefined;
}

/**
 * Why something that runs `from` must not be moved to `to`: what comes late is older. Undefined when it may be moved.
 * Both are revisions of one definition; the higher number decides, and where both know their pipeline, that one too: an
 * older pipeline may well have registered later.
 */
export function whySuperseded(from: RevisionAge, to: RevisionAge): string | undefined {
  if (to.revision < from.revision) return `it runs revision ${from.revision}, which is newer than ${to.revision}`;
  if (from.pipeline !== undefined && to.pipeline !== undefined && to.pipeline < from.pipeline) {
    return `it runs revision ${from.revision} of pipeline ${from.pipeline}, and revision ${to.revision} is of pipeline ${to.pipeline}`;
  }
  return undefined;
}
