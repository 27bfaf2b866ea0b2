import type { JsonValue } from '../../../core/json.ts';
import { plainValue } from '../../render/plain-value.ts';
import type { Node } from '../../node.ts';
import { treeSize } from '../rewrite-tree.ts';

/** The part of a semantic version that has to be raised. */
export type VersionPart = 'major' | 'minor' | 'patch';

/** One difference between two versions of an orb, as those who use it see it. */
export interface OrbChange {
  /** The keys that lead there: `jobs.release.parameters.pin`. */
  readonly where: string;
  readonly kind: 'added' | 'removed' | 'changed';
  /** Absent where there is none, and where it is too large to be of use, such as the steps of a job. */
  readonly older?: JsonValue;
  readonly newer?: JsonValue;
  readonly version: VersionPart;
  /** What it means to users, one sentence. */
  readonly why: string;
  /** All of it but the why, in one line. */
  readonly text: string;
}

/** What the changes together ask for. */
export function versionFor(changes: readonly OrbChange[]): VersionPart | 'none' {
  const parts: readonly VersionPart[] = ['major', 'minor', 'patch'];
  return parts.find((part) => changes.some(({ version }) => version === part)) ?? 'none';
}

export interface Difference {
  readonly where: string;
  readonly older?: Node | undefined;
  readonly newer?: Node | undefined;
  readonly version: VersionPart;
  readonly why: string;
}

/** A change of a value that is there in one of the two, or in both. */
export function changeOf({ where, older, newer, version, why }: Difference): OrbChange {
  const before = older && shownValue(older);
  const after = newer && shownValue(newer);
  const kind = older === undefined ? 'added' : newer === undefined ? 'removed' : 'changed';
  return {
    where,
    kind,
    ...(before !== undefined && { older: before }),
    ...(after !== undefined && { newer: after }),
    version,
    why,
    text: `${where} ${kind}${valuesText(kind, before, after)}`,
  };
}

/** Values of more characters than this are told only as changed. */
const LONGEST_VALUE = 2000;

function shownValue(node: Node): JsonValue | undefined {
  return treeSize(node) <= LONGEST_VALUE ? plainValue(node) : undefined;
}

function valuesText(kind: OrbChange['kind'], older: JsonValue | undefined, newer: JsonValue | undefined): string {
  if (kind === 'added') return newer === undefined ? '' : `: ${shortText(newer)}`;
  if (kind === 'removed' || older === undefined || newer === undefined) return '';
  const [before, after] = [shortText(older), shortText(newer)];
  return before === after ? '' : `: ${before} -> ${after}`;
}

/** JSON in one line of at most 60 characters. */
function shortText(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}
