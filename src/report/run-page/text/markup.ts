/** Text that is HTML or SVG already. Only `markup` and constants of our own make it. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Piece = Markup | string | number | undefined | readonly Piece[];

/**
 * Puts values into HTML or SVG: texts are escaped for content and for quoted attributes alike, lists are joined, undefined
 * is nothing. Never inside of <style>, <script> or an attribute without quotes.
 */
export function markup(texts: TemplateStringsArray, ...values: readonly Piece[]): Markup {
  let whole = texts[0] ?? '';
  values.forEach((value, index) => {
    whole += pieceText(value) + (texts[index + 1] ?? '');
  });
  return new Markup(whole);
}

function pieceText(piece: Piece): string {
  if (piece === undefined) return '';
  if (piece instanceof Markup) return piece.text;
  if (typeof piece === 'string') return escaped(piece);
  if (typeof piece === 'number') return String(piece);
  return piece.map(pieceText).join('');
}

const NAMED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** What HTML gives a meaning, what no file may hold, and what turns the direction of the text around it. */
const SPECIAL =
  /[&<>"'\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\p{Surrogate}\p{Noncharacter_Code_Point}]/gu;

/** Control characters become their pictures (␛), what has none becomes U+FFFD. Line feeds and tabs stay. */
function escaped(text: string): string {
  return text.replaceAll(SPECIAL, (character) => NAMED[character] ?? picture(character));
}

const REPLACEMENT = '\ufffd';

function picture(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '\u2421' : REPLACEMENT;
}
