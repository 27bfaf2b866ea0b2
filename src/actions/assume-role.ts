import type { Inputs, Outputs, Params } from '../params/declaration.ts';
import { awsParams } from './common-params.ts';
import { defineAction } from './define-action.ts';

const params = {
  roleArn: {
    type: 'string',
    pattern: /^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/,
    patternHint: 'arn:aws:iam::<account>:role/<name>',
    description: 'Role to assume with the OIDC token of the job. Its trust policy must allow the CircleCI project.',
  },
  roleSessionName: {
    type: 'string',
    advanced: true,
    pattern: /^[\w+=,.@-]{2,64}$/,
    patternHint: '2 to 64 letters, digits or _+=,.@-',
    description: 'Name of the session in CloudTrail. When empty: made from the project and the job number.',
  },
  profile: { type: 'string', advanced: true, description: 'Named profile that the rest of the job uses.' },
  ...awsParams,
} as const satisfies Params;

export type AssumeRoleInputs = Inputs<typeof params>;

const outputs = {
  accountId: { type: 'string', description: 'The AWS account.' },
  callerArn: { type: 'string', description: 'ARN of the identity.' },
} as const satisfies Outputs;

export type AssumeRoleOutputs = typeof outputs;

export const assumeRole = defineAction({
  name: 'assume-role',
  summary: 'Take on an AWS identity for the rest of the job, and print who that is.',
  details: [
    "With role_arn, the job's OIDC token is exchanged for the role; later steps, the AWS CLI among them, use the same role and nothing secret is written but the short-lived token. Static keys that would win over the role are an error.",
    'Without role_arn, the keys or the profile that every AWS tool would use are checked and printed.',
  ],
  params,
  outputs,
  surfaces: ['orb-command', 'cli'],
  awsCalls: ['sts:AssumeRoleWithWebIdentity', 'sts:GetCallerIdentity'],
  async run(inputs, context) {
    const { takeOnIdentity } = await import('./identity/take-on-identity.ts');
    return takeOnIdentity(inputs, context);
  },
});
