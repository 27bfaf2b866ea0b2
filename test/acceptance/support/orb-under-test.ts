import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { parse } from 'yaml';
import { generatedFiles, orbSources } from '../../../scripts/generate.ts';
import { buildCliArchive } from '../../../scripts/cli-archive.ts';
import type { JsonObject } from '../../../src/core/json.ts';

const mirrors: string[] = [];

afterAll(() => Promise.all(mirrors.splice(0).map((folder) => rm(folder, { recursive: true, force: true }))));

/**
 * The packed orb, made from the sources as they are now: orb/orb.yml pins the archive of the moment when it was
 * generated, and another test says whether that is still the same.
 */
export async function currentOrb(): Promise<JsonObject> {
  const text = generatedFiles(await orbSources(process.cwd())).get('orb/orb.yml') ?? '';
  return parse(text, { schema: 'core' }) as JsonObject;
}

/**
 * Puts the CLI archive that the current orb installs into a folder, until the last test of the file.
 * @returns its URL, for AWS_DEPLOY_MIRROR
 */
export async function writeMirror(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'aws-deploy-mirror-'));
  mirrors.push(folder);
  const { fileName, bytes } = await buildCliArchive(process.cwd());
  await writeFile(join(folder, fileName), bytes);
  return `file://${folder}`;
}
