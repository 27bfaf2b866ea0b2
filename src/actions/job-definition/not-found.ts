import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';

/** There is nothing to work on: exit code 5. */
export function noActiveRevision(name: string, { region, identity }: AwsSession): DeployError {
  return new DeployError({
    code: 'batch.definition_not_found',
    title: `there is no active revision of job definition ${name}`,
    message: `Looked in ${region}, account ${identity.accountId}.`,
    hints: ['Check the name and the region.'],
    exitCode: EXIT.notFound,
  });
}
