import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { checkoutValues } from '../../../src/cli/config/checkout-values.ts';
import { tempFolder } from '../../support/temp-folder.ts';

let folder = '';

function git(...args: string[]): string {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
  return execFileSync('git', ['-C', folder, ...identity, ...args], { encoding: 'utf8', stdio: 'pipe' }).trim();
}

beforeEach(async () => {
  folder = await tempFolder();
});

describe('the pipeline values of a checkout', () => {
  beforeEach(() => {
    git('init', '--quiet', '--initial-branch', 'feature/a,b');
    git('commit', '--quiet', '--allow-empty', '--message', 'first');
  });

  it('are its commit and its branch', async () => {
    const revision = git('rev-parse', 'HEAD');
    expect(await checkoutValues(folder)).toEqual({
      'git.revision': revision,
      'git.base_revision': revision,
      'git.branch': 'feature/a,b',
    });
  });

  it('have the tag of its commit, and no branch when it is on none', async () => {
    git('tag', 'v1.0');
    git('checkout', '--quiet', '--detach');
    const values = await checkoutValues(folder);
    expect(values).toMatchObject({ 'git.tag': 'v1.0' });
    expect(values).not.toHaveProperty(['git.branch']);
  });

  it('have no tag of an earlier commit', async () => {
    git('tag', 'v1.0');
    git('commit', '--quiet', '--allow-empty', '--message', 'second');
    expect(await checkoutValues(folder)).not.toHaveProperty(['git.tag']);
  });

  it('have the project of its remote, without the token in it', async () => {
    git('remote', 'add', 'origin', 'https://x:token@github.com/acme/shop.git');
    expect(await checkoutValues(folder)).toMatchObject({
      'project.git_url': 'https://github.com/acme/shop',
      'project.type': 'github',
    });
  });
});

describe('a checkout of somebody else', () => {
  it('has nothing run, whatever its settings say is to be fetched with', async () => {
    git('init', '--quiet', '--initial-branch', 'main');
    git('commit', '--quiet', '--allow-empty', '--message', 'first');
    const marker = join(folder, 'was-run');
    git('config', 'core.repositoryFormatVersion', '1');
    git('config', 'extensions.partialClone', 'origin');
    git('config', 'remote.origin.promisor', 'true');
    git('config', 'remote.origin.url', folder);
    git('config', 'remote.origin.uploadPack', `touch '${marker}'; git-upload-pack`);
    const objects = join(folder, '.git', 'objects');
    for (const name of readdirSync(objects)) rmSync(join(objects, name), { recursive: true });
    await checkoutValues(folder);
    expect(existsSync(marker)).toBe(false);
  });
});

describe('outside of a checkout', () => {
  it('there are none', async () => {
    expect(await checkoutValues(folder)).toEqual({});
  });

  it('nor before the first commit', async () => {
    git('init', '--quiet');
    expect(await checkoutValues(folder)).toEqual({});
  });
});
