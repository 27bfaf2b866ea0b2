import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DeployError } from '../core/errors.ts';
import { EXIT } from '../core/exit-codes.ts';
import { isDigest } from './image-reference.ts';
import { digestOf, type Descriptor } from './oci-image.ts';
import { canceled, refusalOf, registryError, saysImmutable, unreachable } from './registry/errors.ts';
import { header, type HttpAnswer } from './registry/http.ts';
import { MANIFEST_TYPES } from './registry/manifest.ts';
import { compareDigests, verifiedBlob } from './registry/blob.ts';
import { REDIRECTS, RegistrySession, type RegistryClientOptions } from './registry/session.ts';
import { pushScope, uploadBlob, type BlobUpload } from './registry/upload.ts';

export interface StoredManifest {
  bytes: Buffer;
  mediaType: string;
  digest: string;
}

/** How `putManifest` ended. `immutable`: the tag exists and can't be moved; what it names is the caller's to compare. */
export type PutManifestResult = { kind: 'put'; digest: string } | { kind: 'immutable'; message: string };

/**
 * One registry, spoken to by the OCI distribution specification
 * (https://github.com/opencontainers/distribution-spec/blob/main/spec.md). Logs in when asked to: anonymous, Basic, or Bearer token.
 * Every method throws DeployError: exit code 3 when access is refused, 5 when a repository or a tag is not there, 6 when
 * the signal ended it, 4 for the rest.
 */
export class RegistryClient {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly #session: RegistrySession;

  constructor(options: RegistryClientOptions) {
    this.scheme = options.scheme;
    this.host = options.host;
    this.#session = new RegistrySession(options);
  }

