import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { main } from '../../scripts/orb-compatibility.ts';
import { tempFolder } from '../support/temp-folder.ts';

const ORB =
  'version: 2.1\njobs: { go: { machine: true, parameters: { a: { type: string, default: x } }, steps: [checkout] } }\n';
const BROKEN = ORB.replace('default: x', 'description: now it has to be given');

let root: string;
let said: string;
beforeEach(async () => {
  root = await tempFolder();
  said = '';
  const keep = (text: unknown): void => {
    said += `${String(text)}\n`;
  };
  jest.spyOn(console, 'log').mockImplementation(keep);
  jest.spyOn(console, 'error').mockImplementation(keep);
  await mkdir(join(root, 'orb'));
  git('init', '-q');
});
afterEach(() => {
  jest.restoreAllMocks();
});

function git(...args: string[]): void {
  execFileSync('git', ['-C', root, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args]);
}

async function setVersion(version: string, orb: string): Promise<void> {
  await writeFile(join(root, 'package.json'), JSON.stringify({ version }));
  await writeFile(join(root, 'orb/orb.yml'), orb);
}

async function release(version: string, orb: string): Promise<void> {
  await setVersion(version, orb);
  git('add', '.');
  git('commit', '-q', '-m', version);
  git('tag', `v${version}`);
}

describe('npm run compatibility', () => {
  it('passes before the first release, and says so', async () => {
    await setVersion('0.1.0', ORB);
    git('add', '.');
    git('commit', '-q', '-m', 'first');
    expect(await main([], root)).toBe(0);
    expect(said).toContain('no earlier release');
  });

  it('fails when users break and the version does not say so', async () => {
    await release('1.2.0', ORB);
    await setVersion('1.3.0', BROKEN);
    expect(await main([], root)).toBe(1);
    expect(said).toContain('Since v1.2.0:');
    expect(said).toContain('jobs.go.parameters.a');
    expect(said).toContain('package.json has version 1.3.0; it must be at least 2.0.0.');
  });

  it('passes when the version says it', async () => {
    await release('1.2.0', ORB);
    await setVersion('2.0.0', BROKEN);
    expect(await main([], root)).toBe(0);
  });

  it('compares with the highest release', async () => {
    await release('1.9.0', BROKEN);
    await release('1.10.0', ORB);
    expect(await main([], root)).toBe(0);
    expect(said).toContain('Since v1.10.0:');
  });
});
