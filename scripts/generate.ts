/**
 * Writes everything under orb/ from the declarations: `node scripts/run.mjs generate`. With --check it writes nothing and
 * ends with 1 when something is out of date.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { catalog } from '../src/actions/catalog.ts';
import { referencePage } from '../src/docs/reference.ts';
import { buildOrb, type OrbSources } from '../src/orb/build-orb.ts';
import { packedOrb, unpackedOrb } from '../src/orb/orb-files.ts';
import type { PackageFacts } from '../src/orb/package-facts.ts';
import { buildCliArchive, type CliArchive } from './cli-archive.ts';
import { compareGenerated, writeGenerated } from './generated-files.ts';

export async function main(args: readonly string[], root: string): Promise<number> {
  const files = generatedFiles(await orbSources(root));
  const differences = await compareGenerated(root, files, ['orb']);
  const { outdated, stale } = differences;
  const check = args.includes('--check');
  for (const path of outdated) console.log(`${check ? 'out of date' : 'written'}: ${path}`);
  for (const path of stale) console.log(`${check ? 'stale' : 'removed'}: ${path}`);
  if (!check) await writeGenerated(root, files, differences);
  if (!check || outdated.length + stale.length === 0) return 0;
  console.error('Run "npm run generate" and commit what it writes.');
  return 1;
}

/** Everything that the generated files derive from. Whoever has the archive already saves the time to build it. */
export async function orbSources(root: string, archive?: CliArchive): Promise<OrbSources> {
  return {
    package: JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as PackageFacts,
    archive: archive ?? (await buildCliArchive(root)),
    catalog,
    installScript: await readFile(join(root, 'src/orb/scripts/install.sh'), 'utf8'),
  };
}

/** Texts by path, relative to the root of the project. */
export function generatedFiles(sources: OrbSources): Map<string, string> {
  const orb = buildOrb(sources);
  const tree = [...unpackedOrb(orb)].map(([path, text]) => [`orb/src/${path}`, text] as const);
  return new Map([['orb/orb.yml', packedOrb(orb)], ['orb/reference.md', referencePage(sources)], ...tree]);
}
