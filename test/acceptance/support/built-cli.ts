import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from '@jest/globals';
import { bundleCli, FULL } from '../../../scripts/cli-bundle.ts';

/**
 * The command line, bundled from the sources as they are now, so that a test never runs a stale build.
 * @returns path of the program; it is removed after the last test of the file
 */
export async function buildCli(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'aws-deploy-cli-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  for (const { path, bytes } of await bundleCli(process.cwd(), FULL)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  await writeFile(join(folder, 'package.json'), '{"type":"commonjs"}');
  return join(folder, 'aws-deploy.js');
}
