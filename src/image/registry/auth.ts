import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { isJsonObject, type JsonValue } from '../../core/json.ts';
import { isLoopback } from '../image-reference.ts';
import { header, readBody, type HttpAnswer, type HttpConnections } from './http.ts';

/** What a registry wants to see. The user name `<token>` means that the password is an identity token (OAuth 2). */
export interface RegistryCredentials {
  username: string;
  password: string;
}

export interface Challenge {
  /** In lower case: `basic`, `bearer`. */
  scheme: string;
  parameters: Readonly<Record<string, string>>;
}

/** A `WWW-Authenticate` header, which may hold several challenges (RFC 9110, 11.6.1). */
export function parseChallenges(text: string): Challenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  const token = /\s*,?\s*(?:([A-Za-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))|([A-Za-z][A-Za-z0-9_-]*))/y;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [, name, quoted, plain, scheme] = match;
    if (scheme !== undefined) challenges.push({ scheme: scheme.toLowerCase(), parameters: {} });
    else if (name !== undefined) {
      const last = challenges.at(-1);
      if (last) last.parameters[name.toLowerCase()] = quoted?.replaceAll(/\\(.)/g, '$1') ?? plain ?? '';
    }
  }
  return challenges;
}

/** Answers the challenges of one registry and remembers what worked. */
export class RegistryAuth {
  readonly #host: string;
  readonly #credentials: RegistryCredentials | undefined;
  readonly #connections: HttpConnections;
  #basic = false;
  readonly #tokens = new Map<string, string>();

  constructor(host: string, credentials: RegistryCredentials | undefined, connections: HttpConnections) {
    this.#host = host;
    this.#credentials = credentials;
    this.#connections = connections;
  }

  /** The header for a request with these scopes (`repository:acme/crawl:pull`); undefined before the first challenge. */
  authorization(scopes: readonly string[]): string | undefined {
    if (this.#basic && this.#credentials) return basic(this.#credentials);
    const token = this.#tokens.get(scopes.join(' '));
    return token === undefined ? undefined : `Bearer ${token}`;
  }

  /** True when it found a new answer to a 401, so that the request is worth repeating. */
  async answer(challengeHeader: string, scopes: readonly string[]): Promise<boolean> {
    const challenges = parseChallenges(challengeHeader);
    const bearer = challenges.find(({ scheme, parameters }) => scheme === 'bearer' && parameters['realm']);
    if (bearer) {
      this.#tokens.set(scopes.join(' '), await this.#fetchToken(bearer.parameters, scopes));
      return true;
    }
    if (this.#credentials && challenges.some(({ scheme }) => scheme === 'basic')) {
      this.#basic = true;
      return true;
    }
    return false;
  }

  /** The token flow of https://distribution.github.io/distribution/spec/auth/token/ and …/oauth/. */
  async #fetchToken(parameters: Readonly<Record<string, string>>, scopes: readonly string[]): Promise<string> {
    const realm = this.#realm(parameters['realm'] ?? '');
    const fields = new URLSearchParams();
    if (parameters['service']) fields.set('service', parameters['service']);
    for (const scope of scopes) fields.append('scope', scope);
    let answer: HttpAnswer;
    if (this.#credentials?.username === '<token>') {
      fields.delete('scope');
      fields.set('scope', scopes.join(' '));
      fields.set('grant_type', 'refresh_token');
      fields.set('client_id', 'aws-deploy');
      fields.set('refresh_token', this.#credentials.password);
      answer = await this.#connections.send({
        method: 'POST',
        url: realm,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: Buffer.from(fields.toString()),
      });
    } else {
      for (const [name, value] of fields) realm.searchParams.append(name, value);
      const headers: Record<string, string> = this.#credentials ? { authorization: basic(this.#credentials) } : {};
      answer = await this.#connections.send({ method: 'GET', url: realm, headers });
    }
    const body = await readBody(answer);
    if (answer.status !== 200) throw this.#refused(realm, answer, body);
    const token = tokenOf(body);
    if (token === undefined) throw this.#refused(realm, answer, Buffer.from('the answer holds no token'));
    return token;
  }

  #realm(text: string): URL {
    const realm = URL.canParse(text) ? new URL(text) : undefined;
    if (realm && (realm.protocol === 'https:' || (realm.protocol === 'http:' && isLoopback(realm.host)))) return realm;
    throw new DeployError({
      code: 'registry.login_failed',
      title: `The registry ${this.#host} sends its clients to "${text}" for a token`,
      message: 'Credentials are sent over HTTPS only, except to this machine.',
      exitCode: EXIT.credentials,
    });
  }

  #refused(realm: URL, answer: HttpAnswer, body: Buffer): DeployError {
    const type = header(answer.headers, 'content-type') ?? '';
    const said = /json|plain/.test(type) || answer.status === 200 ? `: ${body.toString('utf8').slice(0, 500)}` : '';
    const unwanted = answer.status === 401 || answer.status === 403 || answer.status === 400;
    return new DeployError({
      code: 'registry.login_failed',
      title: `No token for the registry ${this.#host}`,
      message: `${realm.origin}${realm.pathname} answered ${answer.status}${said}`,
      hints: unwanted ? [loginHint(this.#credentials, this.#host)] : ['Try again.'],
      exitCode: unwanted ? EXIT.credentials : EXIT.general,
    });
  }
}

/** What to do when a registry refuses. */
export function loginHint(credentials: RegistryCredentials | undefined, host: string): string {
  return credentials
    ? `The credentials for ${host} are wrong, expired, or lack the permission: log in again or grant it.`
    : `No credentials for ${host} were found: run "docker login ${host}", or use credentials that it accepts.`;
}

function basic({ username, password }: RegistryCredentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function tokenOf(body: Buffer): string | undefined {
  let parsed: JsonValue;
  try {
    parsed = JSON.parse(body.toString('utf8')) as JsonValue;
  } catch {
    return undefined;
  }
  const token = isJsonObject(parsed) ? (parsed['token'] ?? parsed['access_token']) : undefined;
  return typeof token === 'string' && token !== '' ? token : undefined;
}
