/** A token as CircleCI gives one to a job. Its signature says nothing, and nobody here checks it. */
export function oidcToken(claims: Readonly<Record<string, unknown>> = {}): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const organization = '5b1c9f0e-8f4f-4c8e-9a56-6d2f0a8f3c11';
  const payload = {
    iss: `https://oidc.circleci.com/org/${organization}`,
    aud: organization,
    sub: `org/${organization}/project/1/user/2`,
    exp: Math.floor(Date.now() / 1000) + 3600,
    ...claims,
  };
  return [
    part({ alg: 'RS256', typ: 'JWT' }),
    part(payload),
    Buffer.from('not-a-real-signature').toString('base64url'),
  ].join('.');
}
