/**
 * Publishes the release that the orb of this version installs from: `node scripts/run.mjs publish-release`, on the tag of
 * the version, after "npm run build". Reads GITHUB_TOKEN and CIRCLE_TAG; GITHUB_API_URL for an own server.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { type PackageFacts, repositoryUrl } from '../src/orb/package-facts.ts';
import { publishRelease } from './github-release.ts';

export async function main(_args: readonly string[], root: string): Promise<number> {
  const { GITHUB_TOKEN: token, CIRCLE_TAG: tag, GITHUB_API_URL: api = 'https://api.github.com' } = process.env;
  const facts = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as PackageFacts;
  if (token === undefined || token === '')
    throw new Error('GITHUB_TOKEN is not set: it must be allowed to write releases.');
  if (tag !== `v${facts.version}`) {
    throw new Error(`The tag must be v${facts.version}, the version in package.json (got: ${tag ?? 'none'})`);
  }
  const orb = await readFile(join(root, 'orb/orb.yml'));
  const archive = installedArchive(orb.toString());
  const bytes = await readFile(join(root, 'dist', archive.fileName));
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== archive.sha256) {
    throw new Error(`dist/${archive.fileName} has SHA-256 ${actual}, but the orb installs ${archive.sha256}`);
  }
  const published = await publishRelease({
    api,
    repository: new URL(repositoryUrl(facts)).pathname.slice(1),
    token,
    tag,
    assets: [
      { name: archive.fileName, bytes: new Uint8Array(bytes) },
      { name: 'orb.yml', bytes: new Uint8Array(orb) },
    ],
  });
  console.log(published ? `${tag} is published` : `${tag} was published already, with the same files`);
  return 0;
}

/** The archive as the install step of an orb names it. */
function installedArchive(orbText: string): { fileName: string; sha256: string } {
  const orb = parse(orbText) as {
    commands: {
      install: { steps: [{ run: { environment: { AWS_DEPLOY_CLI_URL: string; AWS_DEPLOY_CLI_SHA256: string } } }] };
    };
  };
  const { AWS_DEPLOY_CLI_URL: url, AWS_DEPLOY_CLI_SHA256: sha256 } = orb.commands.install.steps[0].run.environment;
  return { fileName: basename(url), sha256 };
}
