import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buildCliArchive } from './cli-archive.ts';
import { bundleCli, FULL } from './cli-bundle.ts';
import { generatedFiles, orbSources } from './generate.ts';

/**
 * Writes the npm package as it would be made of the sources as they are now: the orb, the program, and the archive that
 * jobs install. What lies in orb/ and dist/ of a checkout may be of other sources.
 */
export async function writePackageFolder(root: string, folder: string): Promise<void> {
  const archive = await buildCliArchive(root);
  const program = await bundleCli(root, FULL);
  const files: [string, string | Uint8Array][] = [
    ['package.json', await readFile(join(root, 'package.json'))],
    ['orb/orb.yml', generatedFiles(await orbSources(root, archive)).get('orb/orb.yml') ?? ''],
    [`dist/${archive.fileName}`, archive.bytes],
    ['dist/package.json', '{ "type": "commonjs" }\n'],
    ...program.map((file): [string, Uint8Array] => [`dist/${file.path}`, file.bytes]),
  ];
  for (const [path, content] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}
