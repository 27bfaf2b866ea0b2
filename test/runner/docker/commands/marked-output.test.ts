import { describe, expect, it } from '@jest/globals';
import { MarkedOutput, type MarkedWord } from '../../../../src/runner/docker/commands/marked-output.ts';

function read(chunks: readonly string[]): { output: string; words: MarkedWord[] } {
  let output = '';
  const words: MarkedWord[] = [];
  const marked = new MarkedOutput(
    'MARK',
    (chunk) => (output += chunk.toString('latin1')),
    (word) => words.push(word),
  );
  for (const chunk of chunks) marked.push(Buffer.from(chunk, 'latin1'));
  marked.end();
  return { output, words };
}

const started: MarkedWord = { kind: 'started', processId: '12' };
const ended = (exitCode: number): MarkedWord => ({ kind: 'ended', exitCode });

describe('output with marks', () => {
  it.each<[string, string, string, MarkedWord[]]>([
    ['a command', 'MARK+12\none\nMARK=0\n', 'one\n', [started, ended(0)]],
    ['no last line end', 'MARK+12\noneMARK=7\n', 'one', [started, ended(7)]],
    ['nothing', 'MARK+12\nMARK=0\n', '', [started, ended(0)]],
    ['what daemons write afterwards', 'MARK+12\nMARK=0\nlate\nMARK=1\n', '', [started, ended(0)]],
    ['trouble', 'MARK+12\nMARK!program\n', '', [started, { kind: 'trouble', what: 'program' }]],
    ['beginnings of marks', 'MARK+12\nMA MAR MMARMA\nMARK=0\n', 'MA MAR MMARMA\n', [started, ended(0)]],
    ['a mark that is none', 'MARK+12\nMARK is it\nMARK=0\n', 'MARK is it\n', [started, ended(0)]],
    ['a killed command', 'MARK+12\nhalf MAR', 'half MAR', [started]],
    ['bytes that are no text', 'MARK+12\n\xff\x00\xfeMARK=0\n', '\xff\x00\xfe', [started, ended(0)]],
  ])('%s: the same in one piece and byte by byte', (_, text, output, words) => {
    expect(read([text])).toEqual({ output, words });
    expect(read([...text])).toEqual({ output, words });
  });
});
