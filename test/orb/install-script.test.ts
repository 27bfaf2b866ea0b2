import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { INSTALL_EXIT_CODES } from '../../src/orb/install-command.ts';
import { InstallFixture, TOOLS } from './install-fixture.ts';

let fixture: InstallFixture;
let server: Server | undefined;

beforeEach(() => {
  fixture = new InstallFixture();
});

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
  fixture.remove();
});

/** URL of a server on the loopback interface, and the paths that it was asked for. */
async function serve(listener: RequestListener): Promise<{ url: string; requests: string[] }> {
  const requests: string[] = [];
  const started = createServer((request, response) => {
    requests.push(request.url ?? '');
    listener(request, response);
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(started.address() as AddressInfo).port}`, requests };
}

describe('a good archive', () => {
  it('is installed from a file:// folder and runs in later steps', async () => {
    const result = await fixture.run();
    expect(result).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('fake 9.9.9') });
    expect(fixture.laterStep('aws-deploy')).toBe('fake 9.9.9\n');
    expect(fixture.leftovers()).toBe('');
  });

  it('is installed from the URL of the file itself, whatever its name', async () => {
    const { bytes } = fixture.archive;
    const { url, requests } = await serve((_request, response) => response.end(bytes));
    expect(await fixture.run({ AWS_DEPLOY_MIRROR: `${url}/other%20name.tar.br?signature=1` })).toMatchObject({
      code: 0,
    });
    expect(requests).toEqual(['/other%20name.tar.br?signature=1']);
  });

  it('is installed from a folder on the loopback interface, past any proxy', async () => {
    const { url, requests } = await serve((_request, response) => response.end(fixture.archive.bytes));
    const result = await fixture.run({ AWS_DEPLOY_MIRROR: `${url}/copies/`, http_proxy: 'http://127.0.0.1:1' });
    expect(result).toMatchObject({ code: 0 });
    expect(requests).toEqual(['/copies/aws-deploy-cli.tar.br']);
  });

  it('is installed into a home whose name has blanks and quotes', async () => {
    const home = join(fixture.root, `it's a "home" $(x)`);
    spawnSync('mkdir', [home]);
    expect(await fixture.run({ HOME: home })).toMatchObject({ code: 0 });
    expect(fixture.laterStep('aws-deploy')).toBe('fake 9.9.9\n');
  });

  it('is checked with shasum where sha256sum is missing', async () => {
    const tools = TOOLS.filter((tool) => tool !== 'sha256sum');
    // shasum is a Perl program.
    const result = await fixture.run({ PATH: fixture.pathWith([...tools, 'shasum', 'perl']) });
    expect(result).toMatchObject({ code: 0, stderr: '' });
  });

  it('makes the folder that jobs persist', async () => {
    await fixture.run();
    expect(spawnSync('test', ['-d', join(fixture.home, '.aws-deploy/record')]).status).toBe(0);
  });

  it('says where it is when there is no BASH_ENV', async () => {
    const result = await fixture.run({ BASH_ENV: undefined });
    expect(result).toMatchObject({ code: 0, stdout: expect.stringContaining(`add ${fixture.installed}/bin to PATH`) });
  });
});

describe('a second run', () => {
  const noMirror = { AWS_DEPLOY_MIRROR: 'file:///nowhere' };

  it('downloads nothing and leaves PATH as it is', async () => {
    await fixture.run();
    const path = fixture.laterStep('echo "$PATH"');
    expect(await fixture.run(noMirror)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('installed already'),
    });
    expect(readFileSync(fixture.bashEnv, 'utf8').trim().split('\n')).toHaveLength(1);
    expect(fixture.laterStep('bash -c \'echo "$PATH"\'')).toBe(path);
  });

  const tampering: [string, (folder: string) => void][] = [
    ['changed', (folder) => appendFileSync(join(folder, 'bin/aws-deploy'), 'echo evil\n')],
    ['removed', (folder) => rmSync(join(folder, 'lib/chunk one.js'))],
    ['added', (folder) => writeFileSync(join(folder, 'bin/node'), '#!/bin/sh\n')],
    ['changed together with its checksum', changeWithChecksum],
  ];

  it.each(tampering)('installs again when a file was %s', async (_what, tamper) => {
    await fixture.run();
    tamper(fixture.installed);
    expect(await fixture.run()).toMatchObject({ code: 0, stderr: expect.stringContaining('was changed') });
    expect(await fixture.run(noMirror)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('installed already'),
    });
    expect(fixture.laterStep('aws-deploy')).toBe('fake 9.9.9\n');
    expect(fixture.leftovers()).toBe('');
  });

  it.each(tampering)('fails when a file was %s and the archive is out of reach', async (_what, tamper) => {
    await fixture.run();
    tamper(fixture.installed);
    expect(await fixture.run(noMirror)).toMatchObject({ code: 5 });
  });
});

function changeWithChecksum(folder: string): void {
  const sums = join(folder, 'SHA256SUMS');
  appendFileSync(join(folder, 'bin/aws-deploy'), 'echo evil\n');
  spawnSync('/bin/sh', ['-c', 'sha256sum bin/aws-deploy "lib/chunk one.js" > "$1"', 'sh', sums], { cwd: folder });
}

describe('several runs at once', () => {
  it('all succeed and leave one intact installation', async () => {
    const results = await Promise.all([1, 2, 3, 4].map(() => fixture.run()));
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect(fixture.leftovers()).toBe('');
    expect(await fixture.run({ AWS_DEPLOY_MIRROR: 'file:///nowhere' })).toMatchObject({ code: 0 });
  });
});

