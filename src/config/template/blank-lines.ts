/** Start of the line that an offset is in, if there is nothing but blanks in between. */
export function blankLineStart(text: string, offset: number): number | undefined {
  let start = offset;
  while (isBlank(text[start - 1])) start -= 1;
  return start === 0 || text[start - 1] === '\n' ? start : undefined;
}

/** Start of the line after the one that an offset is in, if there is nothing but blanks in between. */
export function blankLineEnd(text: string, offset: number): number | undefined {
  let end = offset;
  while (isBlank(text[end])) end += 1;
  if (end === text.length) return end;
  if (text[end] === '\r' && text[end + 1] === '\n') end += 1;
  return text[end] === '\n' ? end + 1 : undefined;
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}
