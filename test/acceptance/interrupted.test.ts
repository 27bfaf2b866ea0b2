import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Result } from '../../src/core/result.ts';
import { buildCli } from './support/built-cli.ts';
import { run, succeeded } from './support/child-process.ts';
import { startCuttingProxy, type CuttingProxy } from './support/cutting-proxy.ts';
import { expectTold } from './support/failing-run.ts';
import { BUCKET, type LocalCloud } from './support/local-cloud.ts';
import { FIRST_RELEASE, rehearse, type Rehearsed } from './support/release-scenarios.ts';
import { makeWorkplace, releaseArguments, type Workplace } from './support/workplace.ts';

let program: string;
let release: Rehearsed;
let cloud: LocalCloud;
beforeAll(async () => {
  program = await buildCli();
  release = await rehearse(program, FIRST_RELEASE);
  ({ cloud } = release);
});
afterAll(() => cloud?.close());

let work: Workplace | undefined;
let proxy: CuttingProxy | undefined;
afterEach(async () => {
  await proxy?.close();
  proxy = undefined;
  await work?.remove();
});

const ONE_HOUR_MS = 3_600_000;

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
  it.each([
    ['sts:GetCallerIdentity'],
    ['registry:GetBlob'],
    ['registry:PatchBlobUpload'],
    ['s3:PutObject'],
    ['batch:RegisterJobDefinition'],
  ])('during %s cancels, leaves nothing behind, and the next run takes up what was done', async (operation) => {
    work = await release.begin();
    cloud.control.addFault({ operation, kind: 'delay', ms: ONE_HOUR_MS });
    const running = work.start(release.arguments);
    await cloud.control.waitForRequest(({ state }) => state === 'delayed');
    running.kill(signal);
    expectTold(await running.ended, { code: 6, says: ['error: canceled', 'taken up by the next run'] });
    expect(await readdir(work.temp)).toEqual([]);
    expect(await resultsOf(work)).toEqual([expect.objectContaining({ status: 'canceled', exitCode: 6 })]);

    succeeded(await work.run(release.arguments));
    expect(cloud.control.state()).toEqual(release.state);
  });

  it('after the call that was under way was carried out changes nothing more', async () => {
    work = await release.begin();
    cloud.control.addFault({ operation: 's3:PutObject', kind: 'hang-after-apply' });
    const running = work.start(release.arguments);
    await cloud.control.waitForRequest(({ state }) => state === 'hanging');
    running.kill(signal);
    expect(await running.ended).toMatchObject({ code: 6 });
    expect(cloud.calls().at(-1)).toBe('s3:PutObject');
    succeeded(await work.run(release.arguments));
    expect(cloud.control.state()).toEqual(release.state);
  });
});

async function resultsOf({ home }: Workplace): Promise<Result[]> {
  const folder = join(home, '.aws-deploy/results');
  const texts = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')));
  return texts.map((text) => JSON.parse(text) as Result);
}

describe('a connection that breaks inside a layer', () => {
  const MIB = 1024 * 1024;
  // Random bytes do not get smaller in a layer.
  const big = randomBytes(4 * MIB);

  async function prepare(): Promise<CuttingProxy> {
    await cloud.restart();
    proxy ??= await startCuttingProxy(cloud.endpoint);
    await work?.remove();
    work = await makeWorkplace(program, proxy);
    await writeFile(join(work.project, 'app/crawl'), big);
    return proxy;
  }

  it('is made good: the upload goes on where it was, and ends as if nothing had been', async () => {
    const args = (way: CuttingProxy) =>
      releaseArguments({ base: cloud.base.replace(/:\d+\//, `:${new URL(way.endpoint).port}/`) });
    const way = await prepare();
    succeeded(await work!.run(args(way)));
    const undisturbed = cloud.control.state();

    await prepare();
    way.cutLayerAfter(1 * MIB, 2 * MIB);
    succeeded(await work!.run(args(way)));
    expect(way.cuts()).toBe(2);
    const ranges = cloud.control.requests().flatMap(({ headers }) => headers['content-range'] ?? []);
    // The chunk that came through whole began where the second of the two that broke had ended.
    expect(Number(ranges.at(-1)?.split('-')[0])).toBeGreaterThan(2 * MIB);
    expect(cloud.control.state()).toEqual(undisturbed);
  });
});

describe('what was released is released', () => {
  const script = ['upload-script', '--script', 'job', '--script-destination', `s3://${BUCKET}`];

  it.each([
    ['a home that can not be written', { HOME: '/dev/null' }],
    ['a full disk under BASH_ENV', { BASH_ENV: '/dev/full' }],
  ])('%s is a warning', async (_what, env) => {
    work = await release.begin();
    const { stderr } = succeeded(await work.run(release.arguments, env));
    expect(stderr).toContain('warning: The result could not be kept for later steps');
    expect(cloud.control.state()).toEqual(release.state);
  });

  it('an output that can not be written is a warning', async () => {
    work = await release.begin();
    const { stderr } = succeeded(await inBash('"$@" --output json >/dev/full'));
    expect(stderr).toContain('warning: the output could not be written');
    expect(cloud.calls()).toContain('s3:PutObject');
  });

  it.each([
    ['messages that can not be written', '"$@" 2>/dev/full'],
    ['a reader who has gone', '"$@" 2> >(exec true) | true'],
  ])('%s stop nothing', async (_what, command) => {
    work = await release.begin();
    succeeded(await inBash(command));
    expect(cloud.calls()).toContain('s3:PutObject');
  });

  function inBash(command: string) {
    const line = [process.execPath, program, ...script];
    return run('/bin/bash', ['-o', 'pipefail', '-c', command, 'bash', ...line], work!.surroundings());
  }
});

it('a folder for temporary files that is not there is told, and what to do', async () => {
  work = await release.begin();
  const ended = await work.run(release.arguments, { TMPDIR: join(work.folder, 'nowhere') });
  expectTold(ended, { code: 1, says: ['a temporary folder can not be made', 'TMPDIR'] });
});
