import type { WrittenValue } from './written-value.ts';

/** Pieces that texts are made of: mostly what YAML treats in some special way. */
const PIECES = [
  ...' \n\t:#-?,[]{}&*!|>\'"%@`=~<.+_/\\$',
  ...[
    'a',
    'b',
    'word',
    'it',
    'yes',
    'null',
    'e',
    'E',
    'x',
    '0',
    '1',
    '8',
    '12',
    '1e3',
    '0x',
    '0b',
    ':3',
    '-01',
    'T1:00:00',
  ],
  ...['\n', '\n', ' ', ' ', '\n\n', '  ', ' \n', '\n ', '---', '...', ': ', ' #', '- ', '<<', '.inf', '.nan'],
  ...[
    'é',
    '日',
    '✅',
    '🎉',
    '\u00a0',
    '\u0085',
    '\u2028',
    '\ufeff',
    '\ufffe',
    '\r',
    '\r\n',
    '\0',
    '\u0001',
    '\u001b',
    '\u007f',
  ],
  'k'.repeat(121),
];

/** Values at random, the same ones for the same seed. */
export function randomValues(seed: number, count: number): WrittenValue[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => randomValue(random, 4));
}

function randomValue(random: Random, depth: number): WrittenValue {
  const kind = random.below(depth > 0 ? 10 : 6);
  if (kind < 5) return randomText(random);
  if (kind === 5) return randomScalar(random);
  const size = random.below(4);
  if (kind < 8) return Array.from({ length: size }, () => randomValue(random, depth - 1));
  const keys = new Set(Array.from({ length: size }, () => randomText(random)));
  return { entries: [...keys].map((key) => [key, randomValue(random, depth - 1)]) };
}

function randomText(random: Random): string {
  return Array.from({ length: random.below(7) }, () => PIECES[random.below(PIECES.length)]).join('');
}

/** Floats are neither whole nor of a size that Python and Java write in different ways. */
function randomScalar(random: Random): WrittenValue {
  const scalars = [
    null,
    true,
    false,
    random.below(2 ** 31) - 2 ** 30,
    random.fraction() * 10 ** random.below(7) + 0.001,
  ];
  return scalars[random.below(scalars.length)] ?? null;
}

/** Mulberry32. */
class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed;
  }

  fraction(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }
}
