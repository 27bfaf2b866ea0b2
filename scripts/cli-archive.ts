import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as Brotli from 'brotli-wasm';
import { tarHeader, TAR_END } from '../src/core/tar-writer.ts';
import type { ArchiveFacts } from '../src/orb/package-facts.ts';
import { bundleCli, DEPLOY, packageFacts } from './cli-bundle.ts';

const BLOCK = 512;

/** Its build for import() is for browsers. */
const brotli = createRequire(import.meta.url)('brotli-wasm') as typeof Brotli;

export interface CliArchive extends ArchiveFacts {
  bytes: Uint8Array;
  /** What is in it, by path. */
  files: ReadonlyMap<string, Uint8Array>;
}

/**
 * The archive that the orb's install step fetches: the deploy commands, and SHA256SUMS over all files. Names sorted, one
 * fixed time, root as owner, and a compressor in WebAssembly, so that every machine makes the same bytes. Brotli, as every
 * Node can unpack it: a sixth less than gzip.
 */
export async function buildCliArchive(root: string): Promise<CliArchive> {
  const { version } = await packageFacts(root);
  const files = await archiveFiles(root, version);
  const sums = Buffer.from([...files].map(([path, bytes]) => `${sha256(bytes)}  ${path}\n`).join(''));
  files.set('SHA256SUMS', sums);
  const bytes = brotli.compress(tarOf(files), { quality: 11 });
  return {
    fileName: `aws-deploy-cli-${version}.tar.br`,
    sha256: sha256(bytes),
    sumsSha256: sha256(sums),
    bytes,
    files,
  };
}

async function archiveFiles(root: string, version: string): Promise<Map<string, Uint8Array>> {
  const bundle = await bundleCli(root, DEPLOY);
  const files: [string, Uint8Array][] = [
    ...bundle.map(({ path, bytes }): [string, Uint8Array] =>
      path === 'aws-deploy.js' ? ['bin/aws-deploy', executable(bytes)] : [`bin/${path}`, bytes],
    ),
    ['LICENSE', await readFile(join(root, 'LICENSE'))],
    ['package.json', Buffer.from(`${JSON.stringify({ name: 'aws-deploy-cli', version, type: 'commonjs' })}\n`)],
  ];
  return new Map(files.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** The front as a program that the system starts by itself. */
export function executable(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from('#!/usr/bin/env node\n'), bytes]);
}

function tarOf(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const parts = [...files].flatMap(([path, bytes]) => {
    const mode = path === 'bin/aws-deploy' ? 0o755 : 0o644;
    const entry = { kind: 'file' as const, path, mode, uid: 0, gid: 0, size: bytes.length, linkTarget: '' };
    return [tarHeader(entry, 0), bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)];
  });
  return Buffer.concat([...parts, TAR_END]);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
