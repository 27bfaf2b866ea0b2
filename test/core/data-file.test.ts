import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readDataFile, type DataFile } from '../../src/core/data-file.ts';
import { rejectionOf } from '../support/failures.ts';
import { tempFolder } from '../support/temp-folder.ts';

async function read(text: string, name = 'job.yml'): Promise<DataFile> {
  const absolute = join(await tempFolder(), name);
  await writeFile(absolute, text);
  return readDataFile(name, absolute);
}

describe('readDataFile reads', () => {
  it.each([
    ['JSON', 'job.json', '{"a": [1, "x", null, true]}', { a: [1, 'x', null, true] }],
    ['YAML', 'job.yml', 'a:\n  - 1\n  - x\n  - null\n  - true\n', { a: [1, 'x', null, true] }],
    ['JSON with a byte order mark', 'job.json', '\uFEFF{"a": 1}', { a: 1 }],
    [
      'YAML 1.2: yes, no, on and 0123 are no booleans and no octal',
      'job.yml',
      'a: [yes, no, on, 0123]',
      { a: ['yes', 'no', 'on', 123] },
    ],
    ['dates as text', 'job.yml', 'a: 2026-11-20', { a: '2026-11-20' }],
    ['anchors and merge keys', 'job.yml', 'x: &x {a: 1}\ny:\n  <<: *x\n  b: 2\n', { x: { a: 1 }, y: { a: 1, b: 2 } }],
    ['an empty file as null', 'job.yml', '', null],
  ])('%s', async (_what, name, text, expected) => {
    expect((await read(text, name)).value).toEqual(expected);
  });

  it('__proto__ as the key that it is', async () => {
    expect(Object.keys((await read('{"__proto__": {"a": 1}}', 'job.json')).value as object)).toEqual(['__proto__']);
  });
});

describe('locate', () => {
  const text = 'type: container\ncontainerProperties:\n  image: x\n  environment:\n    - name: A\n      value: "1"\n';

  it.each([
    [['type'], 'job.yml:1:7'],
    [['containerProperties', 'image'], 'job.yml:3:10'],
    [['containerProperties', 'environment', 0, 'value'], 'job.yml:6:14'],
    [['containerProperties', 'missing'], 'job.yml:3:3'],
    [['missing'], 'job.yml:1:1'],
    [[], 'job.yml:1:1'],
  ])('%j stands at %s', async (path, expected) => {
    expect((await read(text)).locate(path)).toBe(expected);
  });

  it('finds places in JSON too', async () => {
    const file = await read('\n{\n  "a": [1,\n    {"b": 2}]\n}', 'job.json');
    expect([['a', 1, 'b'], ['a', 7], ['x'], []].map((path) => file.locate(path))).toEqual([
      'job.json:4:11',
      'job.json:3:8',
      'job.json:2:1',
      'job.json:2:1',
    ]);
  });
});

