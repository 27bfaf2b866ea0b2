import type { Random } from '../../support/random.ts';

/** What means something in YAML, in templates, in expressions, or to those who read JavaScript objects. */
const PIECES = [
  ...' \n\t:-?#,[]{}&*!|>\'"%@`~<=.\\/ab01_+e\r\0\u0085\u2028\ufeffé😀\ud800\udc00',
  ...['\n  ', '  ', ': ', '\n- ', '\n? ', '---\n', '\n...\n', '!!str ', '!!int ', '&a ', '*a', '<<: *a\n', '*linux'],
  ...['|\n', '>-\n', '|2+\n', '\r\n', '{a: 1}', '[b, c]', '{}', '[]', '1:30', '.5', '14.0', 'null', '~', '2001-01-01'],
  ...['<< parameters.x >>', '<< pipeline.number >>', '<< matrix.os >>', '<<', '>>', '\\<<', '<<# parameters.a >>'],
  ...['<</ parameters.a >>', '<<^ a >>', '<< a and (b or not "c") >>', '<< 1 > 2 == true >>', '<<{ a }>>', '{{ a }}'],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', '__proto__:', 'valueOf: ', 'steps: ', 'when: '],
  ...['matrix: ', 'type: approval', 'requires: ', 'parameters: ', 'name: ', 'version: 2', 'executor: ', '/(a*)*$/'],
];

/** A text with a few changes: characters and pieces put in, left out or exchanged, lines moved, repeated or indented. */
export function mutatedText(text: string, random: Random): string {
  let mutated = text;
  for (let changes = 1 + random.below(5); changes > 0; changes--) {
    mutated = random.below(2) === 0 ? withChangedPiece(mutated, random) : withChangedLines(mutated, random);
  }
  return mutated;
}

function withChangedPiece(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  const length = random.below(4) === 0 ? random.below(60) : 1;
  switch (random.below(4)) {
    case 0:
      return text.slice(0, at) + random.of(PIECES) + text.slice(at);
    case 1:
      return text.slice(0, at) + text.slice(at + length);
    case 2:
      return text.slice(0, at) + random.of(PIECES) + text.slice(at + length);
    default: {
      const from = random.below(text.length + 1);
      return text.slice(0, at) + text.slice(from, from + 1 + random.below(80)) + text.slice(at);
    }
  }
}

function withChangedLines(text: string, random: Random): string {
  const lines = text.split('\n');
  const from = random.below(lines.length);
  const to = random.below(lines.length);
  const count = 1 + random.below(4);
  const block = lines.slice(from, from + count);
  switch (random.below(5)) {
    case 0:
      return lines.toSpliced(from, count).join('\n');
    case 1:
      return lines.toSpliced(to, 0, ...block).join('\n');
    case 2:
      return lines.toSpliced(from, count, ...block.map((line) => ' '.repeat(count) + line)).join('\n');
    case 3:
      return lines.toSpliced(from, count, ...block.map((line) => line.replace(/^ {1,2}/, ''))).join('\n');
    default:
      return lines
        .with(from, lines[to] ?? '')
        .with(to, lines[from] ?? '')
        .join('\n');
  }
}
