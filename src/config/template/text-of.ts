import { javaDouble } from './java-double.ts';
import type { Node, ScalarNode } from '../node.ts';

/** Lists and maps of more characters than this are not written into text. */
const LONGEST_COLLECTION = 100_000;

/**
 * How a value looks inside of text. Numbers look as Java prints them; null, which an empty pipeline value is, leaves
 * nothing. What CircleCI writes for lists and maps is not known: here it is JSON.
 * @returns undefined for a list or map that is too large
 */
export function textOf(node: Node): string | undefined {
  return node.kind === 'scalar' ? scalarText(node) : collectionText(node);
}

/** What `textOf` gives for a scalar, which always has a text. */
export function scalarText({ value, float }: ScalarNode): string {
  if (value === null) return '';
  const isInteger = typeof value !== 'number' || (Number.isSafeInteger(value) && !float);
  return isInteger ? String(value) : javaDouble(value);
}

/** Writes with a limit, since a few lines of YAML aliases can stand for a tree without end. */
function collectionText(node: Node): string | undefined {
  let text = '';
  function write(part: Node): boolean {
    if (text.length > LONGEST_COLLECTION) return false;
    switch (part.kind) {
      case 'scalar':
        text += scalarJson(part);
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

function scalarJson(node: ScalarNode): string {
  const { value } = node;
  return typeof value === 'string' ? JSON.stringify(value) : value === null ? 'null' : scalarText(node);
}
