import { oidcToken } from './oidc-token.ts';

/** Secrets that a job has in its environment. */
export const VARIABLES = {
  AWS_SECRET_ACCESS_KEY: 'planted-secret-access-key',
  AWS_SESSION_TOKEN: 'planted-session-token',
  SLACK_TOKEN: 'planted-slack-token',
  NPM_TOKEN: 'planted-npm-token',
  // A log is shown line by line.
  SIGNING_PRIVATE_KEY: '-----BEGIN KEY-----\nplanted-first-line\nplanted-second-line\n-----END KEY-----\n',
  // Quotes and backslashes stand otherwise in JSON.
  DB_PASSWORD: 'planted "db" \\password',
  CIRCLE_OIDC_TOKEN_V2: oidcToken({ planted: 'oidc-token' }),
};
/** Only its name says that it is one: it is in the definition and in no variable. */
export const IN_DEFINITION = 'planted-api-key';

/** What a careless job or task writes to its log. */
export const TALKATIVE_LOG = [
  'the job tells all that it knows',
  ...Object.entries(VARIABLES).flatMap(([name, value]) => `${name}=${value}`.split('\n')),
  JSON.stringify({ API_TOKEN: IN_DEFINITION, ...VARIABLES }),
  `Authorization: Bearer ${IN_DEFINITION}`,
];
