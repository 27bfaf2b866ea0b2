import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from '@jest/globals';
import { bundleCli, FULL } from '../../../scripts/cli-bundle.ts';

const built: string[] = [];

afterAll(removeBuilt);

/** For who builds outside of a hook: when no test of a file runs, neither does afterAll. */
export async function removeBuilt(): Promise<void> {
  await Promise.all(built.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
}

/**
 * The npm package with the command line bundled from the sources as they are now, so that a test never runs a stale
 * build. It is removed after the last test of the file.
 * @returns path of the program
 */
export async function buildCli(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'aws-deploy-cli-'));
  built.push(folder);
  for (const { path, bytes } of await bundleCli(process.cwd(), FULL)) {
    await mkdir(dirname(join(folder, 'dist', path)), { recursive: true });
    await writeFile(join(folder, 'dist', path), bytes);
  }
  await writeFile(join(folder, 'dist', 'package.json'), '{"type":"commonjs"}');
  for (const part of ['package.json', 'orb']) await symlink(join(process.cwd(), part), join(folder, part));
  return join(folder, 'dist', 'aws-deploy.js');
}
