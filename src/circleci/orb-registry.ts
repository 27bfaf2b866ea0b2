import { DeployError } from '../core/errors.ts';
import { EXIT } from '../core/exit-codes.ts';
import { isJsonObject, type JsonObject } from '../core/json.ts';
import { sendOnce, type OneAnswer, type OneRequest } from './one-request.ts';

export interface FetchOrbOptions {
  /** CircleCI's GraphQL API; another one for CircleCI server. */
  readonly endpoint?: string;
  /** A personal API token: private orbs need one. It is sent to the endpoint only, never to the host of a URL orb. */
  readonly token?: string | undefined;
  readonly signal?: AbortSignal;
  /** How long one orb may take, in milliseconds. */
  readonly timeoutMs?: number;
  /** How long an answer may be, in bytes. */
  readonly limitBytes?: number;
}

export interface FetchedOrb {
  /** The packed orb, as YAML. */
  readonly text: string;
  /** With the exact version: `circleci/node@5.2.0`. For a URL orb its URL. */
  readonly reference: string;
}

/** Where the official CLI asks too (CircleCI-Public/circleci-cli, `orb source` up to 0.1; CircleCI server serves no other). */
export const ORB_ENDPOINT = 'https://circleci.com/graphql-unstable';

const QUERY =
  'query OrbSource($orbVersionRef: String!) { orbVersion(orbVersionRef: $orbVersionRef) { version orb { name } source } }';

const LIMITS = { timeoutMs: 30_000, limitBytes: 8 * 1024 * 1024 };

/**
 * Gets the text of an orb: from the registry, or for a URL from where it points to.
 * @param reference `namespace/orb@version` in any form of the version, or an https:// URL
 * @throws DeployError: 5 no such orb, 3 a token is missing or not enough, 2 no reference that can be fetched, 1 anything else
 */
export async function fetchOrb(reference: string, options: FetchOrbOptions = {}): Promise<FetchedOrb> {
  if (/^https?:/i.test(reference)) return fetchUrlOrb(reference, options);
  if (!/^[\w-]+\/[\w-]+@\S+$/.test(reference)) {
    throw new DeployError({
      code: 'orb.invalid_reference',
      title: `not an orb of the registry: ${reference}`,
      hints: ['Give it as namespace/orb@version, such as circleci/node@5.2.0, or as an https:// URL.'],
      exitCode: EXIT.badArguments,
    });
  }
  return fetchRegistryOrb(reference, options);
}

async function fetchRegistryOrb(reference: string, options: FetchOrbOptions): Promise<FetchedOrb> {
  const url = safeUrl(options.endpoint ?? ORB_ENDPOINT);
  const answer = await send(reference, options, {
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(options.token && { 'circle-token': options.token }),
    },
    body: JSON.stringify({ query: QUERY, operationName: 'OrbSource', variables: { orbVersionRef: reference } }),
  });
  if (answer.status === 401 || answer.status === 403) throw refused(reference, options.token, `HTTP ${answer.status}`);
  if (answer.status !== 200) throw unusable(reference, url, unexpectedStatus(answer));
  const { data, errors } = readAnswer(answer.text, reference, url);
  if (errors.length > 0) throw graphqlError(reference, url, options.token, errors);
  const found = data['orbVersion'];
  if (!isJsonObject(found)) throw notFound(reference, options.token);
  const { version, source, orb } = found;
  if (typeof source !== 'string') throw refused(reference, options.token, 'the registry does not give its source');
  const name = isJsonObject(orb) ? orb['name'] : undefined;
  if (typeof version !== 'string' || typeof name !== 'string') {
    throw unusable(reference, url, 'the answer does not say which orb and version it is');
  }
  return { text: source, reference: `${name}@${version}` };
}

async function fetchUrlOrb(reference: string, options: FetchOrbOptions): Promise<FetchedOrb> {
  let url = safeUrl(reference);
  for (let redirects = 0; ; redirects++) {
    const answer = await send(reference, options, { method: 'GET', url });
    const target = redirectTarget(answer, url);
    if (target === undefined) return { text: orbText(answer, reference, url), reference };
    if (target.origin !== url.origin) {
      throw unusable(reference, url, `it redirects to another host, ${target.origin}, which is not followed`, [
        `When that is the right place, import the orb from there: ${target.href}`,
      ]);
    }
    if (redirects === 3) throw unusable(reference, url, 'it redirects again and again');
    url = target;
  }
}

