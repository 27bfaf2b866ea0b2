import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeInShells, HELLO } from './describe-in-shells.ts';

describeInShells('fetch-and-run.sh', (shell, fixture) => {
  describe('refuses, and runs nothing', () => {
    it('what has another hash', async () => {
      const job = await fixture.upload(HELLO);
      const result = await fixture.run(shell, { ...job, BATCH_FILE_SHA256: '0'.repeat(64) });
      expect(result).toMatchObject({
        code: 206,
        stdout: '',
        stderr: expect.stringContaining(job['BATCH_FILE_SHA256']!),
      });
    });

    it.each([
      [{ BATCH_FILE_SHA256: undefined }, 'BATCH_FILE_SHA256 is not set'],
      [{ BATCH_FILE_SHA256: 'abc' }, '64 digits of lower-case hex'],
      [{ BATCH_FILE_SHA256: 'A'.repeat(64) }, '64 digits of lower-case hex'],
      [{ BATCH_FILE_TYPE: undefined }, 'BATCH_FILE_TYPE must be script or zip'],
      [{ BATCH_FILE_TYPE: 'tar' }, 'it is "tar"'],
      [{ BATCH_FILE_S3_URL: undefined }, 'BATCH_FILE_S3_URL must be s3://bucket/key'],
      [{ BATCH_FILE_S3_URL: 'https://example.com/x' }, 'https://example.com/x'],
      [{ BATCH_FILE_S3_URL: 's3://bucket-only' }, 's3://bucket-only'],
      [{ BATCH_FILE_S3_URL: 's3://buc ket/key' }, 's3://buc ket/key'],
      [{ BATCH_FILE_S3_URL: 's3://bucket/folder/' }, 's3://bucket/folder/'],
      [{ BATCH_FILE_S3_URL: 's3://bucket/a/../b' }, 's3://bucket/a/../b'],
      [{ BATCH_FILE_S3_URL: 's3://bucket/a\nb' }, 's3://bucket/key'],
      [{ AWS_REGION: 'eu-central-1"' }, 'not the name of a region'],
      [{ AWS_MAX_ATTEMPTS: 'many' }, 'must be numbers'],
    ])('%j', async (change, message) => {
      const job = await fixture.upload(HELLO);
      const result = await fixture.run(shell, { ...job, ...change });
      expect(result).toMatchObject({ code: 200, stdout: '', stderr: expect.stringContaining(message) });
    });

    it('an image without curl', async () => {
      const bin = mkdtempSync(join(fixture.folder, 'bin-'));
      const result = await fixture.run(shell, { ...(await fixture.upload(HELLO)), PATH: bin });
      expect(result).toMatchObject({ code: 201, stderr: expect.stringContaining('curl is missing') });
    });

    it('an image whose curl does not sign everything', async () => {
      const bin = mkdtempSync(join(fixture.folder, 'bin-'));
      writeFileSync(join(bin, 'curl'), '#!/bin/sh\necho "curl 7.81.0 (x86_64-pc-linux-gnu)"\n', { mode: 0o755 });
      const result = await fixture.run(shell, {
        ...(await fixture.upload(HELLO)),
        PATH: `${bin}:${process.env['PATH']}`,
      });
      expect(result).toMatchObject({ code: 201, stderr: expect.stringContaining('curl 7.81 is too old') });
    });
  });

  it('says when there is no folder to write to', async () => {
    const result = await fixture.run(shell, { ...(await fixture.upload(HELLO)), TMPDIR: join(fixture.folder, 'none') });
    expect(result).toMatchObject({ code: 208, stderr: expect.stringContaining('no folder can be made') });
  });
});
