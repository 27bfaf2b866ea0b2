import { ofRgb, ofTable } from './ansi-colours.ts';

/** How a terminal would show text: what SGR sequences (ECMA-48, 8.3.117) have set. Colours are 0 to 15. */
export interface TextStyle {
  readonly colour?: number | undefined;
  readonly background?: number | undefined;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly italic?: boolean;
  readonly underline?: boolean;
  readonly strike?: boolean;
  readonly inverse?: boolean;
}

export const PLAIN: TextStyle = {};

const SWITCHES: Readonly<Record<number, TextStyle>> = {
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  9: { strike: true },
  21: { underline: true },
  22: { bold: false, dim: false },
  23: { italic: false },
  24: { underline: false },
  27: { inverse: false },
  29: { strike: false },
  39: { colour: undefined },
  49: { background: undefined },
};

/** The style after a sequence with these parameters, as `1;31`. What it does not know changes nothing. */
export function styleAfter(style: TextStyle, parameters: string): TextStyle {
  const codes = parameters.split(/[;:]/).map((code) => (code === '' ? 0 : Number(code)));
  let after = style;
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) {
      const [colour, used] = longColour(codes.slice(at + 1, at + 5));
      if (colour !== undefined) after = { ...after, [code === 38 ? 'colour' : 'background']: colour };
      at += used;
    } else {
      after = code === 0 ? PLAIN : { ...after, ...(SWITCHES[code] ?? shortColour(code)) };
    }
  }
  return after;
}

function shortColour(code: number): TextStyle {
  if (code >= 30 && code <= 37) return { colour: code - 30 };
  if (code >= 90 && code <= 97) return { colour: code - 82 };
  if (code >= 40 && code <= 47) return { background: code - 40 };
  if (code >= 100 && code <= 107) return { background: code - 92 };
  return {};
}

/** `5;n` of the table or `2;r;g;b`, and how many codes that took. */
function longColour([kind, first = 0, second = 0, third = 0]: readonly number[]): [number | undefined, number] {
  if (kind === 5) return [ofTable(first), 2];
  return kind === 2 ? [ofRgb(first, second, third), 4] : [undefined, 1];
}

/** Classes of the page's style sheet, from a closed set. */
export function classesOf(style: TextStyle): string {
  const { bold, dim, italic, underline, strike, inverse, colour, background } = style;
  const turned = inverse === true && colour !== undefined;
  const front = turned ? background : colour;
  const back = turned ? colour : background;
  return [
    front === undefined ? '' : `f${front}`,
    back === undefined ? '' : `b${back}`,
    bold ? 'bo' : '',
    dim ? 'di' : '',
    italic ? 'it' : '',
    underline ? 'un' : '',
    strike ? 'sk' : '',
    inverse && !turned ? 'in' : '',
  ]
    .filter((name) => name !== '')
    .join(' ');
}
