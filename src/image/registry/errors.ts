import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { isJsonObject, type JsonValue } from '../../core/json.ts';
import { loginHint, type RegistryCredentials } from './auth.ts';
import { header, type HttpAnswer } from './http.ts';

/** An answer that says no, in the registry's own words (OCI distribution spec, "Error Codes"). */
export interface Refusal {
  status: number;
  /** `NAME_UNKNOWN`, `TAG_INVALID`, …; empty when the body was no registry error. */
  codes: readonly string[];
  /** Everything that it said, for the user. */
  text: string;
}

export function refusalOf(answer: HttpAnswer, body: Buffer): Refusal {
  const text = body.toString('utf8').trim();
  const errors = registryErrors(text);
  if (errors.length > 0) {
    const said = errors.map(({ code, message }) => [code, message].filter((part) => part !== '').join(': '));
    return { status: answer.status, codes: errors.map(({ code }) => code), text: said.join('; ') };
  }
  // A proxy's HTML page helps nobody.
  const readable = text !== '' && !/html/.test(header(answer.headers, 'content-type') ?? '');
  return { status: answer.status, codes: [], text: readable ? text.slice(0, 500) : `HTTP ${answer.status}` };
}

function registryErrors(text: string): { code: string; message: string }[] {
  let parsed: JsonValue;
  try {
    parsed = JSON.parse(text) as JsonValue;
  } catch {
    return [];
  }
  const errors = isJsonObject(parsed) ? parsed['errors'] : undefined;
  if (!Array.isArray(errors)) return [];
  return errors.filter(isJsonObject).map((error) => ({
    code: typeof error['code'] === 'string' ? error['code'] : '',
    message: typeof error['message'] === 'string' ? error['message'] : '',
  }));
}

/**
 * ECR refuses to move an immutable tag with `TAG_INVALID` and a text about it; others have the text only.
 * Such a refusal is no failure yet: the tag may name the very same image.
 */
export function saysImmutable(refusal: Refusal): boolean {
  return /immutable|cannot be overwritten/i.test(refusal.text) && refusal.status >= 400 && refusal.status < 500;
}

/** A refusal as an error for the user. `what` is a phrase: `uploading the layer sha256:… to ghcr.io/acme/crawl`. */
export function registryError(
  what: string,
  refusal: Refusal,
  host: string,
  credentials: RegistryCredentials | undefined,
): DeployError {
  const message = `${what}: ${refusal.text}`;
  if (refusal.status === 401 || refusal.status === 403) {
    return new DeployError({
      code: 'registry.denied',
      title: `The registry ${host} refused access`,
      message,
      hints: [loginHint(credentials, host)],
      exitCode: EXIT.credentials,
    });
  }
  if (refusal.codes.includes('NAME_UNKNOWN')) {
    return new DeployError({
      code: 'registry.repository_not_found',
      title: `The registry ${host} has no such repository`,
      message,
      hints: ['Check the name and the region, create the repository, or let create_repository do it.'],
      exitCode: EXIT.notFound,
    });
  }
  if (refusal.status === 404) {
    return new DeployError({
      code: 'registry.not_found',
      title: `Not found in the registry ${host}`,
      message,
      hints: ['Check the name, the tag or the digest.'],
      exitCode: EXIT.notFound,
    });
  }
  return new DeployError({
    code: refusal.status >= 500 || refusal.status === 429 ? 'registry.unavailable' : 'registry.refused',
    title: `The registry ${host} answered ${refusal.status}`,
    message,
    hints: refusal.status >= 500 || refusal.status === 429 ? ['Try again in a moment.'] : [],
    exitCode: EXIT.awsApi,
  });
}

/** A connection that failed for good. */
export function unreachable(what: string, host: string, cause: unknown): DeployError {
  const reason =
    cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : String(cause);
  return new DeployError({
    code: 'registry.unreachable',
    title: `No answer from the registry ${host}`,
    message: `${what}: ${reason}`,
    hints: ['Check the name of the registry, the network and the proxy, then try again.'],
    exitCode: EXIT.awsApi,
    cause,
  });
}

/** What a caller's signal ends in. A reason that is a DeployError already is kept. */
export function canceled(what: string, signal: AbortSignal): DeployError {
  if (signal.reason instanceof DeployError) return signal.reason;
  return new DeployError({ code: 'canceled', title: 'Canceled', message: what, exitCode: EXIT.canceled });
}