  /** The manifest or index that a tag or digest names, exactly as stored; undefined when there is none. */
  async findManifest(repository: string, reference: string): Promise<StoredManifest | undefined> {
    const what = `reading the manifest ${named(this.host, repository, reference)}`;
    const answer = await this.#session.request(
      what,
      {
        method: 'GET',
        url: this.#session.url(`/v2/${repository}/manifests/${reference}`),
        headers: { accept: MANIFEST_TYPES.join(', ') },
      },
      [pullScope(repository)],
    );
    const body = await this.#session.body(what, answer);
    if (answer.status === 404 && !refusalOf(answer, body).codes.includes('NAME_UNKNOWN')) return undefined;
    if (answer.status !== 200) throw this.#session.refused(what, answer, body);
    const digest = digestOf(body);
    compareDigests(what, isDigest(reference) ? reference : header(answer.headers, 'docker-content-digest'), digest);
    return { bytes: body, mediaType: mediaTypeOf(answer, body), digest };
  }

  /** Like `findManifest`, and an error (exit code 5) when there is none. */
  async getManifest(repository: string, reference: string): Promise<StoredManifest> {
    const found = await this.findManifest(repository, reference);
    if (found) return found;
    throw new DeployError({
      code: 'registry.image_not_found',
      title: `There is no image ${named(this.host, repository, reference)}`,
      hints: ['Check the name and the tag or digest.'],
      exitCode: EXIT.notFound,
    });
  }

  /** The digest that a tag (or digest) names in the registry; undefined when it names nothing. */
  async findDigest(repository: string, reference: string): Promise<string | undefined> {
    const what = `looking for ${named(this.host, repository, reference)}`;
    const answer = await this.#session.request(
      what,
      {
        method: 'HEAD',
        url: this.#session.url(`/v2/${repository}/manifests/${reference}`),
        headers: { accept: MANIFEST_TYPES.join(', ') },
      },
      [pullScope(repository)],
    );
    await this.#session.body(what, answer);
    if (answer.status === 404) return undefined;
    // A HEAD has no body to say why; the GET has.
    if (answer.status !== 200) return (await this.findManifest(repository, reference))?.digest;
    return header(answer.headers, 'docker-content-digest') ?? (await this.findManifest(repository, reference))?.digest;
  }

  /** Whether the repository has the blob. */
  async hasBlob(repository: string, digest: string): Promise<boolean> {
    const what = `looking for the blob ${named(this.host, repository, digest)}`;
    const url = this.#session.url(`/v2/${repository}/blobs/${digest}`);
    const answer = await this.#session.request(what, { method: 'HEAD', url }, [pullScope(repository)]);
    const body = await this.#session.body(what, answer);
    if (answer.status === 404) return false;
    if (answer.status === 200 || REDIRECTS.has(answer.status)) return true;
    throw this.#session.refused(what, answer, body);
  }

  /** A small blob (a configuration) in memory, its digest checked. */
  async readBlob(repository: string, descriptor: Descriptor): Promise<Buffer> {
    const chunks: Buffer[] = [];
    await this.#fetchBlob(repository, descriptor, async (stream) => {
      chunks.length = 0;
      for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
    });
    return Buffer.concat(chunks);
  }

  /** A blob into a file, its digest and size checked. */
  async downloadBlob(repository: string, descriptor: Descriptor, file: string): Promise<void> {
    await this.#fetchBlob(repository, descriptor, (stream) => pipeline(stream, createWriteStream(file)));
  }

  /** Sends a blob unless it is there. */
  async pushBlob(repository: string, blob: BlobUpload): Promise<'skipped' | 'sent'> {
    if (await this.hasBlob(repository, blob.digest)) return 'skipped';
    try {
      await uploadBlob(this.#session, repository, blob, () => this.hasBlob(repository, blob.digest));
      return 'sent';
    } catch (error) {
      throw this.#session.signal?.aborted ? canceled(`uploading ${blob.digest}`, this.#session.signal) : error;
    }
  }

  /**
   * Takes a blob over from another repository of this registry, unless it is there. Undefined when the registry does not do that, and
   * the blob has to be sent.
   */
  async mountBlob(repository: string, digest: string, from: string): Promise<'skipped' | 'mounted' | undefined> {
    if (await this.hasBlob(repository, digest)) return 'skipped';
    const what = `mounting ${digest} from ${from} into ${this.host}/${repository}`;
    const url = this.#session.url(`/v2/${repository}/blobs/uploads/`);
    url.search = `?mount=${encodeURIComponent(digest)}&from=${encodeURIComponent(from)}`;
    const scopes = [pushScope(repository), pullScope(from)];
    const answer = await this.#session.request(what, { method: 'POST', url }, scopes);
    const body = await this.#session.body(what, answer);
    if (answer.status === 201) return 'mounted';
    // 202 began an ordinary upload, which the registry forgets in time. Not every registry lets one mount that one may read.
    if (answer.status === 202 || answer.status === 403 || answer.status === 405) return undefined;
    throw this.#session.refused(what, answer, body);
  }

  /**
   * Stores a manifest under a tag or its digest, and gives the digest that the registry confirms.
   * @throws DeployError also when the registry confirms another digest than that of the bytes
   */
  async putManifest(
    repository: string,
    reference: string,
    manifest: { bytes: Buffer; mediaType: string },
  ): Promise<PutManifestResult> {
    const what = `storing the manifest ${named(this.host, repository, reference)}`;
    const answer = await this.#session.request(
      what,
      {
        method: 'PUT',
        url: this.#session.url(`/v2/${repository}/manifests/${reference}`),
        headers: { 'content-type': manifest.mediaType },
        body: manifest.bytes,
      },
      [pushScope(repository)],
    );
    const body = await this.#session.body(what, answer);
    if (answer.status < 200 || answer.status > 204) {
      const refusal = refusalOf(answer, body);
      if (saysImmutable(refusal)) return { kind: 'immutable', message: refusal.text };
      throw registryError(what, refusal, this.host, this.#session.credentials);
    }
    const ours = digestOf(manifest.bytes);
    const confirmed = header(answer.headers, 'docker-content-digest') ?? (await this.findDigest(repository, reference));
    compareDigests(what, confirmed, ours);
    return { kind: 'put', digest: ours };
  }

  /** Closes the connections that were kept open. */
  close(): void {
    this.#session.close();
  }

  async #fetchBlob(
    repository: string,
    descriptor: Descriptor,
    sink: (stream: Readable) => Promise<void>,
  ): Promise<void> {
    const what = `reading the blob ${named(this.host, repository, descriptor.digest)}`;
    for (let failed = 1; ; failed += 1) {
      const url = this.#session.url(`/v2/${repository}/blobs/${descriptor.digest}`);
      const answer = await this.#session.request(what, { method: 'GET', url }, [pullScope(repository)]);
      if (answer.status !== 200) throw this.#session.refused(what, answer, await this.#session.body(what, answer));
      try {
        return await verifiedBlob(what, answer.stream, descriptor, sink);
      } catch (error) {
        if (this.#session.signal?.aborted) throw canceled(what, this.#session.signal);
        if (error instanceof DeployError) throw error;
        if (failed >= this.#session.backoff.attempts) throw unreachable(what, this.host, error);
        await this.#session.pause(what, failed);
      }
    }
  }
}

function pullScope(repository: string): string {
  return `repository:${repository}:pull`;
}

function named(host: string, repository: string, reference: string): string {
  return `${host}/${repository}${isDigest(reference) ? '@' : ':'}${reference}`;
}

/** What the answer says, or else what the manifest says about itself. */
function mediaTypeOf(answer: HttpAnswer, body: Buffer): string {
  const said = (header(answer.headers, 'content-type') ?? '').split(';')[0]?.trim() ?? '';
  if (said !== '' && said !== 'application/json' && said !== 'application/octet-stream') return said;
  const own = /"mediaType"\s*:\s*"([^"]+)"/.exec(body.toString('utf8'))?.[1];
  return own ?? said;
}
