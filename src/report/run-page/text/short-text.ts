/** The text on one line, of at most so many characters: what is too much goes from its middle, where names differ least. */
export function oneLine(text: string, most: number): string {
  // Nothing reads further than it must: a name may have a megabyte.
  const near = text.length > 4 * most ? text.slice(0, 2 * most) + text.slice(-2 * most) : text;
  const characters = [...near.replaceAll(/\s+/g, ' ').trim()];
  if (characters.length <= most && near === text) return characters.join('') || '(no name)';
  const tail = Math.floor((most - 1) / 2);
  return `${characters.slice(0, most - 1 - tail).join('')}…${characters.slice(characters.length - tail).join('')}`;
}

/** The beginning of a text that may have lines. */
export function beginning(text: string, most: number): string {
  return text.length <= most ? text : `${[...text.slice(0, 2 * most)].slice(0, most).join('')}…`;
}

/** About how wide a text is in an ordinary font without serifs, rather too wide than too narrow; pixels. */
export function textWidth(text: string, fontSize: number): number {
  let em = 0;
  for (const character of text) em += characterWidth(character);
  return Math.ceil(em * fontSize);
}

/**
 * The text in at most two lines that are no wider, cut in the middle of the second when it takes more. Lines end after
 * what stands between words, if there is any.
 */
export function inLines(text: string, width: number, fontSize: number): string[] {
  if (textWidth(text, fontSize) <= width) return [text];
  const characters = [...text];
  let end = 1;
  while (end < characters.length && textWidth(characters.slice(0, end + 1).join(''), fontSize) <= width) end += 1;
  const first = characters.slice(0, end).join('');
  const word = /^.*[-_/ .:](?=.)/su.exec(first)?.[0];
  const line = word !== undefined && word.length > first.length / 2 ? word : first;
  return [line.trimEnd(), fitted(text.slice(line.length), width, fontSize)];
}

/** The longest shortening of the text that is no wider. */
function fitted(text: string, width: number, fontSize: number): string {
  let most = Math.max(3, Math.floor(width / (0.3 * fontSize)));
  let line = oneLine(text, most);
  while (most > 3 && textWidth(line, fontSize) > width) line = oneLine(text, --most);
  return line;
}

function characterWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0x1100) return 1.1;
  if (/[ijlftI.,:;|!'()[\]/\\ -]/.test(character)) return 0.41;
  if (/[mwMW@%]/.test(character)) return 1;
  if (/[A-Z…]/.test(character)) return 0.72;
  return code > 0x7f ? 0.75 : 0.64;
}