describe('readDataFile refuses, with exit code 7 and the place', () => {
  it.each([
    ['broken JSON', 'job.json', '{\n  "a": 1\n  "b": 2\n}', "job.json:3:3: Expected ',' or '}' after property value"],
    ['JSON with a bare word', 'job.json', '{\n  "a": "b",\n  "c": word\n}', "job.json:3:8: Unexpected token 'w'"],
    ['JSON with a bracket too few', 'job.json', '{\n  "a": [}\n', "job.json:2:9: Unexpected token '}'"],
    ['the same behind a byte order mark', 'job.json', '\uFEFF{\n  "a": [}\n', "job.json:2:9: Unexpected token '}'"],
    ['JSON with a comment', 'job.json', '{\n  # why\n  "a": 1\n}', 'job.json:2:3: Expected property name'],
    ['JSON with a comma too many', 'job.json', '{"a": 1,\n}', 'job.json:2:1: Expected double-quoted property name'],
    ['JSON that breaks off', 'job.json', '{"a":', 'job.json:1:6: Unexpected end of JSON input'],
    ['broken YAML', 'job.yml', 'a:\n  b: 1\n c: 2\n', 'job.yml:3:1: '],
    ['a tab as indentation', 'job.yml', 'a:\n\tb: 1\n', 'job.yml:2:1: Tabs are not allowed as indentation'],
    ['a key that stands twice', 'job.yml', 'a: 1\nb: 2\na: 3\n', 'job.yml:3:1: Map keys must be unique'],
    ['a key that stands twice in JSON', 'job.json', '{"a": 1,\n "a": 2}', 'job.json:2:2: Map keys must be unique'],
    ['an alias of nothing', 'job.yml', 'a: *x\n', 'job.yml:1:4: no anchor is called x'],
    [
      'an alias inside of what it names',
      'job.yml',
      'a: &a\n  b: [*a]\n',
      'job.yml:2:7: *a stands inside of what it names',
    ],
    ['a tag of YAML 1.1', 'job.yml', '%YAML 1.1\n---\na: !!binary eHg=\n', 'job.yml:3:4: Unresolved tag'],
    ['a list as a key', 'job.yml', 'a: 1\n? [b, c]\n: 2\n', 'job.yml:2:3: a list or a map can not be a key'],
    [
      'an alias of a map as a key',
      'job.yml',
      'a: &a {b: 1}\n? *a\n: 2\n',
      'job.yml:1:7: a list or a map can not be a key',
    ],
    ['two documents', 'job.yml', 'a: 1\n---\nb: 2\n', 'job.yml:2:1: Source contains multiple documents'],
    ['a tag that nothing here resolves', 'job.yml', 'a: !Sub "${X}"\n', 'job.yml:1:4: Unresolved tag: !Sub'],
  ])('%s', async (_what, name, text, message) => {
    const failure = await rejectionOf(read(text, name));
    expect(failure).toMatchObject({ exitCode: 7, title: `${name} can not be parsed` });
    expect(failure.message).toContain(message);
    expect(failure.message).not.toContain('\n');
  });

  it('aliases that multiply without end', async () => {
    const levels = ['a: &l0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 10; level++) {
      levels.push(`b${level}: &l${level} [${Array.from({ length: 10 }, () => `*l${level - 1}`).join(', ')}]`);
    }
    const failure = await rejectionOf(read(levels.join('\n')));
    expect(failure).toMatchObject({ exitCode: 7, title: 'job.yml can not be parsed' });
    expect(failure.message).toMatch(/^job\.yml: .*alias/i);
  });
});

describe('readDataFile says why a file can not be read', () => {
  it('not there: exit code 5, with the path as the user wrote it', async () => {
    const folder = await tempFolder();
    expect(await rejectionOf(readDataFile('./jobs/x.yml', join(folder, 'jobs/x.yml')))).toMatchObject({
      code: 'file.not_found',
      exitCode: 5,
      title: 'file not found: ./jobs/x.yml',
    });
  });

  it('a file where a folder was meant: exit code 5', async () => {
    const folder = await tempFolder();
    await writeFile(join(folder, 'jobs'), '');
    expect(await rejectionOf(readDataFile('jobs/x.yml', join(folder, 'jobs/x.yml')))).toMatchObject({ exitCode: 5 });
  });

  it('a link to itself: exit code 7, with what the system says', async () => {
    const file = join(await tempFolder(), 'job.yml');
    await symlink(file, file);
    const failure = await rejectionOf(readDataFile('job.yml', file));
    expect(failure.exitCode).toBe(7);
    expect(failure.title).toMatch(/^job\.yml can not be read: Error: ELOOP/);
  });

  it('a folder: exit code 7', async () => {
    const folder = join(await tempFolder(), 'job.yml');
    await mkdir(folder);
    expect(await rejectionOf(readDataFile('job.yml', folder))).toMatchObject({
      code: 'file.unreadable',
      exitCode: 7,
      title: 'job.yml can not be read: it is a folder',
    });
  });
});
