import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { ResolvedOrb, ResolveOrb } from '../../config/compile.ts';
import { orbCachePath } from '../../config/orbs/orb-cache-path.ts';
import { parseOrbReference, type RegistryReference } from '../../config/orbs/orb-reference.ts';
import type { World } from '../world.ts';
import { isFile, isFolder, readOrb, type OrbText } from './orb-files.ts';
import { packageOrb } from './package-orb.ts';

export interface OrbFinder {
  /** Orbs that were given for a name of the config. */
  readonly byName: Readonly<Record<string, OrbText>>;
  readonly resolve: ResolveOrb;
}

interface Places {
  /** What `--orb` says: a name of the config, `namespace/orb` or a whole reference, and a path. */
  readonly given: Readonly<Record<string, string>>;
  /** The folder `orbs` beside the config. */
  readonly folder: string;
  readonly world: Pick<World, 'cwd' | 'env' | 'packageFolder'>;
}

/** Where fetched orbs are kept. */
export function orbCache(env: World['env']): string {
  return join(env['HOME'] || homedir(), '.aws-deploy', 'orbs');
}

/**
 * Finds orbs on this machine, in this order: what is given, the folder beside the config, the orb of this very package,
 * and what was fetched before. Nothing is looked up online.
 */
export function orbFinder({ given, folder, world }: Places): OrbFinder {
  const read = (path: string): OrbText => readOrb(path, world.cwd);
  const byReference = new Map(Object.entries(given).filter(([name]) => name.includes('/') || name.includes(':')));
  const byName = Object.entries(given).filter(([name]) => !byReference.has(name));
  return {
    byName: Object.fromEntries(byName.map(([name, path]) => [name, read(path)])),
    resolve(text) {
      const reference = parseOrbReference(text);
      const path =
        byReference.get(text) ?? (reference.kind === 'registry' ? byReference.get(nameOf(reference)) : undefined);
      if (path !== undefined) return resolved(read(path), text);
      if (reference.kind === 'malformed') return undefined;
      if (reference.kind === 'url') return storedFile(orbCache(world.env), text);
      return (
        storedOrb(folder, reference, read) ??
        (world.packageFolder === undefined ? undefined : packageOrb(world.packageFolder, reference)) ??
        storedOrb(orbCache(world.env), reference, read)
      );
    },
  };
}

function nameOf({ namespace, orb }: RegistryReference): string {
  return `${namespace}/${orb}`;
}

/** `namespace/orb@version.yml`, for `1.2` the newest of that line; or `namespace/orb.yml` or a folder, for any version. */
function storedOrb(
  folder: string,
  reference: RegistryReference,
  read: (path: string) => OrbText,
): ResolvedOrb | undefined {
  const exact = storedFile(folder, reference.text);
  if (exact) return exact;
  const newest = newestVersion(folder, reference);
  if (newest !== undefined) return storedFile(folder, `${nameOf(reference)}@${newest}`);
  const any = join(folder, reference.namespace, reference.orb);
  const found = [`${any}.yml`, join(any, 'src', '@orb.yml'), join(any, '@orb.yml')].find(isFile);
  if (found === undefined) return undefined;
  return resolved(read(basename(found) === '@orb.yml' ? dirname(found) : found), reference.text);
}

function resolved(orb: OrbText, reference: string): ResolvedOrb {
  return 'kind' in orb ? { root: orb, text: '', reference } : { text: orb.text, reference };
}

function storedFile(folder: string, reference: string): ResolvedOrb | undefined {
  const path = join(folder, orbCachePath(reference));
  return isFile(path) ? { text: readFileSync(path, 'utf8'), reference } : undefined;
}

/** The highest stored version that `1`, `1.2` or `volatile` can mean. */
function newestVersion(folder: string, reference: RegistryReference): string | undefined {
  const { version } = reference;
  if (version.startsWith('dev:')) return undefined;
  const prefix = version === 'volatile' ? '' : `${version}.`;
  const path = join(folder, orbCachePath(`${nameOf(reference)}@0.0.0`));
  const start = basename(path).slice(0, -'0.0.0.yml'.length);
  return namesIn(dirname(path))
    .filter((name) => name.startsWith(start) && name.endsWith('.yml'))
    .map((name) => name.slice(start.length, -'.yml'.length))
    .filter((each) => /^\d+\.\d+\.\d+$/.test(each) && each.startsWith(prefix))
    .toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }))[0];
}

function namesIn(folder: string): string[] {
  return isFolder(folder) ? readdirSync(folder) : [];
}
