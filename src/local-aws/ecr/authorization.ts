import { isJsonObject } from '../../core/json.ts';
import { DEFAULT_REGION } from '../request-region.ts';
import type { ServiceRequest, World } from '../service.ts';

const HOURS_VALID = 12;
const USER = 'AWS';

export interface RegistryToken {
  /** `AWS:<password>` in base64, which is also what follows `Basic` in a header. */
  token: string;
  expiresAt: Date;
}

/** A token for the registry. Its password says for which region it is and how long: a registry request says neither. */
export function issueToken(world: World, region: string): RegistryToken {
  // Whole seconds, as in what AWS answers.
  const expires = Math.floor(world.clock.now().getTime() / 1000) + HOURS_VALID * 3600;
  const payload = JSON.stringify({ version: 'local', region, expiration: expires });
  const password = Buffer.from(payload).toString('base64url');
  return { token: Buffer.from(`${USER}:${password}`).toString('base64'), expiresAt: new Date(expires * 1000) };
}

export type RegistryAccess = { region: string } | 'missing' | 'invalid' | 'expired';

/** The query parameter that carries a token in the address of a layer, where there is no header. */
export const TOKEN_PARAMETER = 'X-Amz-Registry-Token';

/** Reads the token of a registry request. */
export function registryAccess(world: World, request: ServiceRequest): RegistryAccess {
  const header = /^Basic\s+(\S+)$/i.exec(request.headers['authorization'] ?? '')?.[1];
  const token = header ?? request.query.get(TOKEN_PARAMETER);
  if (token === undefined || token === null) return 'missing';
  const [user, password = ''] = Buffer.from(token, 'base64').toString().split(':');
  const payload = readPassword(password);
  if (user !== USER || payload === undefined) return 'invalid';
  return world.clock.now().getTime() >= payload.expiration * 1000 ? 'expired' : { region: payload.region };
}

/** The region of a registry request, for logs and ARNs; the default one when its token is none of ours. */
export function registryRegion(world: World, request: ServiceRequest): string {
  const access = registryAccess(world, request);
  return typeof access === 'string' ? DEFAULT_REGION : access.region;
}

function readPassword(password: string): { region: string; expiration: number } | undefined {
  try {
    const payload: unknown = JSON.parse(Buffer.from(password, 'base64url').toString());
    if (!isJsonObject(payload)) return undefined;
    const { version, region, expiration } = payload;
    if (version !== 'local' || typeof region !== 'string' || typeof expiration !== 'number') return undefined;
    return { region, expiration };
  } catch {
    return undefined;
  }
}
