import type { Contexts } from './read-contexts.ts';

/** What is shorter stands in ordinary output by chance. */
const SHORTEST_PART = 8;

/**
 * What is to be masked for the variables of a project and its contexts (`GrowingRedactor.hide`): every value, as on CircleCI,
 * and forms of it that tools print: each line of several, base64 as in `Authorization: Basic`, and percent-encoding as in
 * URLs. A help, no proof: what a job makes of a secret beyond that is not known.
 */
export function secretTexts(contexts: Contexts): string[] {
  const values = [contexts.project, ...contexts.named.values()].flatMap((variables) => Object.values(variables));
  return [...new Set(values.flatMap(formsOf))];
}

function formsOf(value: string): string[] {
  if (/^(?:true|false)$/i.test(value)) return [];
  const parts = [...linesOf(value), ...base64Forms(value), percentEncoded(value)];
  return [value, ...parts.filter((part) => part.length >= SHORTEST_PART)];
}

function linesOf(value: string): string[] {
  return value.includes('\n') ? value.split('\n').map((line) => line.trim()) : [];
}

/**
 * What is sure to be in the base64 of any text with the value in it: three bytes become four characters, so there are three
 * ways that the value can begin; characters at its ends that depend on what is next to it are left out.
 */
function base64Forms(value: string): string[] {
  const bytes = Buffer.from(value);
  return [0, 1, 2].flatMap((before) => {
    const first = Math.ceil((before * 4) / 3);
    const last = Math.floor(((before + bytes.length) * 4) / 3);
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .slice(first, last);
    return [encoded, encoded.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

function percentEncoded(value: string): string {
  return /\p{Cs}/u.test(value) ? value : encodeURIComponent(value);
}
