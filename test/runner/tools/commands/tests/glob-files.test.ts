import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { globFiles } from '../../../../../src/runner/tools/commands/tests/glob-files.ts';
import { tempFolder } from '../../../../support/temp-folder.ts';

const FILES = [
  'a.test.js',
  'b.test.ts',
  'src/c.test.js',
  'src/deep/d.test.js',
  'src/deep/e.js',
  'src/.hidden/f.test.js',
  'test/g1.js',
  'test/g2.js',
  'test/gX.js',
  'test/[odd].js',
  'test/a-b.js',
];

async function tree(): Promise<string> {
  const folder = await tempFolder();
  for (const file of FILES) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), '');
  }
  return folder;
}

describe('globFiles', () => {
  it.each([
    [['*.test.js'], ['a.test.js']],
    [['**/*.test.js'], ['a.test.js', 'src/.hidden/f.test.js', 'src/c.test.js', 'src/deep/d.test.js']],
    [['src/**'], ['src/.hidden/f.test.js', 'src/c.test.js', 'src/deep/d.test.js', 'src/deep/e.js']],
    [['src/**/e.js'], ['src/deep/e.js']],
    [['src/*'], ['src/c.test.js']],
    [['**.test.js'], ['a.test.js']],
    [['test/g?.js'], ['test/g1.js', 'test/g2.js', 'test/gX.js']],
    [['test/g[0-9].js'], ['test/g1.js', 'test/g2.js']],
    [['test/g[^0-9].js'], ['test/gX.js']],
    [['test/g[!1X].js'], ['test/g2.js']],
    [['test/a[-]b.js'], ['test/a-b.js']],
    [['test/\\[odd\\].js'], ['test/[odd].js']],
    [['*.test.{js,ts}'], ['a.test.js', 'b.test.ts']],
    [['{test/g1,src/{c.test,none}}.js'], ['src/c.test.js', 'test/g1.js']],
    [['./test/g1.js'], ['./test/g1.js']],
    [['none/**/*.js', 'src'], []],
  ])('%j fits %j', async (patterns, expected) => {
    expect(globFiles(patterns, await tree())).toEqual(expected);
  });

  it('keeps the order of the patterns, and names a file once', async () => {
    expect(globFiles(['test/g2.js', 'test/g[12].js'], await tree())).toEqual(['test/g2.js', 'test/g1.js']);
  });

  it('writes absolute paths for an absolute pattern', async () => {
    const folder = await tree();
    expect(globFiles([`${folder}/test/g?.js`], '/')).toEqual(
      ['1', '2', 'X'].map((name) => `${folder}/test/g${name}.js`),
    );
  });

  it('takes a link to a file for a file, and does not walk through links', async () => {
    const folder = await tree();
    await symlink(join(folder, 'src'), join(folder, 'test', 'linked'));
    await symlink(join(folder, 'a.test.js'), join(folder, 'test', 'z.test.js'));
    expect(globFiles(['test/**/*.test.js'], folder)).toEqual(['test/z.test.js']);
  });

  it.each(['a[', 'a{b', '{a,[}', '*[b-a]', '*\\'])('%j is a syntax error', (pattern) => {
    expect(() => globFiles([pattern], '/')).toThrow(/syntax error in pattern/);
  });
});
