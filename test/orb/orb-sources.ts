import { readFileSync } from 'node:fs';
import { catalog } from '../../src/actions/catalog.ts';
import type { OrbSources } from '../../src/orb/build-orb.ts';
import type { PackageFacts } from '../../src/orb/package-facts.ts';

/** The real declarations and package, with an archive that is not there. */
export const sources: OrbSources = {
  package: JSON.parse(readFileSync('package.json', 'utf8')) as PackageFacts,
  archive: { fileName: 'cli.tar.br', sha256: 'a'.repeat(64), sumsSha256: 'b'.repeat(64) },
  catalog,
  installScript: readFileSync('src/orb/scripts/install.sh', 'utf8'),
};
