import type { JsonObject } from '../../core/json.ts';

/** A revision of a task definition as AWS has it. */
export interface DescribedTaskDefinition {
  arn: string;
  family: string;
  revision: number;
  /** ACTIVE, INACTIVE (keeps running, but starts no new service) or DELETE_IN_PROGRESS. */
  status: string;
  /**
   * As RegisterTaskDefinition takes it, tags included: with every member that could be sent again, known to this code or
   * not, and without what only AWS can say.
   */
  definition: JsonObject;
}

/** `web:8` of an ARN or of such a name. */
export function familyAndRevision(reference: string): { family: string; revision: number | undefined } {
  const name = reference.split('/').at(-1) ?? reference;
  const [family = '', revision] = name.split(':');
  return { family, revision: revision === undefined ? undefined : Number(revision) };
}
