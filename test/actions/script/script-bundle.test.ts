import { execFileSync } from 'node:child_process';
import { chmod, mkdir, rename, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { unzipSync } from 'fflate';
import { readScript } from '../../../src/actions/script/script-bundle.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const FILES: Readonly<Record<string, string>> = {
  'run.sh': '#!/bin/sh\n. lib/a.sh\n',
  'lib/a.sh': 'echo a\n',
  'lib/deep/b.txt': 'b',
  'data/ü +%.txt': 'unicode',
  '10': 'ten',
  '9': 'nine',
  empty: '',
  '.hidden': 'h',
};

/** A folder with the files, written in the given order. */
async function folderOf(names: readonly string[], files: Readonly<Record<string, string>> = FILES): Promise<string> {
  const folder = join(await tempFolder(), 'jobs');
  for (const name of names) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), files[name] ?? '');
  }
  return folder;
}

const NAMES = Object.keys(FILES);

describe('a folder becomes a zip', () => {
  it('with every file at its place', async () => {
    const bundle = await readScript('jobs', dirname(await folderOf(NAMES)));
    expect(bundle).toMatchObject({ name: 'jobs.zip', type: 'zip' });
    const entries = Object.entries(unzipSync(bundle.bytes)).map(([name, bytes]) => [
      name,
      Buffer.from(bytes).toString(),
    ]);
    expect(Object.fromEntries(entries)).toEqual(FILES);
  });

  it('whose executable files stay so when they are unpacked', async () => {
    const folder = await folderOf(NAMES);
    await chmod(join(folder, 'run.sh'), 0o755);
    const { bytes } = await readScript(folder, '/');
    expect(zipModes(bytes)).toMatchObject({ 'run.sh': '100755', 'lib/a.sh': '100644' });
  });

  it('follows links to files and folders', async () => {
    const folder = await folderOf(['lib/a.sh']);
    await symlink('lib/a.sh', join(folder, 'link.sh'));
    await symlink('lib', join(folder, 'again'));
    const { bytes } = await readScript(folder, '/');
    expect(Object.keys(unzipSync(bytes)).toSorted()).toEqual(['again/a.sh', 'lib/a.sh', 'link.sh']);
  });

  it.each(['deep/__proto__', 'constructor', 'toString'])('a file called %s is in it', async (name) => {
    const { bytes } = await readScript(await folderOf([name, 'a'], { [name]: 'x' }), '/');
    expect(zipModes(bytes)).toHaveProperty([name]);
  });
});

/** Names and modes from the central directory of a zip. */
function zipModes(bytes: Uint8Array): Record<string, string> {
  const zip = Buffer.from(bytes);
  const modes = new Map<string, string>();
  for (let at = zip.indexOf('PK\u0001\u0002'); at >= 0; at = zip.indexOf('PK\u0001\u0002', at + 4)) {
    const name = zip.toString('utf8', at + 46, at + 46 + zip.readUInt16LE(at + 28));
    modes.set(name, (zip.readUInt32LE(at + 38) >>> 16).toString(8));
  }
  return Object.fromEntries(modes);
}

describe('the bytes of the zip are the same', () => {
  const hashOf = async (folder: string): Promise<string> => (await readScript(folder, '/')).sha256;

  it('whatever the order in which the files were written', async () => {
    expect(await hashOf(await folderOf(NAMES.toReversed()))).toBe(await hashOf(await folderOf(NAMES)));
  });

  it('whatever their times', async () => {
    const folder = await folderOf(NAMES);
    const before = await hashOf(folder);
    for (const name of NAMES) await utimes(join(folder, name), new Date(0), new Date('2001-02-03'));
    expect(await hashOf(folder)).toBe(before);
  });

  it('whatever the umask', async () => {
    const folder = await folderOf(NAMES);
    const before = await hashOf(folder);
    for (const name of NAMES) await chmod(join(folder, name), 0o600);
    expect(await hashOf(folder)).toBe(before);
  });

  it('wherever the folder stands, as long as its name is the same', async () => {
    const folder = await folderOf(NAMES);
    const before = await readScript(folder, '/');
    const elsewhere = join(await tempFolder(), 'jobs');
    await rename(folder, elsewhere);
    expect(await readScript('.', elsewhere)).toEqual(before);
  });

  it('in every time zone', async () => {
    const folder = await folderOf(NAMES);
    const before = await hashOf(folder);
    const program = join(await tempFolder(), 'hash.mjs');
    const entry = "import { readScript } from './src/actions/script/script-bundle.ts';";
    execFileSync('node_modules/.bin/esbuild', ['--bundle', '--platform=node', '--format=esm', `--outfile=${program}`], {
      stdio: ['pipe', 'ignore', 'pipe'],
      input: `${entry} process.stdout.write((await readScript(process.argv[2], '/')).sha256);`,
    });
    const hashes = ['Pacific/Kiritimati', 'America/St_Johns', 'UTC'].map((TZ) =>
      execFileSync(process.execPath, [program, folder], { env: { TZ }, encoding: 'utf8' }),
    );
    expect(hashes).toEqual([before, before, before]);
  });

  it('and not the same when an executable bit, a name or a content differs', async () => {
    const folder = await folderOf(NAMES);
    const hashes = [await hashOf(folder)];
    await chmod(join(folder, 'run.sh'), 0o755);
    hashes.push(await hashOf(folder));
    await rename(join(folder, 'empty'), join(folder, 'void'));
    hashes.push(await hashOf(folder));
    await writeFile(join(folder, 'void'), 'x');
    hashes.push(await hashOf(folder));
    expect(new Set(hashes).size).toBe(4);
  });
});
