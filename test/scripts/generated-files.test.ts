import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { generatedFiles } from '../../scripts/generate.ts';
import { compareGenerated, writeGenerated } from '../../scripts/generated-files.ts';
import { sources } from '../orb/orb-sources.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'generated-'));
  mkdirSync(join(root, 'out/deep'), { recursive: true });
  writeFileSync(join(root, 'out/same.txt'), 'same');
  writeFileSync(join(root, 'out/changed.txt'), 'old');
  writeFileSync(join(root, 'out/deep/stale.txt'), 'stale');
  writeFileSync(join(root, 'mine.txt'), 'mine');
});

afterEach(() => rmSync(root, { recursive: true }));

const files = new Map([
  ['out/same.txt', 'same'],
  ['out/changed.txt', 'new'],
  ['out/absent/absent.txt', 'absent'],
]);

describe('compareGenerated', () => {
  it('tells what is out of date and what is stale', async () => {
    expect(await compareGenerated(root, files, ['out'])).toEqual({
      outdated: ['out/changed.txt', 'out/absent/absent.txt'],
      stale: ['out/deep/stale.txt'],
    });
  });

  it('takes a folder that is not there for an empty one', async () => {
    expect(await compareGenerated(root, new Map(), ['nowhere'])).toEqual({ outdated: [], stale: [] });
  });
});

describe('writeGenerated', () => {
  it('leaves nothing to tell, and nothing else touched', async () => {
    await writeGenerated(root, files, await compareGenerated(root, files, ['out']));
    expect(await compareGenerated(root, files, ['out'])).toEqual({ outdated: [], stale: [] });
    expect(existsSync(join(root, 'out/deep/stale.txt'))).toBe(false);
    expect(readFileSync(join(root, 'mine.txt'), 'utf8')).toBe('mine');
  });
});

describe('the committed files under orb/', () => {
  /** The archive is built by "npm run generate"; here its facts are taken from the committed orb. */
  function committedArchive() {
    const orb = parse(readFileSync('orb/orb.yml', 'utf8')) as {
      commands: { install: { steps: [{ run: { environment: Record<string, string> } }] } };
    };
    const { environment } = orb.commands.install.steps[0].run;
    return {
      fileName: basename(environment['AWS_DEPLOY_CLI_URL'] ?? ''),
      sha256: environment['AWS_DEPLOY_CLI_SHA256'] ?? '',
      sumsSha256: environment['AWS_DEPLOY_CLI_SUMS_SHA256'] ?? '',
    };
  }

  it('are what "npm run generate" writes', async () => {
    const expected = generatedFiles({ ...sources, archive: committedArchive() });
    expect(await compareGenerated('.', expected, ['orb'])).toEqual({ outdated: [], stale: [] });
  });
});