function orbText(answer: OneAnswer, reference: string, url: URL): string {
  const { status, text } = answer;
  if (status === 404 || status === 410) throw notFound(reference, undefined);
  if (status === 401 || status === 403) throw refused(reference, undefined, `${url.host} answers HTTP ${status}`);
  if (status !== 200) throw unusable(reference, url, unexpectedStatus(answer));
  if (/^\s*<(?:!doctype|html)/i.test(text)) {
    throw unusable(reference, url, 'it is a web page, no YAML', [
      'Use the address of the raw file, such as https://raw.githubusercontent.com/ORGANIZATION/REPOSITORY/BRANCH/orb.yml.',
    ]);
  }
  return text;
}

async function send(
  reference: string,
  { signal, timeoutMs = LIMITS.timeoutMs, limitBytes = LIMITS.limitBytes }: FetchOrbOptions,
  request: Pick<OneRequest, 'method' | 'url' | 'headers' | 'body'>,
): Promise<OneAnswer> {
  try {
    return await sendOnce({ ...request, signal, timeoutMs, limitBytes });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    const why = cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code : String(cause);
    throw unusable(reference, request.url, why ?? 'the connection failed', [
      'Check the connection to that host. Proxies are not used; with a proxy, get the orb elsewhere and give it with --orb.',
    ]);
  }
}

/** @throws DeployError for what is no URL, and for http, which anyone on the way could change; not so on this machine */
function safeUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const onThisMachine = url !== undefined && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url && (url.protocol === 'https:' || (url.protocol === 'http:' && onThisMachine))) return url;
  throw new DeployError({
    code: 'orb.unsafe_url',
    title: `not an https:// URL: ${text}`,
    hints: ['Orbs run in your jobs: they are read over https only.'],
    exitCode: EXIT.badArguments,
  });
}

function redirectTarget({ status, location }: OneAnswer, from: URL): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined;
  return URL.canParse(location, from.href) ? new URL(location, from) : undefined;
}

function readAnswer(text: string, reference: string, url: URL): { data: JsonObject; errors: string[] } {
  const answer = parsed(text);
  if (!isJsonObject(answer)) throw unusable(reference, url, 'the answer is no JSON object');
  const { data, errors } = answer;
  return {
    data: isJsonObject(data) ? data : {},
    errors: Array.isArray(errors) ? errors.map((error) => String(isJsonObject(error) ? error['message'] : error)) : [],
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function graphqlError(reference: string, url: URL, token: string | undefined, errors: readonly string[]): DeployError {
  const said = errors.join('\n');
  if (/unauthori[sz]ed|permission|forbidden|logged in|private orb/i.test(said)) return refused(reference, token, said);
  if (/cannot find|not found|does not exist|no such/i.test(said)) return notFound(reference, token);
  return unusable(reference, url, said);
}

function notFound(reference: string, token: string | undefined): DeployError {
  const isUrl = reference.includes('://');
  return new DeployError({
    code: 'orb.not_found',
    title: isUrl ? `there is no orb at ${reference}` : `no such orb in the registry: ${reference}`,
    hints: [
      isUrl
        ? 'Open the URL: it has to give the YAML file itself.'
        : `Check namespace, name and version: https://circleci.com/developer/orbs/orb/${reference.split('@')[0]}`,
      ...(isUrl || token
        ? []
        : ['A private orb is found only with a token of its organization: set CIRCLECI_CLI_TOKEN.']),
    ],
    exitCode: EXIT.notFound,
  });
}

function refused(reference: string, token: string | undefined, why: string): DeployError {
  const isUrl = reference.includes('://');
  return new DeployError({
    code: 'orb.refused',
    title: `the orb can not be read without permission: ${reference}`,
    message: why,
    hints: [
      isUrl
        ? 'Get the file by other means, and give it with --orb NAME=PATH.'
        : token
          ? 'The token is not valid, or its owner is no member of the organization that the orb belongs to.'
          : 'Set CIRCLECI_CLI_TOKEN to a personal API token of a member of the organization that the orb belongs to.',
    ],
    exitCode: EXIT.credentials,
  });
}

function unusable(reference: string, url: URL, why: string, hints: readonly string[] = []): DeployError {
  return new DeployError({
    code: 'orb.fetch_failed',
    title: `the orb can not be fetched: ${reference}`,
    message: `${url.origin}: ${why}`,
    hints,
    exitCode: EXIT.general,
  });
}

function unexpectedStatus({ status, location }: OneAnswer): string {
  return location === undefined
    ? `answers HTTP ${status}`
    : `answers HTTP ${status}, a redirect, which is not followed`;
}
