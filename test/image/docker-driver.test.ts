import { createReadStream, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DeployError } from '../../src/core/errors.ts';
import { buildAndPushWithDocker, buildArguments, type DockerBuildOptions } from '../../src/image/docker-driver.ts';
import { probeEngine, type DockerEngine } from '../../src/image/docker-engine.ts';
import { withDockerLogin } from '../../src/image/docker-login.ts';
import { buildEmbedded, type BuiltImage } from '../../src/image/embedded-builder.ts';
import { pushImage } from '../../src/image/push-image.ts';
import type { ImageConfig, ImageManifest } from '../../src/image/oci-image.ts';
import { runProgram } from '../../src/image/run-program.ts';
import { readTar } from '../../src/core/tar-reader.ts';
import { folderOf, removeFolder, startLocalRegistry, type LocalRegistry } from './local-registry.ts';

const buildx: DockerEngine = { serverVersion: '28.0.0', platform: 'linux/amd64', builder: 'buildx' };
const classic: DockerEngine = { ...buildx, builder: 'classic' };
const folders: string[] = [];
let registry: LocalRegistry;

beforeAll(async () => {
  registry = await startLocalRegistry();
});
beforeEach(async () => {
  registry.aws.control.reset();
  await registry.createRepository('crawl');
  await registry.createRepository('fixed', 'IMMUTABLE');
});
afterEach(() => folders.splice(0).forEach(removeFolder));
afterAll(() => registry.close());

function folder(files: Parameters<typeof folderOf>[0]): string {
  const made = folderOf(files);
  folders.push(made);
  return made;
}

