/**
 * npm run compatibility: what changed for users of the orb since the last release, and whether the version in
 * package.json says so. The last release is the highest version tag that HEAD descends from.
 */
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MapNode } from '../src/config/node.ts';
import { diffOrbs } from '../src/config/orbs/changes/diff-orbs.ts';
import { versionFor } from '../src/config/orbs/changes/orb-change.ts';
import { Report } from '../src/config/problem.ts';
import type { Source } from '../src/config/source.ts';
import { readYaml } from '../src/config/yaml/read-yaml.ts';
import { orbChangesText } from '../src/report/orb-changes-text.ts';
import type { PackageFacts } from '../src/orb/package-facts.ts';
import { highestVersion, isHighEnough, lowestAfter } from './orb-versions.ts';

const ORB = 'orb/orb.yml';

export async function main(_args: readonly string[], root: string): Promise<number> {
  const git = (...args: string[]): string => execFileSync('git', ['-C', root, ...args], { encoding: 'utf8' });
  const last = highestVersion(git('tag', '--list', 'v*', '--merged', 'HEAD').split('\n'));
  if (last === undefined) {
    console.log('The orb has no earlier release here to be compared with (a clone without tags has none).');
    return 0;
  }
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as PackageFacts;
  const changes = diffOrbs(
    orbMap({ name: `v${last}`, text: git('show', `v${last}:${ORB}`) }),
    orbMap({ name: ORB, text: await readFile(join(root, ORB), 'utf8') }),
  );
  const asked = versionFor(changes);
  console.log(`Since v${last}:\n\n${orbChangesText(changes)}`);
  if (isHighEnough(last, version, asked)) return 0;
  const wanted = asked === 'none' ? last : lowestAfter(last, asked);
  console.error(`package.json has version ${version}; it must be at least ${wanted}.`);
  return 1;
}

function orbMap(source: Source): MapNode {
  const report = new Report();
  const root = readYaml(source, report);
  if (root?.kind === 'map' && !report.hasErrors) return root;
  throw new Error(`${source.name} is no orb`);
}
