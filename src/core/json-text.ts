import type { JsonValue } from './json.ts';

export interface JsonText {
  value: JsonValue;
  /** Where the value at a path starts, or the nearest one around it: an offset in the text. */
  offsetOf(path: readonly (string | number)[]): number;
}

/** A value in the text: where it starts, and the values in it. */
interface Place {
  offset: number;
  parts: Map<string | number, Place>;
}

/** What JSON is made of, white space apart. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g;

/**
 * Reads a text as JSON and knows every place in it. Undefined when it is no JSON, or when an object has a key twice,
 * which JSON.parse would let pass.
 */
export function readJson(text: string): JsonText | undefined {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
  const root = placesIn(text);
  return root && { value, offsetOf: (path) => nearestPlace(root, path).offset };
}

/** Undefined when a key comes twice. The text is known to be JSON. */
function placesIn(text: string): Place | undefined {
  let root: Place | undefined;
  const open: { place: Place; key: string | number | undefined }[] = [];
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const around = open.at(-1);
    if (token === ':') continue;
    if (token === '}' || token === ']') {
      open.pop();
    } else if (token === ',') {
      if (around) around.key = typeof around.key === 'number' ? around.key + 1 : undefined;
    } else if (around && around.key === undefined) {
      around.key = JSON.parse(token) as string;
      if (around.place.parts.has(around.key)) return undefined;
    } else {
      const place: Place = { offset: index, parts: new Map() };
      root ??= place;
      if (around?.key !== undefined) around.place.parts.set(around.key, place);
      if (token === '{') open.push({ place, key: undefined });
      if (token === '[') open.push({ place, key: 0 });
    }
  }
  return root;
}

function nearestPlace(root: Place, path: readonly (string | number)[]): Place {
  let nearest = root;
  for (const step of path) {
    const part = nearest.parts.get(step);
    if (!part) break;
    nearest = part;
  }
  return nearest;
}
