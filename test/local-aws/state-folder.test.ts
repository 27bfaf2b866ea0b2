import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DescribeJobDefinitionsCommand, RegisterJobDefinitionCommand } from '@aws-sdk/client-batch';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { folderBlobStore } from '../../src/local-aws/blob-store.ts';
import { type LocalAws, startLocalAws } from '../../src/local-aws/server.ts';
import { batchClient, failureOf } from './clients.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'local-aws-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function register(localAws: LocalAws): Promise<void> {
  const batch = batchClient(localAws);
  await batch.send(
    new RegisterJobDefinitionCommand({
      jobDefinitionName: 'crawl',
      type: 'container',
      containerProperties: { image: 'a', vcpus: 1, memory: 4 },
      tags: { team: 'data' },
    }),
  );
  batch.destroy();
}

describe('with a state folder', () => {
  it('everything is there again after a restart, on another port', async () => {
    const first = await startLocalAws({ stateDir: join(folder, 'new') });
    await register(first);
    const state = first.control.state();
    await first.close();

    const second = await startLocalAws({ stateDir: join(folder, 'new') });
    expect(second.control.state()).toEqual(state);
    const batch = batchClient(second);
    const { jobDefinitions } = await batch.send(new DescribeJobDefinitionsCommand({}));
    expect(jobDefinitions).toMatchObject([{ jobDefinitionName: 'crawl', revision: 1, tags: { team: 'data' } }]);
    batch.destroy();
    await second.close();
  });

  it('what was answered is written already, so that a crash loses nothing', async () => {
    const localAws = await startLocalAws({ stateDir: folder });
    await register(localAws);
    expect(readFileSync(join(folder, 'state.json'), 'utf8')).toContain('job-definition/crawl:1');
    await localAws.close();
  });

  it('a clock that was moved ahead is ahead after a restart', async () => {
    const first = await startLocalAws({ stateDir: folder });
    await first.control.advance(86_400_000);
    await first.close();
    const second = await startLocalAws({ stateDir: folder });
    expect(second.control.now().getTime() - Date.now()).toBeGreaterThan(86_000_000);
    await second.close();
  });

  it('a file in its place is told as that', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    await expect(startLocalAws({ stateDir: file })).rejects.toMatchObject({
      exitCode: 7,
      title: 'The state folder of the local AWS can not be made',
      message: expect.stringContaining(file),
    });
  });

  it('reset empties it', async () => {
    const first = await startLocalAws({ stateDir: folder });
    await register(first);
    first.control.reset();
    await first.close();
    const second = await startLocalAws({ stateDir: folder });
    expect(JSON.stringify(second.control.state())).not.toContain('crawl');
    await second.close();
  });

  it.each([
    ['is no JSON', '{'],
    ['is of another kind', '{"schema":"something-else@1"}'],
    ['a service cannot read', '{"schema":"aws-deploy/local-aws-state@1","services":{"batch":{"eu-central-1":1}}}'],
  ])('a state that %s is an error that names the file', async (_case, text) => {
    const file = join(folder, 'state.json');
    writeFileSync(file, text);
    const error = await failureOf(startLocalAws({ stateDir: folder }));
    expect(error).toMatchObject({ code: 'file.invalid' });
    expect(error.message).toContain(file);
  });
});

it('blobs are files named by their hash, and equal bytes are one', () => {
  const blobs = folderBlobStore(folder);
  const bytes = Buffer.from('layer');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  expect([blobs.put(bytes), blobs.put(Buffer.from('layer'))]).toEqual([sha256, sha256]);
  expect(readdirSync(folder)).toEqual([sha256]);
  expect(blobs.get(sha256)).toEqual(bytes);
});

it('a blob store gives nothing for what is no hash', () => {
  writeFileSync(join(folder, 'secret'), 'x');
  expect(folderBlobStore(join(folder, 'blobs')).get('../secret')).toBeUndefined();
});
