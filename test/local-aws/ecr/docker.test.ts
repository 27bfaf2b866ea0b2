import { CreateRepositoryCommand, DescribeImagesCommand, type ECRClient } from '@aws-sdk/client-ecr';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startLocalAws, type LocalAws } from '../../../src/local-aws/server.ts';
import { ecrClient, RegistryClient } from './ecr-client.ts';

/** Why there is no engine to test with: of DOCKER_HOST, or else of the default socket. Undefined when there is one. */
function missingEngine(): string | undefined {
  try {
    execFileSync('docker', ['version', '--format', '{{.Server.Version}}'], { stdio: 'pipe', timeout: 15_000 });
    return undefined;
  } catch (error) {
    const { code, stderr } = error as { code?: string; stderr?: Buffer };
    if (code === 'ENOENT') return 'docker is not installed';
    return stderr?.toString().trim().split('\n').at(-1) ?? 'no Docker engine answers';
  }
}

const missing = missingEngine();
const describeWithDocker = missing === undefined ? describe : describe.skip;

describeWithDocker(missing === undefined ? 'real docker' : `real docker (skipped: ${missing})`, () => {
  let aws: LocalAws;
  let ecr: ECRClient;
  let folder: string;
  const images = new Set<string>();

  beforeAll(async () => {
    aws = await startLocalAws();
    ecr = ecrClient(aws.endpoint);
    folder = mkdtempSync(join(tmpdir(), 'ecr-docker-'));
    writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\nCOPY payload /payload\nCMD ["/payload"]\n');
  });

  beforeEach(async () => {
    aws.control.reset();
    for (const repositoryName of ['team/app', 'other']) await ecr.send(new CreateRepositoryCommand({ repositoryName }));
    const locked = new CreateRepositoryCommand({ repositoryName: 'locked', imageTagMutability: 'IMMUTABLE' });
    await ecr.send(locked);
    await login();
  });

  afterAll(async () => {
    if (images.size > 0) await docker('rmi', '--force', ...images).catch(() => undefined);
    ecr.destroy();
    await aws.close();
    rmSync(folder, { recursive: true, force: true });
  });

  // A configuration of its own, so that nobody's login is touched.
  const options = () => ({ env: { ...process.env, DOCKER_CONFIG: join(folder, 'config') } });

  async function docker(...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)('docker', args, options());
    return stdout;
  }

  async function login(): Promise<void> {
    const { token } = await RegistryClient.login(aws.endpoint, ecr);
    const [user = '', password = ''] = Buffer.from(token, 'base64').toString().split(':');
    const args = ['login', '--username', user, '--password-stdin', `127.0.0.1:${aws.port}`];
    const child = spawn('docker', args, { ...options(), stdio: ['pipe', 'ignore', 'ignore'] });
    child.stdin?.end(password);
    const [code] = (await once(child, 'close')) as [number | null];
    expect(code).toBe(0);
  }

  async function build(repository: string, tag: string): Promise<string> {
    const image = `127.0.0.1:${aws.port}/${repository}:${tag}`;
    writeFileSync(join(folder, 'payload'), randomBytes(300_000));
    await docker('build', '--quiet', '--tag', image, folder);
    images.add(image);
    return image;
  }

  async function push(image: string): Promise<string> {
    return /digest: (sha256:[0-9a-f]{64})/.exec(await docker('push', image))?.[1] ?? '';
  }

  const describeTag = async (repositoryName: string, imageTag: string) =>
    (await ecr.send(new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag }] }))).imageDetails?.[0];

  it('pushes an image that ECR then describes by the digest that docker says', async () => {
    const digest = await push(await build('team/app', 'v1'));
    const image = await describeTag('team/app', 'v1');
    expect(image?.imageDigest).toBe(digest);
    expect(image?.imageSizeInBytes).toBeGreaterThan(300_000);
  });

  it('pulls what was pushed', async () => {
    const image = await build('team/app', 'v1');
    const digest = await push(image);
    await docker('rmi', '--force', image);
    expect(await docker('pull', image)).toContain(`Digest: ${digest}`);
  });

  it('pushes again without sending a layer', async () => {
    const image = await build('team/app', 'v1');
    const digest = await push(image);
    aws.control.clearRequests();
    expect(await push(image)).toBe(digest);
    const uploads = aws.control.requests().filter(({ operation }) => /Upload|Mount/.test(operation));
    expect(uploads).toEqual([]);
  });

  it('takes layers over from another repository', async () => {
    const image = await build('team/app', 'v1');
    await push(image);
    const copy = `127.0.0.1:${aws.port}/other:v1`;
    await docker('tag', image, copy);
    images.add(copy);
    aws.control.clearRequests();
    await push(copy);
    const mounts = aws.control.requests().filter(({ operation }) => operation === 'registry:MountBlob');
    expect(mounts.map(({ status }) => status)).toContain(201);
  });

  it('is told why an immutable tag does not move', async () => {
    const digest = await push(await build('locked', 'v1'));
    const changed = await build('locked', 'v1');
    await expect(docker('push', changed)).rejects.toThrow(
      "The image tag 'v1' already exists in the 'locked' repository and cannot be overwritten because the tag is immutable.",
    );
    expect((await describeTag('locked', 'v1'))?.imageDigest).toBe(digest);
  });

  it('is told that a repository is not there', async () => {
    const image = await build('nowhere', 'v1');
    await expect(docker('push', image)).rejects.toThrow(
      "The repository with name 'nowhere' does not exist in the registry with id '123456789012'",
    );
  });

  it('is told that its token has expired', async () => {
    const image = await build('team/app', 'v1');
    await aws.control.advance(13 * 3600_000);
    await expect(docker('push', image)).rejects.toThrow(/authorization token has expired|403 Forbidden/);
  });
});
