import type { Readable } from 'node:stream';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { header, readBody, type HttpAnswer } from './http.ts';
import { refusalOf, registryError, type Refusal } from './errors.ts';
import { isTransient } from './retry.ts';
import type { RegistrySession } from './session.ts';

/** Bytes to upload. They are opened again for every attempt, from any offset. */
export interface BlobUpload {
  digest: string;
  /** In bytes. */
  size: number;
  open(from: number): Readable;
}

/** Where an upload stands, as the registry sees it. */
interface Upload {
  location: URL;
  /** Bytes that the registry has. */
  offset: number;
}

/** An answer that ends this attempt; whether there is another is decided in one place. */
class UploadRefused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.text);
    this.refusal = refusal;
  }
}

/**
 * Uploads one blob as Docker does (POST, PATCH with the bytes, PUT with the digest), which every registry takes.
 * After a lost connection or a 5xx the registry is asked how far it got, and the rest is sent; when the session
 * is gone, everything is sent again. The bound on attempts counts those without any progress. `isThere` asks for the blob itself.
 */
export async function uploadBlob(
  registry: RegistrySession,
  repository: string,
  blob: BlobUpload,
  isThere: () => Promise<boolean>,
): Promise<void> {
  const what = `uploading ${blob.digest} (${blob.size} bytes) to ${registry.host}/${repository}`;
  let session: Upload | undefined;
  let furthest = 0;
  for (let failed = 0; ;) {
    try {
      session ??= await start(registry, repository);
      await send(registry, repository, blob, session);
      await finish(registry, repository, blob, session);
      return;
    } catch (error) {
      registry.signal?.throwIfAborted();
      if (error instanceof DeployError) throw error;
      if (error instanceof UploadRefused && !mayHelpToRepeat(error.refusal)) {
        throw registryError(what, error.refusal, registry.host, registry.credentials);
      }
      failed += 1;
      const reached = session?.offset ?? 0;
      if (failed >= registry.backoff.attempts) throw gaveUp(what, registry.host, furthest, blob.size, failed, error);
      await registry.backoff.wait(failed, registry.signal);
      // The last PUT may have been applied although its answer never came.
      if (reached === blob.size && (await isThere())) return;
      session = session && (await resume(registry, repository, session, error));
      if ((session?.offset ?? 0) > furthest) {
        furthest = session?.offset ?? 0;
        failed = 0;
      }
    }
  }
}

async function start(registry: RegistrySession, repository: string): Promise<Upload> {
  const url = registry.url(`/v2/${repository}/blobs/uploads/`);
  const answer = await registry.once({ method: 'POST', url }, [pushScope(repository)]);
  const body = await readBody(answer);
  if (answer.status !== 202) throw new UploadRefused(refusalOf(answer, body));
  return { location: locationOf(answer, url), offset: 0 };
}

async function send(registry: RegistrySession, repository: string, blob: BlobUpload, session: Upload): Promise<void> {
  if (session.offset >= blob.size) return;
  const from = session.offset;
  const answer = await registry.once(
    {
      method: 'PATCH',
      url: session.location,
      headers: {
        'content-type': 'application/octet-stream',
        // Docker leaves the range out when it sends everything, and not every registry knows the header.
        ...(from > 0 && { 'content-range': `${from}-${blob.size - 1}` }),
      },
      body: { size: blob.size - from, open: () => blob.open(from) },
    },
    [pushScope(repository)],
  );
  const body = await readBody(answer);
  if (answer.status < 200 || answer.status > 204) throw new UploadRefused(refusalOf(answer, body));
  session.location = locationOf(answer, session.location);
  session.offset = blob.size;
}

async function finish(registry: RegistrySession, repository: string, blob: BlobUpload, session: Upload): Promise<void> {
  // Text, not searchParams: those would write the registry's own parameters anew, and some registries sign them.
  const { href } = session.location;
  const url = new URL(`${href}${href.includes('?') ? '&' : '?'}digest=${encodeURIComponent(blob.digest)}`);
  const headers = { 'content-type': 'application/octet-stream' };
  const answer = await registry.once({ method: 'PUT', url, headers }, [pushScope(repository)]);
  const body = await readBody(answer);
  if (answer.status !== 201 && answer.status !== 204) throw new UploadRefused(refusalOf(answer, body));
  const confirmed = header(answer.headers, 'docker-content-digest');
  if (confirmed !== undefined && confirmed !== blob.digest) {
    throw new DeployError({
      code: 'registry.digest_mismatch',
      title: `The registry ${registry.host} stored other bytes than were sent`,
      message: `${blob.digest} was sent to ${repository}, and the registry says ${confirmed}.`,
      exitCode: EXIT.general,
    });
  }
}

/** Asks how far the upload got; undefined when it has to start again. */
async function resume(
  registry: RegistrySession,
  repository: string,
  session: Upload,
  error: unknown,
): Promise<Upload | undefined> {
  // A refused offset or an unknown session: the registry's view and ours have parted.
  if (error instanceof UploadRefused && !isTransient(error.refusal.status)) return undefined;
  try {
    const answer = await registry.once({ method: 'GET', url: session.location }, [pushScope(repository)]);
    await readBody(answer);
    if (answer.status !== 204) return undefined;
    const last = /^(?:bytes=)?0-(\d+)$/.exec(header(answer.headers, 'range') ?? '')?.[1];
    // `0-0` means one byte in the specification and none at all in the reference registry: not worth a guess.
    if (last === undefined || last === '0') return undefined;
    return { location: locationOf(answer, session.location), offset: Number(last) + 1 };
  } catch {
    registry.signal?.throwIfAborted();
    return undefined;
  }
}

function mayHelpToRepeat({ status, codes }: Refusal): boolean {
  return (
    isTransient(status) ||
    status === 416 ||
    codes.includes('BLOB_UPLOAD_UNKNOWN') ||
    codes.includes('BLOB_UPLOAD_INVALID')
  );
}

function gaveUp(
  what: string,
  host: string,
  reached: number,
  size: number,
  attempts: number,
  cause: unknown,
): DeployError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DeployError({
    code: 'registry.upload_failed',
    title: `An upload to the registry ${host} failed`,
    message: `${what}: gave up after ${attempts} attempts, with ${reached} of ${size} bytes there. The last one ended with: ${reason}`,
    hints: ['Run it again: layers that are there are not sent again.'],
    exitCode: EXIT.awsApi,
    cause,
  });
}

function locationOf(answer: HttpAnswer, base: URL): URL {
  const location = header(answer.headers, 'location');
  return location === undefined ? base : new URL(location, base);
}

export function pushScope(repository: string): string {
  return `repository:${repository}:pull,push`;
}
