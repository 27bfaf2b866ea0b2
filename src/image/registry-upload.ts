import type { Readable } from 'node:stream';
import { DeployError } from '../core/errors.ts';
import { EXIT } from '../core/exit-codes.ts';
import { header, readBody, type HttpAnswer, type HttpRequest } from './registry-http.ts';
import { refusalOf, registryError, type Refusal } from './registry-errors.ts';
import { isTransient, type Backoff } from './registry-retry.ts';
import type { RegistryCredentials } from './registry-auth.ts';

/** Bytes to upload. They are opened again for every attempt, from any offset. */
export interface BlobUpload {
  digest: string;
  /** In bytes. */
  size: number;
  open(from: number): Readable;
}

/** What an upload needs of the client: requests that are tried once, with its login. */
export interface UploadChannel {
  host: string;
  credentials: RegistryCredentials | undefined;
  signal: AbortSignal | undefined;
  backoff: Backoff;
  url(path: string): URL;
  once(request: HttpRequest, scopes: readonly string[]): Promise<HttpAnswer>;
  hasBlob(repository: string, digest: string): Promise<boolean>;
}

/** Where an upload stands, as the registry sees it. */
interface Session {
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
 * is gone, everything is sent again. The bound on attempts counts those without any progress.
 */
export async function uploadBlob(channel: UploadChannel, repository: string, blob: BlobUpload): Promise<void> {
  const what = `uploading ${blob.digest} (${blob.size} bytes) to ${channel.host}/${repository}`;
  let session: Session | undefined;
  let furthest = 0;
  for (let failed = 0; ;) {
    try {
      session ??= await start(channel, repository);
      await send(channel, repository, blob, session);
      await finish(channel, repository, blob, session);
      return;
    } catch (error) {
      channel.signal?.throwIfAborted();
      if (error instanceof DeployError) throw error;
      if (error instanceof UploadRefused && !mayHelpToRepeat(error.refusal)) {
        throw registryError(what, error.refusal, channel.host, channel.credentials);
      }
      failed += 1;
      const reached = session?.offset ?? 0;
      if (failed >= channel.backoff.attempts) throw gaveUp(what, channel.host, furthest, blob.size, failed, error);
      await channel.backoff.wait(failed, channel.signal);
      // The last PUT may have been applied although its answer never came.
      if (reached === blob.size && (await channel.hasBlob(repository, blob.digest))) return;
      session = session && (await resume(channel, repository, session, error));
      if ((session?.offset ?? 0) > furthest) {
        furthest = session?.offset ?? 0;
        failed = 0;
      }
    }
  }
}

async function start(channel: UploadChannel, repository: string): Promise<Session> {
  const url = channel.url(`/v2/${repository}/blobs/uploads/`);
  const answer = await channel.once({ method: 'POST', url }, [pushScope(repository)]);
  const body = await readBody(answer);
  if (answer.status !== 202) throw new UploadRefused(refusalOf(answer, body));
  return { location: locationOf(answer, url), offset: 0 };
}

async function send(channel: UploadChannel, repository: string, blob: BlobUpload, session: Session): Promise<void> {
  if (session.offset >= blob.size) return;
  const from = session.offset;
  const answer = await channel.once(
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

async function finish(channel: UploadChannel, repository: string, blob: BlobUpload, session: Session): Promise<void> {
  // Text, not searchParams: those would write the registry's own parameters anew, and some registries sign them.
  const { href } = session.location;
  const url = new URL(`${href}${href.includes('?') ? '&' : '?'}digest=${encodeURIComponent(blob.digest)}`);
  const headers = { 'content-type': 'application/octet-stream' };
  const answer = await channel.once({ method: 'PUT', url, headers }, [pushScope(repository)]);
  const body = await readBody(answer);
  if (answer.status !== 201 && answer.status !== 204) throw new UploadRefused(refusalOf(answer, body));
  const confirmed = header(answer.headers, 'docker-content-digest');
  if (confirmed !== undefined && confirmed !== blob.digest) {
    throw new DeployError({
      code: 'registry.digest_mismatch',
      title: `The registry ${channel.host} stored other bytes than were sent`,
      message: `${blob.digest} was sent to ${repository}, and the registry says ${confirmed}.`,
      exitCode: EXIT.general,
    });
  }
}

/** Asks how far the upload got; undefined when it has to start again. */
async function resume(
  channel: UploadChannel,
  repository: string,
  session: Session,
  error: unknown,
): Promise<Session | undefined> {
  // A refused offset or an unknown session: the registry's view and ours have parted.
  if (error instanceof UploadRefused && !isTransient(error.refusal.status)) return undefined;
  try {
    const answer = await channel.once({ method: 'GET', url: session.location }, [pushScope(repository)]);
    await readBody(answer);
    if (answer.status !== 204) return undefined;
    const last = /^(?:bytes=)?0-(\d+)$/.exec(header(answer.headers, 'range') ?? '')?.[1];
    // `0-0` means one byte in the specification and none at all in the reference registry: not worth a guess.
    if (last === undefined || last === '0') return undefined;
    return { location: locationOf(answer, session.location), offset: Number(last) + 1 };
  } catch {
    channel.signal?.throwIfAborted();
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
