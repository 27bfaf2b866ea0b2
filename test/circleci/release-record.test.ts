import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readRecord, recordFolders, stateFolder, writeResultFile } from '../../src/circleci/release-record.ts';
import type { Result } from '../../src/core/result.ts';
import { tempFolder } from '../support/temp-folder.ts';

function result(component: string, fields: Partial<Result> = {}): Result {
  return {
    schema: 'aws-deploy/result@1',
    action: 'upload-script',
    component,
    status: 'changed',
    exitCode: 0,
    account: '123456789012',
    region: 'eu-west-1',
    changes: [],
    outputs: { batchFileSha256: component },
    events: [],
    startedAt: '2026-11-20T07:00:00.000Z',
    finishedAt: '2026-11-20T07:00:01.000Z',
    ...fields,
  };
}

describe('writeResultFile', () => {
  it('names the file after the run, the action and the component', async () => {
    const folder = join(await tempFolder(), 'not', 'there', 'yet');
    expect(await writeResultFile(folder, '9a3c', result('crawl.sh'))).toBe(
      join(folder, '9a3c-upload-script-crawl.sh.json'),
    );
  });

  it('never writes a file twice: neither a second result nor ten parallel ones are lost', async () => {
    const folder = await tempFolder();
    const components = Array.from({ length: 10 }, () => result('same'));
    await Promise.all(components.map((one) => writeResultFile(folder, '9a3c', one)));
    const [first = ''] = await readdir(folder);
    const before = await readFile(join(folder, first), 'utf8');
    await writeResultFile(folder, '9a3c', result('same', { outputs: { other: true } }));
    expect(await readdir(folder)).toHaveLength(11);
    expect(await readFile(join(folder, first), 'utf8')).toBe(before);
  });

  it.each(['a/../../b', '../x', 'with blank', `quo'te"`, 'ü', 'x'.repeat(300)])(
    'a component can not lead out of the folder, nor be too long: %j',
    async (component) => {
      const folder = await tempFolder();
      await writeResultFile(folder, 'run', result(component));
      const [name = ''] = await readdir(folder);
      expect(name).toMatch(/^run-upload-script-[\w.-]{1,110}\.json$/);
    },
  );

  it('only the user can read it', async () => {
    const file = await writeResultFile(join(await tempFolder(), 'record'), 'run', result('x'));
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(file, '..'))).mode & 0o777).toBe(0o700);
  });
});

describe('readRecord', () => {
  it('reads what earlier jobs left and what this one did, together by time', async () => {
    const { own, attached } = recordFolders(await tempFolder());
    await writeResultFile(own, 'b', result('new', { finishedAt: '2026-11-20T07:00:02.000Z' }));
    await writeResultFile(attached, 'a', result('old', { finishedAt: '2026-11-20T07:00:01.000Z' }));
    expect((await readRecord([own, attached])).map(({ component }) => component)).toEqual(['old', 'new']);
  });

  it('gives what was written, the oldest first', async () => {
    const folder = await tempFolder();
    await writeResultFile(folder, 'b', result('new', { finishedAt: '2026-11-20T07:00:02.000Z' }));
    await writeResultFile(folder, 'c', result('old', { finishedAt: '2026-11-20T07:00:00.000Z' }));
    expect(await readRecord([folder])).toEqual([
      {
        action: 'upload-script',
        component: 'old',
        outputs: { batchFileSha256: 'old' },
        finishedAt: '2026-11-20T07:00:00.000Z',
      },
      {
        action: 'upload-script',
        component: 'new',
        outputs: { batchFileSha256: 'new' },
        finishedAt: '2026-11-20T07:00:02.000Z',
      },
    ]);
  });

  it('is empty where there is no folder', async () => {
    expect(await readRecord([join(await tempFolder(), 'missing')])).toEqual([]);
  });

  it.each([
    ['no JSON', '{'],
    ['nothing', ''],
    ['another schema', '{"schema": "aws-deploy/result@2", "outputs": {}}'],
    ['no outputs', '{"schema": "aws-deploy/result@1"}'],
    ['a list', '[]'],
    ['null', 'null'],
  ])('passes over files that are no results: %s', async (_what, text) => {
    const folder = await tempFolder();
    await writeFile(join(folder, 'junk.json'), text);
    await writeResultFile(folder, 'run', result('good'));
    expect((await readRecord([folder])).map(({ component }) => component)).toEqual(['good']);
  });

  it('passes over folders and other files', async () => {
    const folder = await tempFolder();
    await mkdir(join(folder, 'folder.json'));
    await writeFile(join(folder, 'notes.txt'), JSON.stringify(result('not meant')));
    await writeResultFile(folder, 'run', result('good'));
    expect((await readRecord([folder])).map(({ component }) => component)).toEqual(['good']);
  });
});

describe('stateFolder', () => {
  it('is under the home of the environment, or else of the user', () => {
    expect(stateFolder({ HOME: '/home/circleci' }, '/root')).toBe('/home/circleci/.aws-deploy');
    expect(stateFolder({}, '/root')).toBe('/root/.aws-deploy');
  });
});
