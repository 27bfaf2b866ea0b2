import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { parse } from 'yaml';
import { generatedFiles, orbSources } from '../../../scripts/generate.ts';
import { buildCliArchive } from '../../../scripts/cli-archive.ts';
import type { JsonObject } from '../../../src/core/json.ts';

export interface OrbUnderTest {
  orb: JsonObject;
  /** For AWS_DEPLOY_MIRROR: where the archive lies that this orb installs. */
  mirror: string;
}

/**
 * The packed orb and its CLI archive, both made from the sources as they are now: orb/orb.yml pins the archive of the
 * moment when it was generated, and another test says whether that is still the same.
 */
export async function buildOrbUnderTest(): Promise<OrbUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'aws-deploy-mirror-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const root = process.cwd();
  const text = generatedFiles(await orbSources(root)).get('orb/orb.yml') ?? '';
  const { fileName, bytes } = await buildCliArchive(root);
  await writeFile(join(folder, fileName), bytes);
  return { orb: parse(text, { schema: 'core' }) as JsonObject, mirror: `file://${folder}` };
}
