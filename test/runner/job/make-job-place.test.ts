import { describe, expect, it } from '@jest/globals';
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeJobPlace, removeJobPlace } from '../../../src/runner/job/make-job-place.ts';
import { tempFolder } from '../../support/temp-folder.ts';

describe('makeJobPlace', () => {
  it('makes folders that are open to the user alone', async () => {
    const { folder, home, temp, control } = await makeJobPlace(await tempFolder());
    for (const each of [folder, home, temp, control]) expect((await stat(each)).mode & 0o777).toBe(0o700);
  });

  it('leaves BASH_ENV to the steps', async () => {
    const place = await makeJobPlace(await tempFolder());
    await expect(stat(place.bashEnv)).rejects.toThrow('ENOENT');
  });

  it('makes another place each time', async () => {
    const below = await tempFolder();
    expect((await makeJobPlace(below)).folder).not.toBe((await makeJobPlace(below)).folder);
  });

  it('says where it can not', async () => {
    await expect(makeJobPlace('/no/such/folder')).rejects.toMatchObject({
      title: 'the folders of a job can not be made in /no/such/folder',
    });
  });
});

describe('removeJobPlace', () => {
  it('removes everything, also what is read-only', async () => {
    const below = await tempFolder();
    const place = await makeJobPlace(below);
    const deep = join(place.home, 'go/pkg/mod/x');
    await mkdir(deep, { recursive: true });
    await writeFile(join(deep, 'file'), '', { mode: 0o400 });
    for (const each of [deep, join(deep, '..'), place.home]) await chmod(each, 0o500);
    await removeJobPlace(place);
    expect(await readdir(below)).toEqual([]);
  });

  it('does not follow links out of it', async () => {
    const below = await tempFolder();
    const outside = join(below, 'outside');
    await mkdir(outside);
    await writeFile(join(outside, 'precious'), 'still here');
    await chmod(outside, 0o500);
    const place = await makeJobPlace(below);
    await symlink(outside, join(place.home, 'link'));
    await chmod(place.home, 0o500);
    await removeJobPlace(place);
    expect(await readFile(join(outside, 'precious'), 'utf8')).toBe('still here');
    expect((await stat(outside)).mode & 0o777).toBe(0o500);
  });

  it('has nothing against a place that is gone', async () => {
    const place = await makeJobPlace(await tempFolder());
    await removeJobPlace(place);
    await expect(removeJobPlace(place)).resolves.toBeUndefined();
  });
});
