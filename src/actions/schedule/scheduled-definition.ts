import type { AwsSession } from '../../aws/session.ts';
import type { RecordEntry } from '../../circleci/release-record.ts';
import { badArgument } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ActionContext } from '../context.ts';
import { chooseDefinition, releasedDefinitions, type AskedDefinition } from '../job-run/choose-definition.ts';

/** The definition that schedules are moved to. */
export interface ScheduledDefinition {
  name: string;
  /** What they are to submit: the ARN of the revision, or the name. */
  reference: string;
  /** The revision that runs by it now. */
  described: JsonObject;
}

/**
 * The definition that is asked for, or that this workflow has released: its revision, also when only its name is given.
 * Undefined when nothing says one. Throws (exit code 2) when several were released and none is named.
 */
export function wantedDefinition(
  { jobDefinitionName: name, revision }: { jobDefinitionName: string | undefined; revision: number | undefined },
  record: readonly RecordEntry[],
  env: ActionContext['env'],
): AskedDefinition | undefined {
  const released = releasedDefinitions(record, env);
  if (name !== undefined) return { name, revision: revision ?? released.get(name) };
  const [only] = released;
  if (released.size <= 1) return only && { name: only[0], revision: only[1] };
  throw badArgument('more than one job definition was released in this workflow', [
    `Give job_definition_name, one of: ${[...released.keys()].join(', ')}.`,
  ]);
}

/**
 * Looks up what is to be submitted. Throws (exit code 5) when it is not there, or not ACTIVE, so that no job could start.
 * By name, that is whichever revision is the newest.
 */
export async function findDefinition(
  { name, revision }: AskedDefinition,
  pin: 'revision' | 'name',
  session: AwsSession,
): Promise<ScheduledDefinition> {
  const asked = { name, revision: pin === 'name' ? undefined : revision };
  const { arn, described } = await chooseDefinition(asked, session);
  return { name, reference: pin === 'name' ? name : arn, described };
}
