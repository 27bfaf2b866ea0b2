/** Fills dist/: the command line of the npm package, and the CLI archive that the orb installs. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buildCliArchive, executable } from './cli-archive.ts';
import { bundleCli, FULL } from './cli-bundle.ts';

export async function main(_args: readonly string[], root: string): Promise<number> {
  const dist = join(root, 'dist');
  await rm(dist, { recursive: true, force: true });
  for (const { path, bytes } of await bundleCli(root, FULL)) {
    const file = join(dist, path);
    await mkdir(dirname(file), { recursive: true });
    const front = path === 'aws-deploy.js';
    await writeFile(file, front ? executable(bytes) : bytes, { mode: front ? 0o755 : 0o644 });
  }
  // The package is one of ES modules; the front is none.
  await writeFile(join(dist, 'package.json'), '{ "type": "commonjs" }\n');
  const archive = await buildCliArchive(root);
  await writeFile(join(dist, archive.fileName), archive.bytes);
  console.log(
    `dist/aws-deploy.js and dist/${archive.fileName} (${archive.bytes.length} bytes, sha256 ${archive.sha256})`,
  );
  return 0;
}
