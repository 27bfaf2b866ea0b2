import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { World } from '../world.ts';

/** Lets the orb's install step take the CLI archive that lies beside this program, where there is one. */
export function archiveMirror({ packageFolder }: Pick<World, 'packageFolder'>): Record<string, string> {
  if (packageFolder === undefined) return {};
  const folder = join(packageFolder, 'dist');
  const hasArchive = readdirSync(folder).some((name) => /^aws-deploy-cli-.*\.tar\.br$/.test(name));
  return hasArchive ? { AWS_DEPLOY_MIRROR: pathToFileURL(folder).href } : {};
}
