import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  CreateRepositoryCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  type ImageTagMutability,
} from '@aws-sdk/client-ecr';
import type { Backoff } from '../../src/image/registry/retry.ts';
import type { RegistryCredentials } from '../../src/image/registry/auth.ts';
import { RegistryClient } from '../../src/image/registry-client.ts';
import { startLocalAws, type LocalAws } from '../../src/local-aws/server.ts';

/** Repeats at once. */
export const noWait: Backoff = { attempts: 4, wait: () => Promise.resolve() };

/** The registry of a local AWS, with a token for it. */
export interface LocalRegistry {
  aws: LocalAws;
  host: string;
  credentials: RegistryCredentials;
  client(signal?: AbortSignal): RegistryClient;
  createRepository(name: string, mutability?: ImageTagMutability): Promise<void>;
  /** Names of the registry operations that were called. */
  operations(): string[];
  close(): Promise<void>;
}

export async function startLocalRegistry(): Promise<LocalRegistry> {
  const aws = await startLocalAws();
  const ecr = new ECRClient({
    endpoint: aws.endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
  });
  const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}));
  const token = Buffer.from(authorizationData?.[0]?.authorizationToken ?? '', 'base64').toString();
  const [username = '', password = ''] = token.split(':');
  const credentials = { username, password };
  const { host } = new URL(aws.endpoint);
  const clients: RegistryClient[] = [];
  return {
    aws,
    host,
    credentials,
    client(signal) {
      const client = new RegistryClient({ scheme: 'http', host, credentials, signal, backoff: noWait });
      clients.push(client);
      return client;
    },
    async createRepository(repositoryName, imageTagMutability = 'MUTABLE') {
      await ecr.send(new CreateRepositoryCommand({ repositoryName, imageTagMutability }));
    },
    operations: () =>
      aws.control
        .requests()
        .map(({ operation }) => operation)
        .filter((name) => name.startsWith('registry:')),
    async close() {
      for (const client of clients) client.close();
      ecr.destroy();
      await aws.close();
    },
  };
}

/** A folder with these files; a value with a mode is `[content, mode]`. */
export function folderOf(files: Readonly<Record<string, string | [string, number]>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'image-test-'));
  for (const [name, value] of Object.entries(files)) {
    const [content, mode] = typeof value === 'string' ? [value, 0o644] : value;
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content, { mode });
  }
  return folder;
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
