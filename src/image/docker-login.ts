import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isJsonObject, type JsonValue } from '../core/json.ts';
import { readDockerConfig } from './docker-config.ts';
import type { RegistryCredentials } from './registry/auth.ts';

/**
 * Calls `work` with an environment in which docker is logged in to one registry. The login lies in a folder of its own that only this
 * user can read and that is removed afterwards; everything else of the user's configuration (contexts, plugins, builders, proxies, other
 * logins) is there as ever. `work` is also told the secrets of all logins, which docker prints when it is told to debug.
 */
export async function withDockerLogin<T>(
  host: string,
  credentials: RegistryCredentials | undefined,
  env: NodeJS.ProcessEnv,
  work: (env: NodeJS.ProcessEnv, secrets: readonly string[]) => Promise<T>,
): Promise<T> {
  if (!credentials) return work(env, []);
  const config = await readDockerConfig(env);
  const folder = await mkdtemp(join(tmpdir(), 'aws-deploy-docker-'));
  try {
    for (const name of await namesIn(config.folder)) {
      if (name !== 'config.json') await symlink(resolve(config.folder, name), join(folder, name));
    }
    const { auths, credHelpers } = config.content;
    const auth = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
    const content = {
      ...config.content,
      auths: { ...(isJsonObject(auths) ? auths : {}), [host]: { auth } },
      // An empty helper means "this file", also where a common store is set.
      credHelpers: { ...(isJsonObject(credHelpers) ? credHelpers : {}), [host]: '' },
    };
    await writeFile(join(folder, 'config.json'), JSON.stringify(content), { mode: 0o600 });
    const secrets = [credentials.password, ...Object.values(content.auths).flatMap(textsIn)];
    return await work({ ...env, DOCKER_CONFIG: folder }, secrets);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function textsIn(login: JsonValue): string[] {
  return isJsonObject(login) ? Object.values(login).filter((text) => typeof text === 'string') : [];
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}
