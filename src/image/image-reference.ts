import { badArgument } from '../core/errors.ts';

/** A name of an image, taken apart: `ghcr.io/acme/crawl:1@sha256:…`. */
export interface ImageReference {
  /** Host, with the port when one was written: `docker.io`, `localhost:5000`. */
  registry: string;
  /** `library/busybox`, `acme/crawl`. */
  repository: string;
  tag?: string;
  /** `sha256:` and 64 hex digits. When it is there, the tag is only a label. */
  digest?: string;
}

// The grammar is that of github.com/distribution/reference; the error says which part broke it.
const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const HOST = /^(?:\[[0-9a-fA-F:]+\]|[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?)(?::[0-9]+)?$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/**
 * Takes an image name apart as Docker does: no host means docker.io, and one word there means `library/`.
 * A name without tag and digest stays without: what the default is, the caller decides.
 * @throws DeployError (exit code 2) that says which part is wrong
 */
export function parseImageReference(text: string): ImageReference {
  const fail = (why: string): never => {
    throw badArgument(`"${text}" is not an image name: ${why}`, [
      'An image name looks like host/name:tag or host/name@sha256:….',
    ]);
  };
  if (text === '') fail('it is empty');
  if (/\s/.test(text)) fail('it contains white space');
  if (text.includes('://')) fail('it is a URL; leave the scheme out');

  const at = text.indexOf('@');
  const digest = at === -1 ? undefined : text.slice(at + 1);
  const named = at === -1 ? text : text.slice(0, at);
  if (digest !== undefined && !isDigest(digest)) {
    fail(`the digest "${digest}" is not sha256: and 64 hex digits in lower case`);
  }
  // A colon before the last slash belongs to the port, one after it to the tag.
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  const tag = colon === -1 ? undefined : named.slice(colon + 1);
  const path = colon === -1 ? named : named.slice(0, colon);
  if (tag !== undefined && !isTag(tag)) {
    fail(
      `the tag "${tag}" may have letters, digits, "_", "." and "-", at most 128, and starts with a letter, digit or "_"`,
    );
  }

  const [first = '', ...rest] = path.split('/');
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase());
  if (hasHost && !HOST.test(first)) fail(`"${first}" is not a host name`);
  const components = hasHost ? rest : [first, ...rest];
  for (const component of components) {
    if (component === '') fail('the name has an empty part');
    if (component !== component.toLowerCase())
      fail(`"${component}" has capital letters; names of repositories have none`);
    if (!COMPONENT.test(component)) fail(`"${component}" can not be a part of a name`);
  }
  const registry = !hasHost || first === 'index.docker.io' ? 'docker.io' : first;
  if (registry === 'docker.io' && components.length === 1) components.unshift('library');
  const repository = components.join('/');
  if (`${registry}/${repository}`.length > 255) fail('the name is longer than 255 characters');
  return { registry, repository, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
}

/** The whole name, host and all: the same text for the same image. */
export function formatImageReference(reference: ImageReference): string {
  const tag = reference.tag === undefined ? '' : `:${reference.tag}`;
  const digest = reference.digest === undefined ? '' : `@${reference.digest}`;
  return `${reference.registry}/${reference.repository}${tag}${digest}`;
}

/**
 * Where a mirror (`host/path`) has an image: below the name of its registry, as in a pull-through cache whose prefix that
 * is. Undefined for a registry with a port, which has no such name.
 * @throws DeployError (exit code 2) when the mirror is none
 */
export function mirroredReference(reference: ImageReference, mirror: string): ImageReference | undefined {
  if (reference.registry.includes(':')) return undefined;
  const mirrored = parseImageReference(`${mirror}/${formatImageReference(reference)}`);
  if (mirror.split('/')[0] === mirrored.registry) return mirrored;
  throw badArgument(`AWS_DEPLOY_REGISTRY_MIRROR names no registry: ${mirror}`);
}

export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}

export function isTag(text: string): boolean {
  return TAG.test(text);
}

/** Where a registry of an image name answers. */
export interface RegistryAddress {
  scheme: 'http' | 'https';
  /** With the port when it is not the scheme's own. */
  host: string;
}

/** As in Docker: a registry on the machine itself speaks plain HTTP, every other one HTTPS; docker.io has another host for its API. */
export function registryAddress(registry: string): RegistryAddress {
  if (registry === 'docker.io') return { scheme: 'https', host: 'registry-1.docker.io' };
  return { scheme: isLoopback(registry) ? 'http' : 'https', host: registry };
}

/** True for localhost, 127.0.0.0/8 and ::1, with or without a port. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/.test(host);
}
