import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { DeployError, invalidFile } from '../core/errors.ts';
import { EXIT } from '../core/exit-codes.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../core/json.ts';
import type { RegistryCredentials } from './registry/auth.ts';
import { runProgram } from './run-program.ts';

/** What `docker login` left behind: https://docs.docker.com/reference/cli/docker/#docker-cli-configuration-file-configjson-properties */
export interface DockerConfig {
  /** Folder that holds config.json, cli-plugins and contexts. */
  folder: string;
  /** config.json as it is; empty when there is none. */
  content: JsonObject;
}

const DOCKER_HUB_KEY = 'https://index.docker.io/v1/';

/** Reads config.json from `DOCKER_CONFIG` or `~/.docker`. A missing file is an empty one. */
export async function readDockerConfig(env: NodeJS.ProcessEnv): Promise<DockerConfig> {
  const folder = env['DOCKER_CONFIG'] || join(env['HOME'] || homedir(), '.docker');
  const file = join(folder, 'config.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { folder, content: {} };
    throw invalidFile("Docker's configuration can not be read", `${file}: ${message}`);
  }
  let content: JsonValue;
  try {
    content = JSON.parse(text.trim() === '' ? '{}' : text) as JsonValue;
  } catch (error) {
    throw invalidFile("Docker's configuration is not JSON", `${file}: ${(error as Error).message}`);
  }
  if (!isJsonObject(content)) throw invalidFile("Docker's configuration is no JSON object", file);
  return { folder, content };
}

/**
 * The login for a registry (`docker.io`, `ghcr.io`) as Docker would find it: its own credential helper, the common store, or `auths`.
 * Undefined when there is none: then the registry is asked without.
 * @throws DeployError (exit code 3) when a credential helper is missing or fails
 */
export async function dockerCredentials(
  config: DockerConfig,
  registry: string,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<RegistryCredentials | undefined> {
  const { credHelpers, credsStore, auths } = config.content;
  const key = registry === 'docker.io' ? DOCKER_HUB_KEY : registry;
  const own = isJsonObject(credHelpers) ? (credHelpers[key] ?? credHelpers[registry]) : undefined;
  const helper = typeof own === 'string' ? own : typeof credsStore === 'string' ? credsStore : '';
  if (helper !== '') return askHelper(helper, key, env, signal);
  const entries = isJsonObject(auths) ? Object.entries(auths) : [];
  const entry = entries.find(([name]) => name === key) ?? entries.find(([name]) => hostOf(name) === hostOf(key));
  return entry && isJsonObject(entry[1]) ? credentialsOf(entry[1]) : undefined;
}

function credentialsOf(entry: JsonObject): RegistryCredentials | undefined {
  const { auth, username, password, identitytoken } = entry;
  if (typeof identitytoken === 'string' && identitytoken !== '')
    return { username: '<token>', password: identitytoken };
  if (typeof auth === 'string' && auth !== '') {
    const decoded = Buffer.from(auth, 'base64').toString('utf8').replace(/\0+$/, '');
    const colon = decoded.indexOf(':');
    if (colon > 0) return { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
  }
  return typeof username === 'string' && typeof password === 'string' ? { username, password } : undefined;
}

/** The protocol of https://github.com/docker/docker-credential-helpers: the server on stdin, JSON on stdout. */
async function askHelper(
  helper: string,
  server: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<RegistryCredentials | undefined> {
  const fail = (why: string): DeployError =>
    new DeployError({
      code: 'docker.credential_helper_failed',
      title: `The credential helper for ${server} failed`,
      message: `docker-credential-${helper}: ${why}`,
      hints: ['Install or repair it, or change credsStore and credHelpers in the config.json of Docker.'],
      exitCode: EXIT.credentials,
    });
  if (!/^[A-Za-z0-9._-]+$/.test(helper)) throw fail('this is not a name of a program');
  const end = await runProgram(`docker-credential-${helper}`, ['get'], {
    env,
    signal,
    input: server,
    timeoutMs: 60_000,
  });
  if (end.kind === 'missing') throw fail('there is no such program in PATH');
  if (end.kind === 'timed-out') throw fail('no answer for 60 s');
  if (end.code !== 0) {
    const said = end.lines.join(' ').trim();
    if (/credentials not found/i.test(said)) return undefined;
    throw fail(said || `exit code ${end.code}`);
  }
  let answer: JsonValue;
  try {
    answer = JSON.parse(end.stdout) as JsonValue;
  } catch {
    throw fail('its answer is not JSON');
  }
  const { Username, Secret } = isJsonObject(answer) ? answer : {};
  if (typeof Username !== 'string' || typeof Secret !== 'string') throw fail('its answer lacks Username or Secret');
  return { username: Username, password: Secret };
}

/** `https://ghcr.io/v1/` and `ghcr.io` are one registry. */
function hostOf(key: string): string {
  return key.replace(/^https?:\/\//, '').split('/')[0] ?? key;
}
