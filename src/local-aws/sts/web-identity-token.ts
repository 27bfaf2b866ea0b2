import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { AwsError } from '../aws-error.ts';

export interface WebIdentity {
  readonly issuer: string;
  readonly subject: string;
  /** At least one. */
  readonly audiences: readonly string[];
  /** Seconds since the epoch. */
  readonly expires: number;
  readonly header: JsonObject;
  readonly claims: JsonObject;
  /** What the signature is for. */
  readonly signed: Buffer;
  readonly signature: Buffer;
}

/** Whose identity an OIDC token states. Whether that is true, and still so, is not looked at. Throws InvalidIdentityToken. */
export function readWebIdentityToken(token: string): WebIdentity {
  const parts = token.split('.');
  const header = decodePart(parts[0]);
  const claims = decodePart(parts[1]);
  if (parts.length !== 3 || header === undefined || claims === undefined || typeof header['alg'] !== 'string') {
    throw invalidToken(
      'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    );
  }
  const { iss, sub, aud, exp } = claims;
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  if (typeof iss !== 'string') throw invalidToken('Missing a required claim: iss');
  if (typeof sub !== 'string') throw invalidToken('Missing a required claim: sub');
  if (!areTexts(audiences)) throw invalidToken('Missing a required claim: aud');
  if (typeof exp !== 'number') throw invalidToken('Missing a required claim: exp');
  return {
    issuer: iss,
    subject: sub,
    audiences,
    expires: exp,
    header,
    claims,
    signed: Buffer.from(`${parts[0]}.${parts[1]}`),
    signature: Buffer.from(parts[2]!, 'base64url'),
  };
}

/** Throws ExpiredTokenException when the token's `exp`, and `skewSeconds` more, have passed at `now`. */
export function checkExpiry({ expires }: WebIdentity, now: Date, skewSeconds = 0): void {
  const seconds = Math.floor(now.getTime() / 1000);
  if (seconds < expires + skewSeconds) return;
  const message = `Token expired: current date/time ${seconds} must be before the expiration date/time ${expires}`;
  throw new AwsError('ExpiredTokenException', message);
}

function areTexts(values: readonly unknown[]): values is readonly string[] {
  return values.length > 0 && values.every((value) => typeof value === 'string');
}

function decodePart(part: string | undefined): JsonObject | undefined {
  if (part === undefined || !/^[\w-]+$/.test(part)) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function invalidToken(message: string): AwsError {
  return new AwsError('InvalidIdentityToken', message);
}
