import type { AwsSession } from '../../aws/session.ts';
import type { RecordEntry } from '../../circleci/release-record.ts';
import { badArgument, DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import type { JsonObject } from '../../core/json.ts';
import { outputVariable } from '../../params/names.ts';
import { newestRevision, revisionArn, revisionNumber } from '../../plan/job-definition/next-revision.ts';
import type { ActionContext } from '../context.ts';

/** The definition that is asked for; without a revision it is the newest ACTIVE one. */
export interface AskedDefinition {
  name: string;
  revision: number | undefined;
}

/** A revision that can be submitted. */
export interface ChosenDefinition {
  /** `name:revision`, as jobs are submitted. */
  nameAndRevision: string;
  arn: string;
  described: JsonObject;
}

/**
 * What is asked for: by the parameters, or by what this workflow released, in this job or in earlier ones. Throws (exit
 * code 2) when nothing says it, or several things do.
 */
export function askedDefinition(
  given: { jobDefinitionName: string | undefined; revision: number | undefined },
  record: readonly RecordEntry[],
  { env }: Pick<ActionContext, 'env'>,
): AskedDefinition {
  const released = releasedDefinitions(record, env);
  const { jobDefinitionName: name, revision } = given;
  if (name !== undefined) return { name, revision: revision ?? released.get(name) };
  const [only] = released;
  if (released.size === 1 && only) return { name: only[0], revision: revision ?? only[1] };
  throw badArgument(
    released.size === 0
      ? 'job_definition_name is not given, and this workflow has released none'
      : 'it is not clear which job definition is meant',
    released.size === 0
      ? ['Give job_definition_name, or run release_batch_job or register_job_definition before.']
      : [`Give job_definition_name. This workflow released: ${[...released.keys()].join(', ')}.`],
  );
}

/**
 * What this workflow released: revisions by the name of the definition; what came later counts, and this job's own is the
 * latest.
 */
export function releasedDefinitions(record: readonly RecordEntry[], env: ActionContext['env']): Map<string, number> {
  const arns = [...record.map(({ outputs }) => outputs['jobDefinitionArn']), env[outputVariable('jobDefinitionArn')]];
  return new Map(
    arns.flatMap((arn) => {
      const [, name, revision] = /:job-definition\/([^:/]+):(\d+)$/.exec(typeof arn === 'string' ? arn : '') ?? [];
      return name === undefined ? [] : [[name, Number(revision)] as const];
    }),
  );
}

/** Looks the revision up. Throws (exit code 5) when it isn't there or can no longer be used. */
export async function chooseDefinition(asked: AskedDefinition, session: AwsSession): Promise<ChosenDefinition> {
  const batch = await session.batch();
  const described =
    asked.revision === undefined
      ? newestRevision(await batch.activeRevisions(asked.name))
      : await batch.revision(asked.name, asked.revision);
  if (!described) throw notFound(asked, session);
  const nameAndRevision = `${asked.name}:${revisionNumber(described)}`;
  if (described['status'] === 'INACTIVE') throw inactive(nameAndRevision);
  return { nameAndRevision, arn: revisionArn(described), described };
}

function notFound({ name, revision }: AskedDefinition, { region, identity }: AwsSession): DeployError {
  return new DeployError({
    code: 'batch.definition_not_found',
    title:
      revision === undefined
        ? `there is no active revision of job definition ${name}`
        : `there is no revision ${revision} of job definition ${name}`,
    message: `Looked in ${region}, account ${identity.accountId}.`,
    hints: ['Check the name and the region, or release the job first (release_batch_job). Nothing was submitted.'],
    exitCode: EXIT.notFound,
  });
}

function inactive(nameAndRevision: string): DeployError {
  return new DeployError({
    code: 'batch.definition_inactive',
    title: `revision ${nameAndRevision} is INACTIVE: it was deregistered`,
    hints: [
      'Leave revision out to run the newest active one, or release the job again. Nothing can make a revision active again. Nothing was submitted.',
    ],
    exitCode: EXIT.notFound,
  });
}
