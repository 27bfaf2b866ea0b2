import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fetchOrb } from '../../circleci/orb-registry.ts';
import { importedOrbs } from '../../config/orbs/imported-orbs.ts';
import { orbCachePath } from '../../config/orbs/orb-cache-path.ts';
import { EXIT, type ExitCode } from '../../core/exit-codes.ts';
import type { World } from '../world.ts';
import { DEFAULT_CONFIG } from './config-commands.ts';
import { orbCache, orbFinder } from './orb-finder.ts';
import { readSource } from './source-file.ts';

interface FetchInputs {
  into?: string | undefined;
  token?: string | undefined;
  host: string;
}

/** Fetches an orb, or all orbs of the default config that are not on this machine, with what they import. */
export async function fetchOrbs(
  reference: string | undefined,
  { into, token, host }: FetchInputs,
  world: World,
): Promise<ExitCode> {
  const folder = into === undefined ? orbCache(world.env) : join(world.cwd, into);
  const endpoint = `${host.replace(/\/+$/, '')}/graphql-unstable`;
  const references = new Set(reference === undefined ? await missingOrbs(world) : [reference]);
  // What an orb imports joins the set while it is walked.
  for (const each of references) {
    const orb = await fetchOrb(each, { endpoint, token, signal: world.signal });
    const path = join(folder, orbCachePath(orb.reference));
    await store(path, orb.text);
    world.stdout(`${orb.reference} is stored in ${path}.\n`);
    for (const imported of importedOrbs({ name: orb.reference, text: orb.text })) references.add(imported);
  }
  if (references.size === 0) world.stdout(`All orbs of ${DEFAULT_CONFIG} are on this machine.\n`);
  return EXIT.ok;
}

async function missingOrbs(world: World): Promise<string[]> {
  const { resolve } = orbFinder({ given: {}, folder: join(world.cwd, dirname(DEFAULT_CONFIG), 'orbs'), world });
  const source = await readSource(DEFAULT_CONFIG, world);
  return importedOrbs(source).filter((each) => resolve(each) === undefined);
}

/** Whoever reads it meanwhile never sees half of it. */
async function store(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const beside = `${path}.${randomUUID()}`;
  await writeFile(beside, text);
  await rename(beside, path);
}
