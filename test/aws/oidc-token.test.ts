import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { isAboutToExpire, tokenClaims, writeToken } from '../../src/aws/oidc-token.ts';
import { inMinutes, oidcToken } from '../support/oidc-tokens.ts';
import { tempFolder } from '../support/temp-folder.ts';

const NOW = new Date('2026-11-20T07:00:00Z');

describe('tokenClaims', () => {
  it('reads the claims', () => {
    expect(tokenClaims(oidcToken(NOW, { aud: 'me' }))).toMatchObject({ aud: 'me', exp: NOW.getTime() / 1000 });
  });

  it.each(['', 'x', 'a.b.c', `a.${Buffer.from('[]').toString('base64url')}.c`])('%j has none', (text) => {
    expect(tokenClaims(text)).toBeUndefined();
  });
});

describe('isAboutToExpire', () => {
  it.each([
    ['with an hour left', oidcToken(inMinutes(60, NOW)), false],
    ['with five minutes left', oidcToken(inMinutes(5, NOW)), false],
    ['with less', oidcToken(inMinutes(4.9, NOW)), true],
    ['when it has ended', oidcToken(inMinutes(-1, NOW)), true],
    ['when it does not say', 'no token', false],
  ])('%s: %j', (_what, token, expected) => {
    expect(isAboutToExpire(token, NOW)).toBe(expected);
  });
});

it('writeToken leaves one file that only the user can read', async () => {
  const folder = join(await tempFolder(), 'state');
  await writeToken(join(folder, 'token'), 'old');
  await writeToken(join(folder, 'token'), 'new');
  expect(await readdir(folder)).toEqual(['token']);
  expect(await readFile(join(folder, 'token'), 'utf8')).toBe('new');
  expect((await stat(join(folder, 'token'))).mode & 0o777).toBe(0o600);
});

it('writeToken may run several times at once', async () => {
  const folder = await tempFolder();
  await Promise.all(['a', 'b', 'c', 'd'].map((token) => writeToken(join(folder, 'token'), token)));
  expect(await readdir(folder)).toEqual(['token']);
});
