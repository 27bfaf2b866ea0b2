import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

import { assumedRole, issueCredentials, parseRoleArn } from './identity.ts';
import type { ServiceRequest, ServiceResponse, World } from './service.ts';

/** Under the control API's path, but for containers: it wants their token. */
export const CREDENTIALS_PATH = '/_aws-deploy/credentials/';

const SESSION_SECONDS = 6 * 3600;

/** The endpoint that the SDKs in a container ask for the credentials of its role, as ECS has it. */
export class ContainerCredentials {
  readonly #world: Pick<World, 'endpoint' | 'clock'>;
  /** One secret per start: the token of a container is made from it and its ID, so that none has to be kept. */
  readonly #secret = randomBytes(32);
  /** Role by container. */
  readonly #roles = new Map<string, string>();

  constructor(world: Pick<World, 'endpoint' | 'clock'>) {
    this.#world = world;
  }

  /** The variables by which an SDK finds the endpoint. `id` names the container, and its session in the role. */
  environment(roleArn: string, id: string): Record<string, string> {
    this.#roles.set(id, roleArn);
    return {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${this.#world.endpoint()}${CREDENTIALS_PATH}${id}`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: this.#tokenOf(id),
    };
  }

  /** The container has ended. */
  revoke(id: string): void {
    this.#roles.delete(id);
  }

  clear(): void {
    this.#roles.clear();
  }

  answer(request: ServiceRequest): ServiceResponse {
    const id = request.path.slice(CREDENTIALS_PATH.length);
    const roleArn = this.#roles.get(id);
    const token = request.headers['authorization'] ?? '';
    if (roleArn === undefined || !sameText(token, this.#tokenOf(id))) {
      return json(403, { code: 'AccessDenied', message: 'This is not the token of a container that runs.' });
    }
    const role = parseRoleArn(roleArn);
    if (role === undefined) return json(400, { code: 'InvalidRole', message: `${roleArn} is not the ARN of a role.` });
    const credentials = issueCredentials(assumedRole(role, id), SESSION_SECONDS, this.#world);
    return json(200, {
      RoleArn: roleArn,
      AccessKeyId: credentials.accessKeyId,
      SecretAccessKey: credentials.secretAccessKey,
      Token: credentials.sessionToken,
      Expiration: credentials.expiration.toISOString(),
    });
  }

  #tokenOf(id: string): string {
    return createHash('sha256').update(this.#secret).update(id).digest('base64url');
  }
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function json(status: number, body: object): ServiceResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
