/** A token as CircleCI gives it to jobs; nobody checks the signature. */
export function oidcToken(expiresAt: Date, claims: Readonly<Record<string, unknown>> = {}): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const payload = {
    iss: 'https://oidc.circleci.com/org/11111111-2222-3333-4444-555555555555',
    sub: 'org/1/project/2/user/3',
    aud: '11111111-2222-3333-4444-555555555555',
    exp: Math.floor(expiresAt.getTime() / 1000),
    ...claims,
  };
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(payload)}.c2lnbmF0dXJl`;
}

export function inMinutes(minutes: number, from = new Date()): Date {
  return new Date(from.getTime() + minutes * 60_000);
}
