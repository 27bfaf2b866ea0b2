import { DeployError } from '../../core/errors.ts';
import { RegistryAuth, type RegistryCredentials } from './auth.ts';
import { canceled, refusalOf, registryError, unreachable } from './errors.ts';
import { header, HttpConnections, readBody, type HttpAnswer, type HttpRequest } from './http.ts';
import { isTransient, jitteredBackoff, retryAfterMs, type Backoff } from './retry.ts';

export interface RegistryClientOptions {
  scheme: 'http' | 'https';
  /** With the port when it is not the scheme's own. */
  host: string;
  credentials?: RegistryCredentials | undefined;
  signal?: AbortSignal | undefined;
  backoff?: Backoff;
  /** How long a connection may be silent within a request; a minute when left out. */
  idleTimeoutMs?: number;
}

const MAX_REDIRECTS = 5;
/** Statuses that name another place for the same thing. */
export const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Requests to one registry: logged in, redirected, repeated, and their failures in words. */
export class RegistrySession {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly credentials: RegistryCredentials | undefined;
  readonly signal: AbortSignal | undefined;
  readonly backoff: Backoff;
  readonly #connections: HttpConnections;
  readonly #auth: RegistryAuth;

  constructor({ scheme, host, credentials, signal, backoff = jitteredBackoff, idleTimeoutMs }: RegistryClientOptions) {
    this.scheme = scheme;
    this.host = host;
    this.credentials = credentials;
    this.signal = signal;
    this.backoff = backoff;
    this.#connections = new HttpConnections(signal, idleTimeoutMs);
    this.#auth = new RegistryAuth(host, credentials, this.#connections);
  }

  /** One request with login, redirects and retries; the answer's status is for the caller to judge. */
  async request(what: string, request: HttpRequest, scopes: readonly string[]): Promise<HttpAnswer> {
    for (let failed = 1; ; failed += 1) {
      try {
        const answer = await this.once(request, scopes);
        if (!isTransient(answer.status) || failed >= this.backoff.attempts) return answer;
        answer.stream.resume();
        await this.pause(what, failed, retryAfterMs(header(answer.headers, 'retry-after')));
      } catch (error) {
        if (this.signal?.aborted) throw canceled(what, this.signal);
        if (error instanceof DeployError) throw error;
        if (failed >= this.backoff.attempts) throw unreachable(what, this.host, error);
        await this.pause(what, failed);
      }
    }
  }

  /** Waits before the attempt after number `failed`. */
  async pause(what: string, failed: number, atLeastMs = 0): Promise<void> {
    try {
      await this.backoff.wait(failed, this.signal, atLeastMs);
    } catch (error) {
      throw this.signal?.aborted ? canceled(what, this.signal) : error;
    }
  }

  /** One request with login and redirects. */
  async once(request: HttpRequest, scopes: readonly string[]): Promise<HttpAnswer> {
    const ownOrigin = this.url('/').origin;
    let { url } = request;
    let loggedIn = false;
    for (let redirects = 0; ;) {
      // The login is for this registry only: never for the storage that a redirect points to.
      const authorization = url.origin === ownOrigin ? this.#auth.authorization(scopes) : undefined;
      const headers = { ...request.headers, ...(authorization !== undefined && { authorization }) };
      const answer = await this.#connections.send({ ...request, url, headers });
      const challenge = header(answer.headers, 'www-authenticate');
      if (answer.status === 401 && challenge !== undefined && !loggedIn && url.origin === ownOrigin) {
        loggedIn = true;
        if (await this.#auth.answer(challenge, scopes)) {
          answer.stream.resume();
          continue;
        }
      }
      // A redirected HEAD has said enough: the place it names is often signed for GET only.
      const location = header(answer.headers, 'location');
      if (
        request.method !== 'GET' ||
        location === undefined ||
        !REDIRECTS.has(answer.status) ||
        redirects >= MAX_REDIRECTS
      )
        return answer;
      answer.stream.resume();
      url = new URL(location, url);
      redirects += 1;
    }
  }

  /** The whole body of an answer. */
  async body(what: string, answer: HttpAnswer): Promise<Buffer> {
    try {
      return await readBody(answer);
    } catch (error) {
      throw this.signal?.aborted ? canceled(what, this.signal) : unreachable(what, this.host, error);
    }
  }

  url(path: string): URL {
    return new URL(`${this.scheme}://${this.host}${path}`);
  }

  /** An answer that says no, as an error. */
  refused(what: string, answer: HttpAnswer, body: Buffer): DeployError {
    return registryError(what, refusalOf(answer, body), this.host, this.credentials);
  }

  close(): void {
    this.#connections.close();
  }
}
