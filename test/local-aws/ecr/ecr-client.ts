import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';

export function ecrClient(endpoint: string, region = 'eu-central-1'): ECRClient {
  return new ECRClient({
    endpoint,
    region,
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
}

/** The name of the error that a call ends in. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error('the call was not refused');
  return error.name;
}

export interface Answer {
  status: number;
  headers: Record<string, string | undefined>;
  body: Buffer;
}

/** The code and the message of a registry's error. */
export function registryFailure(answer: Answer): { status: number; code: unknown; message: unknown } {
  const { errors } = JSON.parse(answer.body.toString()) as { errors: { code: string; message: string }[] };
  return { status: answer.status, code: errors[0]?.code, message: errors[0]?.message };
}

/** A registry over plain HTTP, with the token that ECR gives. */
export class RegistryClient {
  readonly endpoint: string;
  readonly token: string;

  constructor(endpoint: string, token: string) {
    this.endpoint = endpoint;
    this.token = token;
  }

  static async login(endpoint: string, ecr: ECRClient): Promise<RegistryClient> {
    const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}));
    return new RegistryClient(endpoint, authorizationData?.[0]?.authorizationToken ?? '');
  }

  send(
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body: string | Buffer = '',
  ): Promise<Answer> {
    const authorization = `Basic ${this.token}`;
    return new Promise((resolve, reject) => {
      const options = { method, headers: { authorization, ...headers } };
      const outgoing = httpRequest(new URL(path, this.endpoint), options, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const answered = incoming.headers as Record<string, string | undefined>;
          resolve({ status: incoming.statusCode ?? 0, headers: answered, body: Buffer.concat(chunks) });
        });
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  /** Uploads a blob in one request and gives its digest. */
  async pushBlob(repository: string, bytes: Buffer): Promise<string> {
    const digest = digestOf(bytes);
    const answer = await this.send('POST', `/v2/${repository}/blobs/uploads/?digest=${digest}`, {}, bytes);
    if (answer.status !== 201) throw new Error(`the blob was refused: ${answer.body.toString()}`);
    return digest;
  }

  putManifest(repository: string, reference: string, manifest: TestManifest): Promise<Answer> {
    const path = `/v2/${repository}/manifests/${reference}`;
    return this.send('PUT', path, { 'content-type': manifest.mediaType }, manifest.bytes);
  }

  /** Uploads an image of one layer with that text under a tag or, without one, its digest. */
  async pushImage(repository: string, text: string, tag?: string): Promise<TestManifest> {
    const image = testImage(text);
    await this.pushBlob(repository, image.config);
    await this.pushBlob(repository, image.layer);
    const answer = await this.putManifest(repository, tag ?? image.manifest.digest, image.manifest);
    if (answer.status !== 201) throw new Error(`the manifest was refused: ${answer.body.toString()}`);
    return image.manifest;
  }
}

export interface TestManifest {
  mediaType: string;
  bytes: Buffer;
  digest: string;
}

export function digestOf(bytes: Buffer | string): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';

/** An image whose layer is the text; nobody here unpacks it. */
export function testImage(text: string): { config: Buffer; layer: Buffer; manifest: TestManifest } {
  const config = Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', about: text }));
  const layer = Buffer.from(text);
  const manifest = {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: descriptor('application/vnd.oci.image.config.v1+json', config),
    layers: [descriptor('application/vnd.oci.image.layer.v1.tar+gzip', layer)],
  };
  return { config, layer, manifest: manifestOf(OCI_MANIFEST, manifest) };
}

/** @param platforms of the images, in their order */
export function testIndex(
  images: readonly TestManifest[],
  platforms: readonly object[] = [],
  mediaType = OCI_INDEX,
): TestManifest {
  const manifests = images.map((image, nth) => {
    const platform = platforms[nth];
    return { ...descriptor(image.mediaType, image.bytes), ...(platform && { platform }) };
  });
  return manifestOf(mediaType, { schemaVersion: 2, mediaType, manifests });
}

export function manifestOf(mediaType: string, manifest: object): TestManifest {
  const bytes = Buffer.from(JSON.stringify(manifest, undefined, 2));
  return { mediaType, bytes, digest: digestOf(bytes) };
}

function descriptor(mediaType: string, bytes: Buffer): { mediaType: string; digest: string; size: number } {
  return { mediaType, digest: digestOf(bytes), size: bytes.length };
}
