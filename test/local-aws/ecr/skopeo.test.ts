import { CreateRepositoryCommand, DescribeImagesCommand, type ECRClient } from '@aws-sdk/client-ecr';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { startLocalAws, type LocalAws } from '../../../src/local-aws/server.ts';
import { digestOf, ecrClient, manifestOf, OCI_MANIFEST, RegistryClient, type TestManifest } from './ecr-client.ts';

function isInstalled(): boolean {
  try {
    execFileSync('skopeo', ['--version'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

const installed = isInstalled();
const describeWithSkopeo = installed ? describe : describe.skip;

/** Writes an image of one empty layer as an OCI layout. */
function writeLayout(folder: string): TestManifest {
  const blobs = join(folder, 'blobs', 'sha256');
  mkdirSync(blobs, { recursive: true });
  const keep = (mediaType: string, bytes: Buffer): { mediaType: string; digest: string; size: number } => {
    const digest = digestOf(bytes);
    writeFileSync(join(blobs, digest.slice('sha256:'.length)), bytes);
    return { mediaType, digest, size: bytes.length };
  };
  const emptyTar = Buffer.alloc(1024);
  const config = { architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [digestOf(emptyTar)] } };
  const manifest = manifestOf(OCI_MANIFEST, {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: keep('application/vnd.oci.image.config.v1+json', Buffer.from(JSON.stringify(config))),
    layers: [keep('application/vnd.oci.image.layer.v1.tar+gzip', gzipSync(emptyTar))],
  });
  const index = { schemaVersion: 2, manifests: [keep(OCI_MANIFEST, manifest.bytes)] };
  writeFileSync(join(folder, 'index.json'), JSON.stringify(index));
  writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  return manifest;
}

describeWithSkopeo(installed ? 'real skopeo' : 'real skopeo (skipped: skopeo is not installed)', () => {
  let aws: LocalAws;
  let ecr: ECRClient;
  let folder: string;

  beforeAll(async () => {
    aws = await startLocalAws();
    ecr = ecrClient(aws.endpoint);
    folder = mkdtempSync(join(tmpdir(), 'ecr-skopeo-'));
  });

  afterAll(async () => {
    ecr.destroy();
    await aws.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('copies an image in and out again without changing a byte', async () => {
    const manifest = writeLayout(join(folder, 'layout'));
    await ecr.send(new CreateRepositoryCommand({ repositoryName: 'app' }));
    const { token } = await RegistryClient.login(aws.endpoint, ecr);
    const auths = { [`127.0.0.1:${aws.port}`]: { auth: token } };
    const authFile = join(folder, 'auth.json');
    writeFileSync(authFile, JSON.stringify({ auths }), { mode: 0o600 });
    const skopeo = (...args: string[]) =>
      promisify(execFile)('skopeo', ['--insecure-policy', ...args, '--authfile', authFile]);
    const image = `docker://127.0.0.1:${aws.port}/app:v1`;
    await skopeo('copy', '--dest-tls-verify=false', `oci:${join(folder, 'layout')}`, image);
    const { imageDetails } = await ecr.send(new DescribeImagesCommand({ repositoryName: 'app' }));
    expect(imageDetails?.map(({ imageDigest, imageTags }) => [imageDigest, imageTags])).toEqual([
      [manifest.digest, ['v1']],
    ]);
    await skopeo('copy', '--src-tls-verify=false', image, `dir:${join(folder, 'pulled')}`);
    expect(readFileSync(join(folder, 'pulled', 'manifest.json')).equals(manifest.bytes)).toBe(true);
  });
});
