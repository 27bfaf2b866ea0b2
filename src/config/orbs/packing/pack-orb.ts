import { mapNode, type Entry, type MapNode, type Node } from '../../node.ts';
import type { Report } from '../../problem.ts';
import { emitYaml } from '../../render/emit-yaml.ts';
import { placeText, type Place, type Source } from '../../source.ts';
import { readYaml } from '../../yaml/read-yaml.ts';
import { goYamlOrder } from './go-yaml-order.ts';
import { IncludeReader, LARGEST_ORB } from './orb-includes.ts';
import { noOrbRoot, notPacked, orbFileNoMap, orbTooLarge, packedTwice } from '../orb-texts.ts';
import { rewriteTree, treeSize } from '../rewrite-tree.ts';

/** The order in which `circleci orb pack` 0.1 writes these; it sorts all other keys. */
const ROOT_KEYS = ['version', 'description', 'display', 'orbs', 'commands', 'executors', 'jobs', 'examples'];

const FOLDERS = ['commands', 'executors', 'jobs', 'examples'];

/** Only here `<<include(…)>>` is replaced. */
const WITH_INCLUDES: ReadonlySet<string> = new Set(['commands', 'executors', 'jobs']);

/**
 * The folder of an unpacked orb as the text of one file, as `circleci orb pack` has it.
 * @param files texts by their paths in the folder, with `/` between
 * @returns undefined when there is nothing to pack; after errors in the report, as much as could be packed
 */
export function packOrb(files: ReadonlyMap<string, string>, report: Report): string | undefined {
  const document = packedDocument(files, report);
  return document && emitYaml(document);
}

/**
 * The same before it is text: every part has its place in the file that it came from.
 * @param folder what messages show in front of the paths: `orb/src`
 */
export function packedDocument(files: ReadonlyMap<string, string>, report: Report, folder = ''): MapNode | undefined {
  const sources = new Map(
    [...files].map(([path, text]) => [path, { name: folder ? `${folder}/${path}` : path, text }]),
  );
  const rootPath = ['@orb.yml', 'orb.yml'].find((path) => sources.has(path));
  if (rootPath === undefined) {
    report.error(noOrbRoot(), { source: { name: folder || '@orb.yml', text: '' }, line: 1, column: 1 });
    return undefined;
  }
  const root = new Folder({ line: 1, column: 1, source: sources.get(rootPath) as Source });
  for (const path of [...sources.keys()].toSorted()) {
    const source = sources.get(path) as Source;
    const steps = path.split('/');
    if (steps.some((step) => step.startsWith('.')) || !/\.ya?ml$/.test(path)) continue;
    if (isPacked(steps, rootPath)) root.add(steps, source, report);
    else if (steps.length === 1) report.warning(notPacked(path), { source, line: 1, column: 1 });
  }
  return finished(root.toMap(), new IncludeReader(files, report), report);
}

function isPacked(steps: readonly string[], rootPath: string): boolean {
  const [first = ''] = steps;
  return steps.length === 1 ? first === rootPath || first.startsWith('@') : FOLDERS.includes(first);
}

/** A folder on its way to a map: a key for each file and folder in it, and the keys of its `@….yml`. */
class Folder {
  private readonly at: Place;
  private readonly entries = new Map<string, Entry | Folder>();

  constructor(at: Place) {
    this.at = at;
  }

  add([name = '', ...inside]: readonly string[], source: Source, report: Report): void {
    const at = { source, line: 1, column: 1 };
    if (inside.length > 0) {
      this.folder(name, at).add(inside, source, report);
      return;
    }
    const map = readMap(source, report);
    if (!map) return;
    if (name.startsWith('@') || name === 'orb.yml') this.merge(map, report);
    else this.set(name.replace(/\.ya?ml$/, ''), { keyAt: map.at, value: map }, report);
  }

  toMap(): MapNode {
    const entries = [...this.entries].map(([key, entry]): readonly [string, Entry] => [
      key,
      entry instanceof Folder ? { keyAt: entry.at, value: entry.toMap() } : entry,
    ]);
    return mapNode(entries, this.at);
  }

  /** The map of a file and the folder of the same name are one map. */
  private merge(map: MapNode, report: Report): void {
    for (const [key, entry] of map.entries) {
      const there = this.entries.get(key);
      if (there instanceof Folder && entry.value.kind === 'map') there.merge(entry.value, report);
      else this.set(key, entry, report);
    }
  }

  private set(key: string, entry: Entry, report: Report): void {
    const there = this.entries.get(key);
    if (there === undefined) this.entries.set(key, entry);
    else report.error(packedTwice(key, placeText(there instanceof Folder ? there.at : there.keyAt)), entry.keyAt);
  }

  private folder(name: string, at: Place): Folder {
    const there = this.entries.get(name);
    if (there instanceof Folder) return there;
    const folder = new Folder(there?.keyAt ?? at);
    if (there?.value.kind === 'map') for (const [key, entry] of there.value.entries) folder.entries.set(key, entry);
    this.entries.set(name, folder);
    return folder;
  }
}

function readMap(source: Source, report: Report): MapNode | undefined {
  const node = readYaml(source, report);
  if (node === undefined) return undefined;
  if (node.kind === 'scalar' && node.value === null) return mapNode([], node.at);
  if (node.kind === 'map') return node;
  report.error(orbFileNoMap(), node.at);
  return undefined;
}

function finished(root: MapNode, includes: IncludeReader, report: Report): MapNode | undefined {
  const entries = new Map(
    [...root.entries].map(([key, { keyAt, value }]) => [
      key,
      {
        keyAt,
        value: rewriteTree(value, { order: goYamlOrder, scalar: WITH_INCLUDES.has(key) ? includes.read : asItIs }),
      },
    ]),
  );
  const order = [...ROOT_KEYS, ...goYamlOrder([...entries.keys()].filter((key) => !ROOT_KEYS.includes(key)))];
  const sorted = order.flatMap((key): (readonly [string, Entry])[] => {
    const entry = entries.get(key);
    return entry ? [[key, entry]] : [];
  });
  const document = mapNode(sorted, root.at);
  if (includes.isFull) return undefined;
  if (treeSize(document) <= LARGEST_ORB) return document;
  report.error(orbTooLarge(), root.at);
  return undefined;
}

function asItIs<N extends Node>(node: N): N {
  return node;
}