describe('an archive that is not the right one', () => {
  it('is refused before anything of it runs', async () => {
    const evil = fixture.makeArchive({ 'bin/aws-deploy': `#!/bin/sh\ntouch "$HOME/evil"\n` });
    const result = await fixture.run({ AWS_DEPLOY_MIRROR: `file://${evil.folder}` });
    expect(result).toMatchObject({ code: 7, stderr: expect.stringContaining(evil.sha256) });
    expect(result.stderr).toContain('Nothing of it was run');
    expect(fixture.nothingIsInstalled()).toBe(true);
    expect(readFileSync(fixture.bashEnv, 'utf8')).toBe('');
  });

  it('is refused when its checksums are not those of the orb', async () => {
    const result = await fixture.run({ AWS_DEPLOY_CLI_SUMS_SHA256: 'c'.repeat(64) });
    expect(result).toMatchObject({ code: 7, stderr: expect.stringContaining('not what its checksums say') });
    expect(fixture.nothingIsInstalled()).toBe(true);
  });
});

describe('a download that fails', () => {
  async function failingRun(listener: RequestListener, more: Record<string, string> = {}) {
    const { url, requests } = await serve(listener);
    const result = await fixture.run({ AWS_DEPLOY_MIRROR: url, ...more });
    expect(fixture.nothingIsInstalled()).toBe(true);
    return { ...result, attempts: requests.length };
  }

  it('says that the archive does not exist, without trying again', async () => {
    const result = await failingRun((_request, response) => response.writeHead(404).end());
    expect(result).toMatchObject({ code: 5, attempts: 1, stderr: expect.stringContaining('does not exist') });
    expect(result.stderr).toContain('version 9.9.9 was released');
  });

  it('says that it was refused', async () => {
    const result = await failingRun((_request, response) => response.writeHead(403).end());
    expect(result).toMatchObject({ code: 1, attempts: 1, stderr: expect.stringContaining('HTTP 403') });
  });

  it('says that the connection was cut, after three attempts', async () => {
    const result = await failingRun((_request, response) => {
      response.writeHead(200, { 'content-length': fixture.archive.bytes.length });
      response.write(fixture.archive.bytes.subarray(0, 50), () => response.destroy());
    });
    expect(result).toMatchObject({ code: 1, attempts: 3, stderr: expect.stringContaining('connection was cut') });
  });

  it('says that it timed out', async () => {
    const result = await failingRun(() => undefined, { AWS_DEPLOY_INSTALL_TIMEOUT: '1' });
    expect(result).toMatchObject({ code: 8, attempts: 3, stderr: expect.stringContaining('timed out') });
  });

  it('is tried again after a server error', async () => {
    let attempts = 0;
    const { url } = await serve((_request, response) =>
      ++attempts === 1 ? response.writeHead(503).end() : response.end(fixture.archive.bytes),
    );
    expect(await fixture.run({ AWS_DEPLOY_MIRROR: url })).toMatchObject({ code: 0 });
    expect(attempts).toBe(2);
  });

  it('says that the file of a mirror can not be read', async () => {
    const result = await fixture.run({ AWS_DEPLOY_MIRROR: 'file:///nowhere' });
    expect(result).toMatchObject({ code: 5, stderr: expect.stringContaining('file:///nowhere/aws-deploy-cli.tar.br') });
  });

  it('shows no password and no signature of the mirror', async () => {
    const { url } = await serve((_request, response) => response.writeHead(404).end());
    const mirror = `${url.replace('//', '//user:hunter2@')}/cli.tar.br?signature=hunter2`;
    const result = await fixture.run({ AWS_DEPLOY_MIRROR: mirror });
    expect(result.stderr + result.stdout).not.toContain('hunter2');
  });
});

describe('a setting that can not be used', () => {
  it.each([
    ['http on another host', { AWS_DEPLOY_MIRROR: 'http://mirror.example.com/' }],
    ['http on a host that only looks like loopback', { AWS_DEPLOY_MIRROR: 'http://127.0.0.1.example.com/' }],
    ['http with loopback as the user name', { AWS_DEPLOY_MIRROR: 'http://127.0.0.1@example.com/' }],
    ['another protocol', { AWS_DEPLOY_MIRROR: 'ftp://example.com/' }],
    ['a plain path', { AWS_DEPLOY_MIRROR: '/srv/mirror' }],
    ['a timeout that is no number', { AWS_DEPLOY_INSTALL_TIMEOUT: '1m' }],
    ['no HOME', { HOME: undefined }],
  ])('%s is exit code 2', async (_what, more) => {
    const result = await fixture.run(more);
    expect(result).toMatchObject({ code: 2, stderr: expect.stringMatching(/^error: .+\n {2}\S/) });
  });
});

describe('an executor that lacks something', () => {
  it.each(TOOLS.map((tool) => [tool]))('without %s is exit code 5 and names it', async (missing) => {
    const result = await fixture.run({ PATH: fixture.pathWith(TOOLS.filter((tool) => tool !== missing)) });
    expect(result).toMatchObject({
      code: 5,
      stderr: expect.stringMatching(new RegExp(`^error: .*${missing}.* installed`)),
    });
  });

  it.each(['v20.18.3', 'v18.20.0', 'v9.99.0', 'nonsense'])('with Node %s is exit code 5', async (version) => {
    const old = fixture.programThatPrints('node', version);
    const result = await fixture.run({ PATH: `${old}:${process.env['PATH']}` });
    expect(result).toMatchObject({ code: 5, stderr: expect.stringContaining('Node 20.19 or later') });
  });
});

it('ends with the codes that the reference lists', () => {
  const script = readFileSync('src/orb/scripts/install.sh', 'utf8');
  const used = new Set([...script.matchAll(/\bfail (\d+) /g)].map((match) => Number(match[1])));
  expect([...used].toSorted()).toEqual(INSTALL_EXIT_CODES.map(({ code }) => code));
});
