import { createHash, randomBytes } from 'node:crypto';

import { isJsonObject } from '../core/json.ts';
import { credentialScope } from './request-region.ts';
import type { ServiceRequest, World } from './service.ts';

/** Who a request comes from, as `sts get-caller-identity` says it. */
export interface Identity {
  account: string;
  arn: string;
  userId: string;
}

/** What a session token of ours says. AWS's tokens are opaque too; ours hold the session, so that none has to be kept. */
interface Session extends Identity {
  accessKeyId: string;
  /** Milliseconds since the epoch, of the virtual clock. */
  expires: number;
}

export interface IssuedCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiration: Date;
}

const TOKEN_PREFIX = 'LocalAws.';
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The session that the request's credentials belong to; undefined for any other key. */
function sessionOf(request: ServiceRequest): Session | undefined {
  const token = request.headers['x-amz-security-token'] ?? request.query.get('X-Amz-Security-Token') ?? '';
  if (!token.startsWith(TOKEN_PREFIX)) return undefined;
  try {
    const session: unknown = JSON.parse(Buffer.from(token.slice(TOKEN_PREFIX.length), 'base64url').toString('utf8'));
    return isSession(session) ? session : undefined;
  } catch {
    return undefined;
  }
}

function isSession(value: unknown): value is Session {
  if (!isJsonObject(value)) return false;
  const texts = [value['account'], value['arn'], value['userId'], value['accessKeyId']];
  return texts.every((text) => typeof text === 'string') && typeof value['expires'] === 'number';
}

/** Any key that the local AWS did not issue is the same user of the one account. */
export function callerIdentity(request: ServiceRequest, world: World): Identity {
  const session = sessionOf(request);
  if (session !== undefined) return { account: session.account, arn: session.arn, userId: session.userId };
  const arn = `arn:aws:iam::${world.accountId}:user/local`;
  return { account: world.accountId, arn, userId: uniqueId('AIDA', arn) };
}

/** What is wrong with the session that the request uses; undefined when nothing is, or when it uses none of ours. */
export function sessionProblem(request: ServiceRequest, world: World): 'expired' | 'invalid' | undefined {
  const session = sessionOf(request);
  if (session === undefined) return undefined;
  if (session.accessKeyId !== credentialScope(request)?.accessKeyId) return 'invalid';
  return world.clock.now().getTime() >= session.expires ? 'expired' : undefined;
}

/** `arn:aws:iam::123456789012:role/path/name` in its parts; undefined when it is none. */
export function parseRoleArn(arn: string): { partition: string; account: string; name: string } | undefined {
  const match = /^arn:(aws[a-z-]*):iam::(\d{12}):role\/(?:[\x21-\x7e]+\/)?([\w+=,.@-]{1,64})$/.exec(arn);
  return match === null ? undefined : { partition: match[1]!, account: match[2]!, name: match[3]! };
}

export function assumedRole(role: { partition: string; account: string; name: string }, sessionName: string): Identity {
  const { partition, account, name } = role;
  return {
    account,
    arn: `arn:${partition}:sts::${account}:assumed-role/${name}/${sessionName}`,
    userId: `${uniqueId('AROA', `${account}/${name}`)}:${sessionName}`,
  };
}

export function issueCredentials(
  identity: Identity,
  durationSeconds: number,
  world: Pick<World, 'clock'>,
): IssuedCredentials {
  const accessKeyId = `ASIA${base32(randomBytes(16))}`;
  // Whole seconds, as in what AWS answers.
  const expires = Math.floor(world.clock.now().getTime() / 1000 + durationSeconds) * 1000;
  const session: Session = { ...identity, accessKeyId, expires };
  return {
    accessKeyId,
    secretAccessKey: randomBytes(30).toString('base64'),
    sessionToken: TOKEN_PREFIX + Buffer.from(JSON.stringify(session)).toString('base64url'),
    expiration: new Date(expires),
  };
}

/** IAM's ids: four letters for the kind and 17 characters, here the same for the same thing. */
function uniqueId(prefix: string, of: string): string {
  return prefix + base32(createHash('sha256').update(of).digest().subarray(0, 17));
}

function base32(bytes: Buffer): string {
  return [...bytes].map((byte) => BASE32[byte % 32]).join('');
}
