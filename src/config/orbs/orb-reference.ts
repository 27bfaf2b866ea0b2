import type { Fact } from '../problem.ts';
import { invalidOrbReference } from './orb-texts.ts';

/** What stands after the name of an orb in `orbs:`, when it is text. */
export type OrbReference = RegistryReference | UrlReference | MalformedReference;

/** `namespace/orb@version`. */
export interface RegistryReference {
  readonly kind: 'registry';
  readonly text: string;
  readonly namespace: string;
  readonly orb: string;
  /** `1.2.3`, `1.2`, `1`, `volatile` or `dev:…`. */
  readonly version: string;
}

export interface UrlReference {
  readonly kind: 'url';
  readonly text: string;
}

export interface MalformedReference {
  readonly kind: 'malformed';
  readonly text: string;
  readonly fact: Fact;
}

const NAME = /^[\w-]+$/;
const VERSION = /^(?:\d+(?:\.\d+){0,2}|volatile|dev:\S+)$/;

/**
 * Reads a reference to an orb. The forms are those of "Orb concepts" and "URL orbs" in CircleCI's documentation; names are
 * taken more widely than the registry gives them, for it is the registry that decides whether there is such an orb.
 */
export function parseOrbReference(text: string): OrbReference {
  if (/^https?:/i.test(text)) return urlReference(text);
  const [path = '', ...versions] = text.split('@');
  const [namespace = '', ...names] = path.split('/');
  const version = versions.join('@');
  const orb = names.join('/');
  if (!NAME.test(namespace) || !NAME.test(orb) || !VERSION.test(version)) return malformed(text);
  return { kind: 'registry', text, namespace, orb, version };
}

/** Says that a reference can only ever mean one version, so that it resolves to itself. */
export function isExactVersion(version: string): boolean {
  return /^\d+\.\d+\.\d+$/.test(version);
}

function urlReference(text: string): UrlReference | MalformedReference {
  return /^https:\/\/[^\s/?#]+\S*$/i.test(text) && URL.canParse(text) ? { kind: 'url', text } : malformed(text);
}

function malformed(text: string): MalformedReference {
  return { kind: 'malformed', text, fact: invalidOrbReference(text, [hintFor(text)]) };
}

/** What to do about a malformed reference, by the mistake that it looks like. */
function hintFor(text: string): string {
  const afterColon = /^([\w-]+\/[\w-]+):(\d+(?:\.\d+){0,2}|volatile)$/.exec(text);
  if (afterColon) return `Write an @ before the version: ${afterColon[1]}@${afterColon[2]}.`;
  if (/^http:/i.test(text)) return 'The URL of an orb begins with https://.';
  if (/^https:/i.test(text)) return 'The URL of an orb is https://HOST/PATH, without blanks.';
  if (/^[./~]|^\w:\\|\.ya?ml$/.test(text)) {
    return (
      'CircleCI reads no orb from a file: write the orb inline here, or import it by its name in the registry ' +
      'and give --orb NAME=PATH to compile with the file in its place.'
    );
  }
  if (/^[\w-]+\/[\w-]+$/.test(text)) {
    return `Add a version: ${text}@1.2.3 for exactly that one, ${text}@1.2 or ${text}@1 for the newest of that line.`;
  }
  const loose = /^([\w-]+\/[\w-]+)@(.*)$/.exec(text);
  if (loose?.[2] === 'latest') return `The newest version is called volatile: ${loose[1]}@volatile.`;
  if (loose) {
    const digits = /\d+(?:\.\d+){0,2}/.exec(loose[2] ?? '')?.[0];
    const likely = digits === undefined ? '' : ` Perhaps ${loose[1]}@${digits}.`;
    return `The version is one of 1.2.3, 1.2, 1, volatile and dev:NAME.${likely}`;
  }
  return 'An orb is imported as namespace/orb@version, such as circleci/node@5.2.0, as an https:// URL, or is written inline.';
}
