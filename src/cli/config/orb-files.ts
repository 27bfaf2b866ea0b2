import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { packedDocument } from '../../config/orbs/packing/pack-orb.ts';
import type { MapNode } from '../../config/node.ts';
import { Report } from '../../config/problem.ts';
import type { Source } from '../../config/source.ts';
import { DeployError, invalidFile } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { problemsText } from '../../report/problem-text.ts';
import { readFile, statOf } from './source-file.ts';

/** More than this is no orb: the wrong folder was named. */
const MOST_FILES = 5000;

/** An orb on this machine: a packed one as it is, an unpacked one as the document that packing it gives. */
export type OrbText = Source | MapNode;

/**
 * The orb in a file, or in the folder of an unpacked orb.
 * Exit code 5 when it is not there, 7 when it can't be packed.
 */
export function readOrb(path: string, cwd: string): OrbText {
  if (!isFolder(resolve(cwd, path))) {
    return readFile(path, cwd, ['An orb is the file of a packed one, or the folder of an unpacked one.']);
  }
  // Where an orb is developed, its files are in `src`.
  const inside = join(path, 'src');
  const folder = isFile(resolve(cwd, inside, '@orb.yml')) ? inside : path;
  const report = new Report();
  const document = packedDocument(readOrbFolder(folder, cwd), report, folder);
  if (document && !report.hasErrors) return document;
  throw invalidFile(`the orb in ${path} can not be packed`, problemsText(report.problems).trimEnd());
}

/** All YAML files and scripts of an unpacked orb, by their paths in its folder, with `/` between. */
export function readOrbFolder(path: string, cwd: string): Map<string, string> {
  const folder = resolve(cwd, path);
  if (!isFolder(folder)) {
    throw new DeployError({
      code: 'file.not_found',
      title: `there is no folder ${path}`,
      hints: ['Name the folder that holds @orb.yml.'],
      exitCode: EXIT.notFound,
    });
  }
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  if (names.length > MOST_FILES) {
    throw invalidFile(`${path} is no folder of an orb`, `${path}: it holds ${names.length} files`, [
      'Name the folder that holds @orb.yml.',
    ]);
  }
  return new Map(names.toSorted().map((name) => [name.replaceAll('\\', '/'), readFile(join(path, name), cwd).text]));
}

export function isFolder(path: string): boolean {
  return statOf(path)?.isDirectory() ?? false;
}

export function isFile(path: string): boolean {
  return statOf(path)?.isFile() ?? false;
}
