import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { pipeline } from 'node:stream/promises';
import type { JobWorld } from '../../job-world.ts';
import type { KeyValues } from './cache-key.ts';
import { bytePath } from '../files/byte-path.ts';
import { LEADS_OUTSIDE, leadsOutside } from '../leads-outside.ts';
import { shownPath, stepPath } from '../job-folders.ts';
import { hasCode } from '../storage-error.ts';

/** What the keys of caches can insert in this job. */
export async function keyValues(world: JobWorld): Promise<KeyValues> {
  const { checkout, env } = world;
  return {
    branch: checkout.branch ?? '',
    buildNumber: env['CIRCLE_BUILD_NUM'] ?? '',
    revision: checkout.commit,
    checkoutKey: env['CHECKOUT_KEY'] ?? '',
    environment: env,
    arch: await archName(),
    epoch: Math.floor(Date.now() / 1000),
    checksum: (file) => checksumOf(file, world),
  };
}

/** SHA-256 in base 64, with `_` for `/`, as in the keys that CircleCI's logs show. */
async function checksumOf(file: string, world: JobWorld): Promise<string> {
  const path = stepPath(file, world);
  if (await leadsOutside(bytePath(path), world)) throw new Error(`open ${shownPath(path, world)}: ${LEADS_OUTSIDE}`);
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch (cause) {
    const why = hasCode(cause, 'ENOENT')
      ? 'no such file or directory'
      : hasCode(cause, 'EISDIR')
        ? 'is a directory'
        : hasCode(cause, 'EACCES')
          ? 'permission denied'
          : (cause as Error).message;
    throw new Error(`open ${shownPath(path, world)}: ${why}`, { cause });
  }
  return hash.digest('base64').replaceAll('/', '_');
}

const GO_ARCH: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };

/** `arch1-linux-amd64-6_85`, with family and model of the processor, as in the keys that CircleCI's logs show. */
async function archName(): Promise<string> {
  const processor = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  const number = (name: string): string => new RegExp(`^${name}\\s*:\\s*(\\d+)$`, 'm').exec(processor)?.[1] ?? '0';
  return `arch1-${platform()}-${GO_ARCH[arch()] ?? arch()}-${number('cpu family')}_${number('model')}`;
}
