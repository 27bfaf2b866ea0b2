/** The character that stands for the end of the text: YAML does not permit it in one. */
export const END = 0;
export const TAB = 0x09;
export const LINE_FEED = 0x0a;
export const CARRIAGE_RETURN = 0x0d;
export const SPACE = 0x20;
export const BYTE_ORDER_MARK = 0xfeff;

/** A line break or the end of the text. */
export function endsLine(code: number): boolean {
  if (code > CARRIAGE_RETURN && code < 0x85) return false;
  return (
    code === LINE_FEED ||
    code === CARRIAGE_RETURN ||
    code === END ||
    code === 0x85 ||
    code === 0x2028 ||
    code === 0x2029
  );
}

/** A space, a line break or the end of the text. */
export function endsWord(code: number): boolean {
  return code === SPACE || endsLine(code);
}

/** A space, a tab, a line break or the end of the text. */
export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB || endsLine(code);
}

/** What a handle or the name of a directive consists of. */
export function isNameCharacter(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2d ||
    code === 0x5f
  );
}

const URI_PUNCTUATION = "-;/?:@&=+$,_.!~*'()[]%";

export function isUriCharacter(code: number): boolean {
  return isNameCharacter(code) || (code < 0x80 && code !== END && URI_PUNCTUATION.includes(String.fromCharCode(code)));
}

// What YAML 1.1 calls c-printable (section 5.1), half surrogates being what no character is.
const UNPRINTABLE =
  // eslint-disable-next-line no-control-regex
  /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** Index of the first character that YAML does not permit anywhere; -1 if there is none. */
export function firstUnprintable(text: string): number {
  return text.search(UNPRINTABLE);
}
