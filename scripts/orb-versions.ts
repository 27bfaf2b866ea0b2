import type { VersionPart } from '../src/config/orbs/changes/orb-change.ts';

type Numbers = readonly [major: number, minor: number, patch: number];

/** Says whether a version is high enough after another for changes that ask for `asked`. Before 1.0.0 a minor version may break. */
export function isHighEnough(last: string, current: string, asked: VersionPart | 'none'): boolean {
  if (asked === 'none') return compare(numbers(current), numbers(last)) >= 0;
  return compare(numbers(current), numbers(lowestAfter(last, asked))) >= 0;
}

/** The lowest version that may follow a version when its users are to expect such changes. */
export function lowestAfter(last: string, asked: VersionPart): string {
  const [major, minor, patch] = numbers(last);
  if (asked === 'patch') return `${major}.${minor}.${patch + 1}`;
  if (asked === 'minor' || major === 0) return `${major}.${minor + 1}.0`;
  return `${major + 1}.0.0`;
}

/** The highest version among tags such as `v1.2.3`, other tags left out. */
export function highestVersion(tags: readonly string[]): string | undefined {
  return tags
    .flatMap((tag) => /^v(\d+\.\d+\.\d+)$/.exec(tag)?.[1] ?? [])
    .toSorted((a, b) => compare(numbers(b), numbers(a)))[0];
}

function numbers(version: string): Numbers {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return [major, minor, patch];
}

function compare(a: Numbers, b: Numbers): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
