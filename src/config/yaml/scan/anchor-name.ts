import { isBlank } from './characters.ts';
import type { Cursor } from './cursor.ts';
import { YamlError, characterText } from '../yaml-error.ts';

const NO_START_OF_NAME = ':,[]{}/.*&';
const NO_END_OF_NAME = '?:,]}%@`';

/** Takes `&name` or `*name`, and gives the name. */
export function scanAnchorName(cursor: Cursor, what: 'alias' | 'anchor'): string {
  const context = { text: `while scanning an ${what}`, index: cursor.index };
  cursor.index++;
  let end = cursor.index;
  while (!isBlank(cursor.text.charCodeAt(end)) && !NO_START_OF_NAME.includes(cursor.text.charAt(end))) end++;
  const name = cursor.takeUntil(end);
  const follows = cursor.text.charAt(end);
  if (name === '' || !(isBlank(cursor.peek()) || NO_END_OF_NAME.includes(follows))) {
    const found = characterText(cursor.text, cursor.index);
    throw new YamlError(`unexpected character found ${found}`, cursor.index, { context });
  }
  return name;
}
