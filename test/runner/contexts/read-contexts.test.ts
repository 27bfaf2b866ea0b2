import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { contextFile, contextsOfJob, readContexts } from '../../../src/runner/contexts/read-contexts.ts';

let repository: string;
let local: string;

function git(...words: string[]): void {
  execFileSync('git', ['-C', repository, ...words], { stdio: 'pipe' });
}

function write(path: string, text: string | Buffer, mode = 0o600): void {
  const file = join(local, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, mode);
}

beforeEach(() => {
  repository = mkdtempSync(join(tmpdir(), 'contexts-'));
  local = join(repository, '.circleci/local');
  git('init', '--quiet');
  write('.gitignore', '*\n');
});

afterEach(() => {
  rmSync(repository, { recursive: true });
});

describe('contexts', () => {
  it('are read from their files, with the variables of the project', async () => {
    write('contexts/aws.env', 'A=1\n');
    write('project.env', 'B=2\n');
    expect(await readContexts(local, ['aws', 'slack', 'aws'])).toEqual({
      project: { B: '2' },
      named: new Map([['aws', { A: '1' }]]),
      warnings: [],
    });
  });

  it('need no folder', async () => {
    rmSync(local, { recursive: true });
    expect(await readContexts(local, ['aws'])).toEqual({ project: {}, named: new Map(), warnings: [] });
  });

  it.each([
    ['aws prod', 'contexts/aws prod.env'],
    ['team/aws', 'contexts/team%2Faws.env'],
    ['../../x', 'contexts/%2E.%2F..%2Fx.env'],
  ])('of the name %j have the file %j', async (name, file) => {
    write(file, 'A=1\n');
    expect((await readContexts(local, [name])).named.get(name)).toEqual({ A: '1' });
    expect(contextFile(local, name)).toBe(join(local, file));
  });

  it('of a job are in the order of the job', async () => {
    write('contexts/a.env', 'A=1\n');
    write('contexts/b.env', 'A=2\n');
    const contexts = await readContexts(local, ['a', 'b']);
    expect(contextsOfJob(contexts, ['b', 'missing', 'a'])).toEqual([{ A: '2' }, { A: '1' }]);
  });
});

describe('a file of variables', () => {
  it.each([0o640, 0o604, 0o777])('that others can read (%o) is warned of', async (mode) => {
    write('contexts/aws.env', 'A=1\n', mode);
    const { warnings } = await readContexts(local, ['aws']);
    expect(warnings).toEqual([expect.stringContaining(`chmod 600 ${contextFile(local, 'aws')}`)]);
  });

  it('is told so that its path can be pasted', async () => {
    write('contexts/two words.env', 'A=1\n', 0o644);
    const { warnings } = await readContexts(local, ['two words']);
    expect(warnings).toEqual([expect.stringContaining(`chmod 600 '${local}/contexts/two words.env'`)]);
  });

  it('that is in git is refused', async () => {
    write('contexts/aws.env', 'A=hunter2\n');
    git('add', '--force', '.circleci/local/contexts/aws.env');
    await expect(readContexts(local, ['aws'])).rejects.toMatchObject({
      title: 'a file with secrets is in git',
      exitCode: 7,
    });
  });

  it('that is in git is refused also within a hook of git', async () => {
    write('project.env', 'A=hunter2\n');
    git('add', '--force', '.circleci/local/project.env');
    process.env['GIT_DIR'] = 'elsewhere';
    try {
      await expect(readContexts(local, [])).rejects.toMatchObject({ title: 'a file with secrets is in git' });
    } finally {
      delete process.env['GIT_DIR'];
    }
  });

  it('that git would take is refused', async () => {
    write('.gitignore', 'runs\n');
    write('project.env', 'A=hunter2\n');
    await expect(readContexts(local, [])).rejects.toMatchObject({
      title: 'a file with secrets would be committed',
      exitCode: 7,
    });
  });

  it('that was written before the first run is kept from git from now on', async () => {
    rmSync(join(local, '.gitignore'));
    write('project.env', 'A=hunter2\n');
    await readContexts(local, []);
    expect(execFileSync('git', ['-C', repository, 'status', '--porcelain', '--untracked-files=all']).toString()).toBe(
      '',
    );
  });

  it('is read outside of a repository', async () => {
    rmSync(join(repository, '.git'), { recursive: true });
    write('project.env', 'A=1\n');
    expect((await readContexts(local, [])).project).toEqual({ A: '1' });
  });

  it('that is a folder is refused', async () => {
    mkdirSync(join(local, 'contexts/aws.env'), { recursive: true });
    await expect(readContexts(local, ['aws'])).rejects.toMatchObject({
      title: 'a file of variables can not be read',
      exitCode: 7,
    });
  });

  it('that is no text is refused', async () => {
    write('project.env', Buffer.from([65, 61, 0xff]));
    await expect(readContexts(local, [])).rejects.toMatchObject({
      title: 'a file of variables is no text',
      exitCode: 7,
    });
  });

  it('with a wrong line is refused with the path of the file', async () => {
    write('project.env', 'hunter2\n');
    await expect(readContexts(local, [])).rejects.toMatchObject({
      message: expect.stringContaining(`${join(local, 'project.env')}:1: `),
    });
  });
});
