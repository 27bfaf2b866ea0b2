import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

interface Locked {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Locked> };
const packages = Object.entries(lock.packages).filter(([path]) => path !== '');

describe('package-lock.json', () => {
  // npm writes only what a registry has; without the rest, `npm ci` refuses the file, or installs no binary on another system.
  it('has the binaries of every system that a package names', () => {
    const named = packages.flatMap(([, { optionalDependencies }]) => Object.keys(optionalDependencies ?? {}));
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !packages.some(([path]) => path.endsWith(`node_modules/${name}`)))).toEqual([]);
  });

  it('has the hash of every package, and names no registry', () => {
    expect(packages.filter(([, locked]) => locked.integrity === undefined).map(([path]) => path)).toEqual([]);
    expect(packages.filter(([, locked]) => locked.resolved !== undefined).map(([path]) => path)).toEqual([]);
  });
});
