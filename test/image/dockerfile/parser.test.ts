import { describe, expect, it } from '@jest/globals';
import { parseDockerfile } from '../../../src/image/dockerfile/parser.ts';

const stageOf = (text: string): object[] =>
  parseDockerfile('D', text).stages.flatMap(({ instructions }) => instructions);

describe('parseDockerfile', () => {
  it('joins continued lines over comments and empty lines, and keeps the line where the instruction starts', () => {
    expect(stageOf('# comment\nFROM a\n\nenv A=1 \\\n  # comment\n\n  B=2 \\ \n  C=3\nUSER u')).toEqual([
      {
        kind: 'env',
        file: 'D',
        line: 4,
        pairs: [
          { key: 'A', value: '1' },
          { key: 'B', value: '2' },
          { key: 'C', value: '3' },
        ],
      },
      { kind: 'user', file: 'D', line: 9, text: 'u' },
    ]);
  });

  it('reads a file of Windows with a byte order mark', () => {
    expect(stageOf('\uFEFFFROM a\r\nUSER \\\r\n u\r\n')).toMatchObject([{ kind: 'user', text: 'u' }]);
  });

  it('takes the escape character from its directive', () => {
    expect(stageOf('# escape=`\nFROM a\nUSER `\nu\\')).toMatchObject([{ text: 'u\\' }]);
  });

  it('takes a directive after another comment for a comment', () => {
    expect(stageOf('# hello\n# escape=`\nFROM a\nUSER \\\nu')).toMatchObject([{ text: 'u' }]);
  });

  it('reads stages, their names in any case, and arguments before them', () => {
    const dockerfile = parseDockerfile('D', 'ARG V=1\nFROM --platform=linux/arm64 a:$V AS Build\nFROM build\n');
    expect(dockerfile.globalArgs).toMatchObject([{ pairs: [{ key: 'V', value: '1' }] }]);
    expect(dockerfile.stages).toMatchObject([
      { name: 'build', base: 'a:$V', platform: 'linux/arm64' },
      { base: 'build' },
    ]);
  });

  it('reads flags, quoted ones too, and both forms of COPY', () => {
    expect(stageOf('FROM a\nCOPY --from=b --chown="1:2" --link x y /z/\nCOPY ["a b", "/c d"]')).toMatchObject([
      { from: 'b', chown: '1:2', link: true, sources: ['x', 'y'], destination: '/z/' },
      { sources: ['a b'], destination: '/c d', link: false },
    ]);
  });

  it('reads heredocs', () => {
    expect(stageOf('FROM a\nCOPY <<A x <<-"B" /\n# text\nA\n\tb\n\tB\nUSER u')).toMatchObject([
      {
        sources: ['x'],
        heredocs: [
          { name: 'A', content: '# text\n', expand: true },
          { name: 'B', content: 'b\n', expand: false },
        ],
      },
      { kind: 'user', line: 7 },
    ]);
  });

  it('takes what is no JSON array for the shell form', () => {
    expect(stageOf('FROM a\nCMD [\'a\']\nCMD ["a",]\nCMD')).toMatchObject([
      { command: { shell: "['a']" } },
      { command: { shell: '["a",]' } },
      { command: { exec: [] } },
    ]);
  });

  it.each([
    ['', 1, 'holds no instructions'],
    ['USER a', 1, 'USER stands before the first FROM'],
    ['ARG a', 1, 'there is no FROM'],
    ['FROM', 1, 'FROM is written as'],
    ['FROM a AS', 1, 'FROM is written as'],
    ['FROM a AS 1', 1, '"1" can not be the name of a stage'],
    ['FROM a AS b\nFROM a AS B', 2, 'there is a stage "B" already'],
    ['# escape=x\nFROM a', 1, 'the escape character is "x"'],
    ['# syntax=docker/dockerfile:1\n# syntax=x\nFROM a', 2, 'for the second time'],
    ['# syntax=example.com/other:1\nFROM a', 1, 'the syntax "example.com/other:1" is not known'],
    ['FROM a\nCOPY a', 2, 'needs at least a source and a destination'],
    ['FROM a\nCOPY <<EOF /a\ntext', 2, 'no line holds only "EOF"'],
    ['FROM a\nCOPY --chown a /b', 2, 'the flag --chown needs a value'],
    ['FROM a\nCOPY --link=maybe a /b', 2, '--link is true or false'],
    ['FROM a\nCOPY --from=a --from=b a /b', 2, 'stands there twice'],
    ['FROM a\nENV A', 2, 'ENV is written as'],
    ['FROM a\nENV A=1 B', 2, '"B" should be NAME=value'],
    ['FROM a\nSHELL sh', 2, 'SHELL is written as a JSON array'],
    ['FROM a\nUSER', 2, 'USER needs a value'],
    ['FROM a\nHEALTHCHECK curl', 2, 'HEALTHCHECK is written as'],
    ['FROM a\nHEALTHCHECK --interval=5 CMD x', 2, '--interval=5 is not a duration'],
    ['FROM a\nADD --checksum=sha256:0 a /b', 2, 'does not know the flag --checksum of ADD'],
  ])('%j: line %i, %s', (text, line, why) => {
    let failure: unknown;
    try {
      parseDockerfile('D', text);
    } catch (error) {
      failure = error;
    }
    expect(failure).toMatchObject({ exitCode: 7 });
    expect((failure as Error).message).toContain(`D:${line}: `);
    expect((failure as Error).message).toContain(why);
  });
});
