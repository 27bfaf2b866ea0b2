import { expect, it } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

const CRAWL = 'examples/nightly-batch/jobs/crawl.sh';

function crawl(env: Readonly<Record<string, string>>): ReturnType<typeof spawnSync> {
  return spawnSync('/bin/sh', [CRAWL], { env: { PATH: process.env['PATH'] ?? '', ...env }, encoding: 'utf8' });
}

it('visits as many pages as it is told', () => {
  const { status, stdout } = crawl({ CRAWL_PAGES: '4', CRAWL_PAUSE: '0' });
  expect(status).toBe(0);
  expect(String(stdout).match(/^crawl: page \d of 4: \d+ products$/gm)).toHaveLength(4);
});

it('refuses what is no number', () => {
  expect(crawl({ CRAWL_PAGES: 'all' })).toMatchObject({ status: 64, stderr: expect.stringContaining('"all"') });
});

it('says how far it came when it is stopped', async () => {
  const env = { PATH: process.env['PATH'] ?? '', CRAWL_PAGES: '9', CRAWL_PAUSE: '1' };
  const child = spawn('/bin/sh', [CRAWL], { env });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  expect(await once(child, 'close')).toEqual([75, null]);
  expect(stderr).toMatch(/^crawl: stopped after \d of 9 pages\n$/);
});
