import { join } from 'node:path';
import { writeToken } from '../../aws/oidc-token.ts';
import { exportVariables } from '../../circleci/bash-env.ts';
import type { JobEnvironment } from '../../circleci/job-environment.ts';
import { badArgument, DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import type { AssumeRoleInputs, AssumeRoleOutputs } from '../assume-role.ts';
import type { ActionContext } from '../context.ts';
import type { Outcome } from '../define-action.ts';

/** The work of assume-role. */
export async function takeOnIdentity(
  inputs: AssumeRoleInputs,
  context: ActionContext,
): Promise<Outcome<AssumeRoleOutputs>> {
  if (inputs.roleArn !== undefined && inputs.profile !== undefined) {
    throw badArgument('role_arn and profile exclude each other', ['Give the one that this job is to use.']);
  }
  const variables =
    inputs.roleArn === undefined
      ? profileVariables(inputs.profile)
      : await roleVariables(inputs.roleArn, inputs.roleSessionName, context);
  const region = inputs.region === undefined ? {} : { AWS_REGION: inputs.region, AWS_DEFAULT_REGION: inputs.region };
  const { identity } = await context.openSession(inputs, variables);
  await exportVariables(context.env, { ...variables, ...region });
  return {
    component: identity.accountId,
    status: 'unchanged',
    changes: [],
    outputs: { accountId: identity.accountId, callerArn: identity.arn },
  };
}

function profileVariables(profile: string | undefined): Record<string, string> {
  return profile === undefined ? {} : { AWS_PROFILE: profile };
}

/**
 * Leaves the OIDC token in a file and gives the variables by which every AWS SDK, and the AWS CLI, exchanges it for the
 * role by itself, as often as it needs to. Throws (exit code 3) when something else would win over the role.
 */
async function roleVariables(
  roleArn: string,
  sessionName: string | undefined,
  { env, job, stateFolder }: ActionContext,
): Promise<Record<string, string>> {
  const winner = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE'].find((name) => env[name]);
  if (winner !== undefined)
    throw credentialsError(`${winner} is set and would win over role_arn`, [
      `Remove ${winner} from the project settings and the contexts of this job, or leave role_arn out.`,
    ]);
  const token = env['CIRCLE_OIDC_TOKEN_V2'] || env['CIRCLE_OIDC_TOKEN'];
  if (!token) {
    throw credentialsError('there is no OIDC token for role_arn: CIRCLE_OIDC_TOKEN_V2 is not set', [
      'On CircleCI every job has one, except in builds of forked pull requests that get no secrets.',
      'Elsewhere leave role_arn out and log in as for the AWS CLI.',
    ]);
  }
  const tokenFile = join(stateFolder, 'oidc-token');
  await writeToken(tokenFile, token);
  return {
    AWS_ROLE_ARN: roleArn,
    AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile,
    AWS_ROLE_SESSION_NAME: sessionName ?? defaultSessionName(job),
  };
}

/** CloudTrail shows it: the project and the job number, in the characters that STS takes. */
function defaultSessionName({ project, buildNumber }: JobEnvironment): string {
  return `circleci-${project ?? 'job'}-${buildNumber ?? '0'}`.replaceAll(/[^\w+=,.@-]/g, '-').slice(0, 64);
}

function credentialsError(title: string, hints: readonly string[]): DeployError {
  return new DeployError({ code: 'credentials.role', title, hints, exitCode: EXIT.credentials });
}
