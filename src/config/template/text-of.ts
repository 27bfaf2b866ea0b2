import type { Node, Scalar } from '../node.ts';

/** Lists and maps of more characters than this are not written into text. */
const LONGEST_COLLECTION = 100_000;

/**
 * How a value looks inside of text. Numbers look as Java prints them; null, which an empty pipeline value is, leaves
 * nothing. What CircleCI writes for lists and maps is not known: here it is JSON.
 * @returns undefined for a list or map that is too large
 */
export function textOf(node: Node): string | undefined {
  return node.kind === 'scalar' ? scalarText(node.value) : collectionText(node);
}

export function scalarText(value: Scalar): string {
  if (typeof value === 'number') return numberText(value);
  return value === null ? '' : String(value);
}

/** As Java's Double.toString writes it, apart from whole numbers, which YAML reads as integers. */
function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER) return String(value);
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) return String(value);
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`;
}

/** Writes with a limit, since a few lines of YAML aliases can stand for a tree without end. */
function collectionText(node: Node): string | undefined {
  let text = '';
  function write(part: Node): boolean {
    if (text.length > LONGEST_COLLECTION) return false;
    switch (part.kind) {
      case 'scalar':
        text += scalarJson(part.value);
        return true;
      case 'list':
        return between('[', ']', part.items, write);
      case 'map':
        return between('{', '}', [...part.entries], ([key, entry]) => {
          text += `${JSON.stringify(key)}:`;
          return write(entry.value);
        });
    }
  }
  function between<T>(start: string, end: string, items: readonly T[], writeItem: (item: T) => boolean): boolean {
    text += start;
    for (const [index, item] of items.entries()) {
      if (index > 0) text += ',';
      if (!writeItem(item)) return false;
    }
    text += end;
    return true;
  }
  return write(node) && text.length <= LONGEST_COLLECTION ? text : undefined;
}

function scalarJson(value: Scalar): string {
  return typeof value === 'string' ? JSON.stringify(value) : value === null ? 'null' : scalarText(value);
}
