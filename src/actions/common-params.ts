import type { Params } from '../params/declaration.ts';

/** Parameters of every action that talks to AWS. */
export const awsParams = {
  region: {
    type: 'string',
    description: 'AWS region. When empty, AWS_REGION, AWS_DEFAULT_REGION or the profile decide.',
  },
  expectedAccountId: {
    type: 'string',
    pattern: /^\d{12}$/,
    patternHint: 'twelve digits',
    description: 'Stop before anything is changed when the credentials belong to another AWS account than this one.',
  },
} as const satisfies Params;

/** Parameters of every action that changes something. */
export const changeParams = {
  ...awsParams,
  dryRun: {
    type: 'boolean',
    default: false,
    description: 'Print what would change, with a diff, and change nothing.',
  },
} as const satisfies Params;

/** Parameters of every action that can take its inputs from the results of earlier jobs. */
export const recordParams = {
  record: {
    type: 'boolean',
    default: false,
    only: 'cli',
    description: 'Read the image and script of earlier commands from the release record, as jobs on CircleCI do.',
  },
} as const satisfies Params;
