import { Random } from '../../support/random.ts';

/** What makes a difference in YAML. */
const PIECES = [
  ...' \n\t:-?#,[]{}&*!|>\'"%@`~<=.\\/ab01_+e\r\u0085\u2028\ufeffé😀',
  ...['\n', '\n  ', '  ', ': ', '- ', '? ', '\n- ', '\n? ', '\n: ', '---', '\n---\n', '\n...\n', '!!str ', '&a ', '*a'],
  ...['<<: ', '\\x', '\\n', '# ', '|\n', '>-\n', '|2+\n', '\n\n', '\r\n', '{a: 1}', '[b, c]', '1:30', '.5', 'null'],
];

// Longer texts pass SnakeYAML's buffer, at whose ends it cuts the lines that it shows.
const LONGEST = 900;

/** Texts with a few changes each: pieces put in, left out or exchanged, lines indented, moved and repeated. */
export function mutations(texts: readonly string[], { count, seed }: { count: number; seed: number }): string[] {
  const random = new Random(seed);
  const short = texts.filter(({ length }) => length < LONGEST / 2);
  return Array.from({ length: count }, () => {
    let text = random.of(short);
    for (let changes = 1 + random.below(4); changes > 0; changes--) text = changed(text, random.of(short), random);
    return [...text].slice(0, LONGEST).join('');
  });
}

function changed(text: string, other: string, random: Random): string {
  const characters = [...text];
  const at = random.below(characters.length + 1);
  switch (random.below(5)) {
    case 0:
      characters.splice(at, 0, random.of(PIECES));
      return characters.join('');
    case 1:
      characters.splice(at, 1 + random.below(3));
      return characters.join('');
    case 2:
      characters.splice(at, 1, random.of(PIECES));
      return characters.join('');
    case 3:
      characters.splice(at, 0, other.slice(random.below(other.length)));
      return [...characters.join('')].join('');
    default:
      return withChangedLine(text.split('\n'), random).join('\n');
  }
}

function withChangedLine(lines: readonly string[], random: Random): readonly string[] {
  const from = random.below(lines.length);
  const to = random.below(lines.length);
  const line = lines[from] ?? '';
  switch (random.below(4)) {
    case 0:
      return lines.toSpliced(from, 1);
    case 1:
      return lines.toSpliced(to, 0, line);
    case 2:
      return lines.with(from, ' '.repeat(1 + random.below(3)) + line);
    default:
      return lines.with(from, line.replace(/^ {1,2}/, ''));
  }
}
