/** Fills dist/: the command line of the npm package, and the CLI archive that the orb installs. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buildCliArchive } from './cli-archive.ts';
import { bundleCli, FULL_ENTRY } from './cli-bundle.ts';

export async function main(_args: readonly string[], root: string): Promise<number> {
  const dist = join(root, 'dist');
  await rm(dist, { recursive: true, force: true });
  for (const { path, bytes } of await bundleCli(root, FULL_ENTRY)) {
    const file = join(dist, path);
    await mkdir(dirname(file), { recursive: true });
    const entry = path === 'aws-deploy.js';
    await writeFile(file, entry ? Buffer.concat([Buffer.from('#!/usr/bin/env node\n'), bytes]) : bytes, {
      mode: entry ? 0o755 : 0o644,
    });
  }
  const archive = await buildCliArchive(root);
  await writeFile(join(dist, archive.fileName), archive.bytes);
  console.log(
    `dist/aws-deploy.js and dist/${archive.fileName} (${archive.bytes.length} bytes, sha256 ${archive.sha256})`,
  );
  return 0;
}
