import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DeployError } from '../core/errors.ts';
import { EXIT } from '../core/exit-codes.ts';
import { isJsonObject, type JsonObject } from '../core/json.ts';
import type { Environment } from './client-settings.ts';

/** Renewed when it would end within this time. CircleCI's tokens live one hour. */
const MARGIN_MS = 5 * 60_000;

/** The claims of a JSON Web Token, unverified: verifying is the business of AWS STS. Undefined when it is none. */
export function tokenClaims(token: string): JsonObject | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return isJsonObject(claims) ? claims : undefined;
  } catch {
    return undefined;
  }
}

export function isAboutToExpire(token: string, now: Date): boolean {
  const expiry = tokenClaims(token)?.['exp'];
  return typeof expiry === 'number' && expiry * 1000 - now.getTime() < MARGIN_MS;
}

/** Keeps the token where only this user can read it; a reader never sees half of it. */
export async function writeToken(file: string, token: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const beside = `${file}.${randomUUID()}`;
  await writeFile(beside, token, { mode: 0o600 });
  await chmod(beside, 0o600);
  await rename(beside, file);
}

/**
 * The token in the file, renewed by `circleci run oidc get` with the same audience when its hour is nearly over.
 * Throws (exit code 3) when it can't be read.
 */
export async function currentToken(file: string, now: Date, env: Environment): Promise<string> {
  const token = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new DeployError({
      code: 'oidc.no_token_file',
      title: `the OIDC token file can not be read: ${file}`,
      hints: ['Run assume_role in this job, before this step.'],
      exitCode: EXIT.credentials,
      cause,
    });
  });
  if (!isAboutToExpire(token, now)) return token.trim();
  const renewed = await renewToken(tokenClaims(token)?.['aud'], env);
  if (renewed === undefined) return token.trim();
  await writeToken(file, renewed);
  return renewed;
}

/** Undefined where the command is not there (outside CircleCI) or has no token to give. */
async function renewToken(audience: unknown, env: Environment): Promise<string | undefined> {
  // Once an hour at most; loaded always, they would take 2 ms of every action.
  const [{ spawn }, { text }] = await Promise.all([import('node:child_process'), import('node:stream/consumers')]);
  const claims = JSON.stringify({ aud: Array.isArray(audience) ? audience[0] : audience });
  const child = spawn('circleci', ['run', 'oidc', 'get', '--claims', claims], {
    env: { ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exited = new Promise<number>((resolve) => {
    child.on('error', () => resolve(-1));
    child.on('close', (code) => resolve(code ?? -1));
  });
  const [output, exitCode] = await Promise.all([text(child.stdout), exited]);
  return exitCode === 0 && output.trim() !== '' ? output.trim() : undefined;
}