/** A PATH with a docker program that is this shell script. */
function dockerProgram(script: string): NodeJS.ProcessEnv {
  const bin = folder({ docker: [`#!/bin/sh\n${script}\n`, 0o755] });
  return { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` };
}

function options(given: Partial<DockerBuildOptions> = {}): DockerBuildOptions {
  return {
    engine: buildx,
    contextDir: '/context',
    client: registry.client(),
    credentials: registry.credentials,
    repository: 'crawl',
    tags: ['1'],
    env: process.env,
    ...given,
  };
}

describe('buildArguments', () => {
  it('names build arguments and secrets, and never has their values', () => {
    const args = buildArguments(
      options({
        buildArgs: { TOKEN: 'hush $(touch x)' },
        secrets: { npm: 'NPM_TOKEN' },
        sourceDateEpoch: 7,
        target: 'run',
        platform: 'linux/arm64',
        dockerfile: 'D',
      }),
      'host/crawl:1',
      '/id',
    );
    expect(args).toEqual([
      'buildx',
      'build',
      '--load',
      '--provenance=false',
      '--sbom=false',
      '--progress=plain',
      '--iidfile=/id',
      '--tag=host/crawl:1',
      '--file=D',
      '--target=run',
      '--platform=linux/arm64',
      '--build-arg',
      'SOURCE_DATE_EPOCH',
      '--build-arg',
      'TOKEN',
      '--secret',
      'id=npm,env=NPM_TOKEN',
      '--',
      '/context',
    ]);
  });

  it('uses only what the classic builder knows', () => {
    expect(buildArguments(options({ engine: classic, sourceDateEpoch: 7 }), 'n', '/id')).toEqual([
      'build',
      '--iidfile=/id',
      '--tag=n',
      '--',
      '/context',
    ]);
  });
});

describe('inputs', () => {
  it.each([
    [{ tags: [] }, 'needs a tag'],
    [{ buildArgs: { 'a b': '1' } }, '"a b" is not a name'],
    [{ buildArgs: { DOCKER_HOST: 'x' } }, 'has a name that the docker program reads itself'],
    [{ secrets: { npm: 'NPM_TOKEN' }, engine: classic, env: { NPM_TOKEN: 'x' } }, 'Build secrets need BuildKit'],
    [{ secrets: { 'a,src=/etc/passwd': 'NPM_TOKEN' }, env: { NPM_TOKEN: 'x' } }, 'is not an id for a build secret'],
    [{ secrets: { npm: 'NPM_TOKEN' }, env: {} }, 'NPM_TOKEN of the build secret npm is not set'],
  ])('%j are refused before docker is started', async (given, why) => {
    const failure = await buildAndPushWithDocker(options(given)).catch((error: unknown) => error as DeployError);
    expect(failure).toMatchObject({ exitCode: 2, title: expect.stringContaining(why) });
  });
});

describe('probeEngine', () => {
  it('says that there is no docker program', async () => {
    expect(await probeEngine({ PATH: '/nowhere' })).toMatchObject({ code: 'docker.missing' });
  });

  it('says why no engine answers', async () => {
    const env = dockerProgram(
      'echo \'{"Client":{"Version":"28.0.0"},"Server":null}\'; echo Cannot connect to the daemon >&2; exit 1',
    );
    expect(await probeEngine(env)).toMatchObject({ code: 'docker.no_engine', message: 'Cannot connect to the daemon' });
  });

  it.each([
    ['28.0.0', 0, 'buildx'],
    ['28.0.0', 1, 'classic'],
    ['20.10.24+dfsg1', 1, 'buildkit'],
    ['18.03.1', 1, 'classic'],
  ])('client %s, buildx ending with %i: %s', async (version, code, builder) => {
    const server = '{"Version":"1","Os":"linux","Arch":"arm64"}';
    const env = dockerProgram(
      `[ "$1" = buildx ] && exit ${code}; echo '{"Client":{"Version":"${version}"},"Server":${server}}'`,
    );
    expect(await probeEngine(env)).toEqual({ serverVersion: '1', platform: 'linux/arm64', builder });
  });
});

describe('a docker that fails', () => {
  it('hands over the exit code and the last lines of a build', async () => {
    const env = dockerProgram('echo one; echo "the reason" >&2; exit 3');
    const failure = await buildAndPushWithDocker(options({ env })).catch((error: unknown) => error as DeployError);
    expect(failure).toMatchObject({ code: 'docker.build_failed', exitCode: 1 });
    expect((failure as DeployError).message).toMatch(/^exit code 3\n[^]*the reason/);
  });

  it.each([
    ['denied: User is not authorized to perform ecr:InitiateLayerUpload', 'registry.denied', 3],
    ['name unknown: The repository with name x does not exist', 'registry.repository_not_found', 5],
    ['write: broken pipe', 'docker.push_failed', 1],
  ])('says of a push that ended with "%s" what it means', async (said, code, exitCode) => {
    const env = dockerProgram(
      `[ "$1" = push ] && { echo "${said}" >&2; exit 1; }; for a; do case "$a" in --iidfile=*) echo sha256:0 > "\${a#--iidfile=}";; esac; done`,
    );
    await expect(buildAndPushWithDocker(options({ env }))).rejects.toMatchObject({ code, exitCode });
  });

  it('is stopped by the signal, with exit code 6', async () => {
    const controller = new AbortController();
    const env = dockerProgram('echo started; exec sleep 60');
    const progress = { step: () => {}, warn: () => {}, info: () => controller.abort() };
    const failure = buildAndPushWithDocker(options({ env, progress, signal: controller.signal }));
    await expect(failure).rejects.toMatchObject({ code: 'canceled', exitCode: 6 });
  });
});

describe('an immutable tag that docker may not move', () => {
  const said =
    "tag invalid: The image tag '1' already exists in the 'crawl' repository and cannot be overwritten because the tag is immutable.";
  const env = (imageId: string): NodeJS.ProcessEnv =>
    dockerProgram(
      `[ "$1" = push ] && { echo "${said}" >&2; exit 1; }; for a; do case "$a" in --iidfile=*) echo ${imageId} > "\${a#--iidfile=}";; esac; done`,
    );
  const pushed = async (): Promise<BuiltImage> => {
    const image = await buildEmbedded({
      contextDir: folder({ Dockerfile: 'FROM scratch\nLABEL a=1\n' }),
      bases: () => registry.client(),
    });
    await pushImage({ image, client: registry.client(), repository: 'crawl', tags: ['1'] });
    await image.dispose();
    return image;
  };

  it('is fine when the engine knows the image by the configuration that the tag names', async () => {
    const { config, manifest } = await pushed();
    const result = await buildAndPushWithDocker(options({ env: env(config.descriptor.digest) }));
    expect(result).toEqual({ digest: manifest.digest, tags: [{ tag: '1', result: 'unchanged' }] });
  });

  it('is fine when the engine knows the image by its manifest, as with the containerd store', async () => {
    const { manifest } = await pushed();
    expect(await buildAndPushWithDocker(options({ env: env(manifest.digest) }))).toMatchObject({
      digest: manifest.digest,
    });
  });

  it('is an error with both identities when the tag names another image', async () => {
    const { manifest } = await pushed();
    const other = `sha256:${'0'.repeat(64)}`;
    const failure = await buildAndPushWithDocker(options({ env: env(other) })).catch(
      (error: unknown) => error as Error,
    );
    expect(failure).toMatchObject({ code: 'registry.tag_immutable' });
    expect((failure as Error).message).toContain(other);
    expect((failure as Error).message).toContain(manifest.digest);
  });
});

describe('withDockerLogin', () => {
  it('keeps the configuration of the user, adds the login, and leaves nothing behind', async () => {
    const home = folder({
      'config.json': JSON.stringify({
        currentContext: 'remote',
        credsStore: 'desktop',
        auths: { 'ghcr.io': { auth: 'x' } },
      }),
      'cli-plugins/docker-buildx': '',
    });
    let seen = '';
    const login = { username: 'AWS', password: 'secret' };
    await withDockerLogin('host:1', login, { DOCKER_CONFIG: home }, async (env) => {
      seen = env['DOCKER_CONFIG'] ?? '';
      expect(JSON.parse(readFileSync(join(seen, 'config.json'), 'utf8'))).toEqual({
        currentContext: 'remote',
        credsStore: 'desktop',
        auths: { 'ghcr.io': { auth: 'x' }, 'host:1': { auth: Buffer.from('AWS:secret').toString('base64') } },
        credHelpers: { 'host:1': '' },
      });
      expect(readdirSync(join(seen, 'cli-plugins'))).toEqual(['docker-buildx']);
    });
    expect(existsSync(seen)).toBe(false);
    expect(existsSync(join(home, 'cli-plugins/docker-buildx'))).toBe(true);
  });
});

const probed = await probeEngine(process.env);
const reason = probed instanceof DeployError ? probed.title : undefined;
const engineTests = probed instanceof DeployError ? describe.skip : describe;

engineTests(`a real engine${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
  const engine = probed as DockerEngine;
  const run = (given: Partial<DockerBuildOptions>): ReturnType<typeof buildAndPushWithDocker> =>
    buildAndPushWithDocker({
      engine,
      contextDir: folder({ Dockerfile: 'FROM scratch\nARG NAME\nCOPY a /$NAME\n', a: 'a' }),
      buildArgs: { NAME: 'x' },
      sourceDateEpoch: 0,
      client: registry.client(),
      credentials: registry.credentials,
      repository: 'crawl',
      tags: ['1'],
      env: process.env,
      ...given,
    });

  it('builds and pushes; further tags name the same manifest', async () => {
    const result = await run({ tags: ['1', 'two'] });
    expect(result.tags).toEqual([
      { tag: '1', result: 'tagged' },
      { tag: 'two', result: 'tagged' },
    ]);
    expect(await registry.client().findDigest('crawl', 'two')).toBe(result.digest);
  });

  it('takes an immutable tag for done that names the same image, and not one that names another', async () => {
    const contextDir = folder({ Dockerfile: 'FROM scratch\nCOPY a /a\n', a: 'a' });
    const first = await run({ contextDir, buildArgs: {}, repository: 'fixed' });
    const again = await run({ contextDir, buildArgs: {}, repository: 'fixed' });
    expect(again.digest).toBe(first.digest);
    writeFileSync(join(contextDir, 'a'), 'b');
    await expect(run({ contextDir, buildArgs: {}, repository: 'fixed' })).rejects.toMatchObject({
      code: 'registry.tag_immutable',
    });
  });

  it('makes the same files and settings of a Dockerfile as the embedded builder', async () => {
    const dockerfile =
      'FROM scratch\nWORKDIR /app\nCOPY --chown=5:6 . .\nENV A=1\nEXPOSE 80\nENTRYPOINT ["/app/run"]\nCMD ["x"]\nLABEL l="m n"\nUSER 5\n';
    const contextDir = folder({ Dockerfile: dockerfile, run: ['#!', 0o755], 'd/x': 'x' });
    const byDocker = await run({ contextDir, buildArgs: {}, tags: ['docker'] });
    const image = await buildEmbedded({ contextDir, platform: engine.platform, bases: () => registry.client() });
    await pushImage({ image, client: registry.client(), repository: 'crawl', tags: ['embedded'] });
    await image.dispose();
    const settings = async (reference: string): Promise<object> => {
      const client = registry.client();
      const { config } = JSON.parse((await client.getManifest('crawl', reference)).bytes.toString()) as ImageManifest;
      const read = JSON.parse((await client.readBlob('crawl', config)).toString()) as ImageConfig;
      // Windows only, and empty fields of the classic builder.
      const kept = Object.entries(read.config ?? {}).filter(
        ([key, value]) =>
          !['ArgsEscaped', 'Image', 'Hostname', 'Domainname'].includes(key) && value !== null && value !== false,
      );
      return Object.fromEntries(kept);
    };
    expect(await settings('embedded')).toEqual(await settings(byDocker.digest));
    const filesOf = async (tag: string): Promise<string[]> => {
      const name = `${registry.host}/crawl:${tag}`;
      const tar = join(folder({}), 'files.tar');
      const docker = async (...args: string[]): Promise<string> => {
        const end = await runProgram('docker', args, { env });
        if (end.kind !== 'exited' || end.code !== 0)
          throw new Error(`docker ${args.join(' ')}: ${JSON.stringify(end)}`);
        return end.stdout.trim();
      };
      await docker('pull', name);
      const id = await docker('create', name);
      await docker('export', '-o', tar, id);
      await docker('rm', id);
      const lines: string[] = [];
      for await (const { kind, path, mode, uid, gid, size } of readTar(createReadStream(tar))) {
        if (path.startsWith('app')) lines.push(`${kind} ${path} ${mode.toString(8)} ${uid}:${gid} ${size}`);
      }
      return lines.toSorted();
    };
    const env = loggedIn();
    const embedded = await filesOf('embedded');
    expect(embedded).toContain('file app/run 755 5:6 2');
    expect(embedded).toEqual(await filesOf('docker'));
  });

  function loggedIn(): NodeJS.ProcessEnv {
    const auth = Buffer.from(`${registry.credentials.username}:${registry.credentials.password}`).toString('base64');
    const config = folder({ 'config.json': JSON.stringify({ auths: { [registry.host]: { auth } } }) });
    return { ...process.env, DOCKER_CONFIG: config };
  }
});
