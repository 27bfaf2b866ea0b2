import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { AwsError } from '../aws-error.ts';

export interface WebIdentity {
  issuer: string;
  subject: string;
  audience: string;
}

/**
 * Whose identity an OIDC token states. Its signature is not checked: there is nobody here to ask for the issuer's keys.
 * Throws InvalidIdentityToken, or ExpiredTokenException when its `exp` has passed at `now`.
 */
export function readWebIdentityToken(token: string, now: Date): WebIdentity {
  const parts = token.split('.');
  const header = decodePart(parts[0]);
  const claims = decodePart(parts[1]);
  if (parts.length !== 3 || header === undefined || claims === undefined || typeof header['alg'] !== 'string') {
    throw invalidToken(
      'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    );
  }
  const { iss, sub, aud, exp } = claims;
  const audience: unknown = Array.isArray(aud) ? aud[0] : aud;
  if (typeof iss !== 'string') throw invalidToken('Missing a required claim: iss');
  if (typeof sub !== 'string') throw invalidToken('Missing a required claim: sub');
  if (typeof audience !== 'string') throw invalidToken('Missing a required claim: aud');
  if (typeof exp !== 'number') throw invalidToken('Missing a required claim: exp');
  const seconds = Math.floor(now.getTime() / 1000);
  if (seconds >= exp) {
    const message = `Token expired: current date/time ${seconds} must be before the expiration date/time ${exp}`;
    throw new AwsError('ExpiredTokenException', message);
  }
  return { issuer: iss, subject: sub, audience };
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

function invalidToken(message: string): AwsError {
  return new AwsError('InvalidIdentityToken', message);
}
