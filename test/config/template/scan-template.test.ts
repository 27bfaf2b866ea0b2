import { describe, expect, it } from '@jest/globals';
import { scanTemplate, type Part } from '../../../src/config/template/scan-template.ts';

/** Parts in short: text as it is, a tag as `{body}`, a section as `#name→end` or `^name→end`. */
function short(part: Part): string {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'tag':
      return `{${part.body}}`;
    case 'section':
      return `${part.inverted ? '^' : '#'}${part.name}→${part.end}`;
  }
}

function partsOf(text: string): string[] {
  const { parts, problems } = scanTemplate(text);
  expect(problems).toEqual([]);
  return parts.map(short);
}

function problemsOf(text: string): { message: string; offset: number }[] {
  return scanTemplate(text).problems.map(({ fact, offset }) => ({ message: fact.message, offset }));
}

describe('the parts of a template', () => {
  it.each<[rule: string, text: string, parts: string[]]>([
    ['text without tags is one part', 'make test', ['make test']],
    ['an empty text has no parts', '', []],
    ['a tag alone', '<< parameters.x >>', ['{ parameters.x }']],
    ['blanks around a name are not needed', '<<parameters.x>>', ['{parameters.x}']],
    ['tags inside of text', 'a-<< x >>-<< y >>.', ['a-', '{ x }', '-', '{ y }', '.']],
    ['tags side by side', '<<x>><<y>>', ['{x}', '{y}']],
    ['a body is an expression', '<< a == "b" and c > 1 >>', ['{ a == "b" and c > 1 }']],
    ['a body may have line breaks', '<< a\n  or b >>', ['{ a\n  or b }']],
    ['a single < or > is text', 'a < b > c', ['a < b > c']],
    ['a lone >> is text', 'echo a >> log', ['echo a >> log']],
    ['a >> after a tag is text', '<< x >> >> log', ['{ x }', ' >> log']],
    ['a tag ends at its first >>', '<<x>>>', ['{x}', '>']],
    [String.raw`\<< is <<`, String.raw`cat \<<EOF`, ['cat <<EOF']],
    [String.raw`\<< in front of what looks like a tag`, String.raw`\<< x >>`, ['<< x >>']],
    [String.raw`\\<< is a backslash and a tag`, String.raw`a\\<< x >>`, ['a\\', '{ x }']],
    [String.raw`of more backslashes the last two count`, String.raw`a\\\<< x >>`, ['a\\\\', '{ x }']],
    [String.raw`\<<< is a here-string`, String.raw`cat \<<< "$X"`, ['cat <<< "$X"']],
    ['other backslashes are text', String.raw`a\nb \ < \\`, [String.raw`a\nb \ < \\`]],
    ['a backslash that ends a tag before is not an escape', '<<x>>\\\\<<y>>', ['{x}', '\\', '{y}']],
    ['2048 characters are not too many', `<<${'a'.repeat(2048)}>>`, [`{${'a'.repeat(2048)}}`]],
    ['characters are code points', `<<${'😀'.repeat(2048)}>>`, [`{${'😀'.repeat(2048)}}`]],
  ])('%s', (_rule, text, parts) => {
    expect(partsOf(text)).toEqual(parts);
  });
});

describe('sections', () => {
  it.each<[rule: string, text: string, parts: string[]]>([
    ['a section jumps to its end', 'a<<# x >>b<</ x >>c', ['a', '#x→3', 'b', 'c']],
    ['an inverted section', '<<^x>>b<</x>>', ['^x→2', 'b']],
    ['a section without content', '<<# x >><</ x >>', ['#x→1']],
    ['tags within a section', '<<#x>>-<<x>><</x>>', ['#x→3', '-', '{x}']],
    ['sections within a section', '<<#x>><<^y>>a<</y>><</x>>', ['#x→3', '^y→3', 'a']],
    ['the same section within itself', '<<#x>><<#x>>a<</x>>b<</x>>', ['#x→4', '#x→3', 'a', 'b']],
    ['any blanks around the name', '<<#\tx\n>>a<</  x>>', ['#x→2', 'a']],
    ['names that are no expressions', '<<# a.b:c >>a<</ a.b:c >>', ['#a.b:c→2', 'a']],
    [String.raw`\<<# is text`, String.raw`\<<# x >>`, ['<<# x >>']],
    [String.raw`\\<<# is a backslash and a section`, String.raw`\\<<# x >>a\\<</ x >>`, ['\\', '#x→3', 'a\\']],
  ])('%s', (_rule, text, parts) => {
    expect(partsOf(text)).toEqual(parts);
  });
});

describe('a section tag alone on its line vanishes with its line break (observed rule 16)', () => {
  it.each<[rule: string, text: string, parts: string[]]>([
    ['both tags on lines of their own', 'a\n<<# x >>\nb\n<</ x >>\nc\n', ['a\n', '#x→3', 'b\n', 'c\n']],
    ['indented tags', 'a\n  <<# x >>\n  b\n\t<</ x >>\nc', ['a\n', '#x→3', '  b\n', 'c']],
    ['blanks after the tag', '<<# x >>  \nb\n<</ x >> \t\nc', ['#x→2', 'b\n', 'c']],
    ['on the first and the last line', '<<# x >>\nb\n<</ x >>', ['#x→2', 'b\n']],
    ['blanks before a tag on the last line', 'a\n  <<# x >><</ x >>', ['a\n  ', '#x→2']],
    ['one after the other', '<<# x >>\n<<# y >>\nb\n<</ y >>\n<</ x >>\n', ['#x→3', '#y→3', 'b\n']],
    ['lines that end in CR LF', 'a\r\n<<# x >>\r\nb\r\n<</ x >>\r\nc', ['a\r\n', '#x→3', 'b\r\n', 'c']],
    ['beside text it stays a line', 'a <<# x >>\nb\n<</ x >> c', ['a ', '#x→3', '\nb\n', ' c']],
    ['beside another tag it stays a line', '<<# x >><< x >>\n<</ x >>\n', ['#x→3', '{ x }', '\n']],
    ['a tag of a value never takes its line', 'a\n  << x >>\nb', ['a\n  ', '{ x }', '\nb']],
  ])('%s', (_rule, text, parts) => {
    expect(partsOf(text)).toEqual(parts);
  });
});

const UNCLOSED = String.raw`Unclosed '<<' tag
('<<' must be escaped as '\<<' in config v2.1+)`;

describe('problems of a template', () => {
  it.each<[text: string, message: string, at: string]>([
    ['cat <<EOF > file', UNCLOSED, '<<'],
    ['echo << parameters.name', UNCLOSED, '<<'],
    ['a << b \\<< c >>', UNCLOSED, '<<'],
    ['cat <<< "$X"', UNCLOSED, '<<<'],
    ['echo <<>>', `Expected expression after '<<'`, '<<'],
    ['echo << >>', `Expected expression after '<<'`, '<<'],
    ['echo <<', `Expected expression after '<<'`, '<<'],
    ['a <<# x >>set -x', `Unclosed section, expected '<</'`, '<<#'],
    ['<<# x >>a<<# y >>b', `Unclosed section, expected '<</'`, '<<# y'],
    ['<<# a >>x<</ a >><</ b >>', 'Expected section end tag to match start tag', '<</ b'],
    ['<<# a >><<# b >>x<</ a >><</ b >>', 'Expected section end tag to match start tag', '<</ a'],
    ['<<# not valid >>x<</ not valid >>', 'Expected valid identifier', '<<#'],
    ['<<#>>x<</>>', 'Expected identifier', '<<#'],
    ['<<# x', `Unclosed '<<' tag`, '<<#'],
    ['<<# x >>a<</ x', `Unclosed '<<' tag`, '<</'],
  ])('%s', (text, message, at) => {
    expect(problemsOf(text)).toEqual([{ message, offset: text.indexOf(at) }]);
  });

  it.each([
    ['in a tag', 2049, '>>'],
    ['in a tag that is not closed', 3000, ''],
  ])('an expression that is too long, %s', (_name, length, end) => {
    const message = `Expressions must be less than 2048 characters, this one is ${length}`;
    expect(problemsOf(`a <<${'b'.repeat(length)}${end}`)).toEqual([{ message, offset: 2 }]);
  });

  it('names every tag that is not closed', () => {
    const text = 'cat <<EOF\na\nEOF\ncat <<END\nb\nEND\n';
    expect(problemsOf(text).map(({ offset }) => offset)).toEqual([4, 20]);
  });

  it('gives a text up that is full of mistakes', () => {
    expect(problemsOf('<< '.repeat(1000))).toHaveLength(20);
  });
});

describe('hints of a tag that is meant for the shell', () => {
  it.each([
    ['cat <<EOF > file', String.raw`\<<EOF`],
    [`cat <<'EOF'`, String.raw`\<<'EOF'`],
    ['cat <<-"EOF"', String.raw`\<<-"EOF"`],
    ['cat << EOF', String.raw`\<< EOF`],
    ['cat <<< "$X"', String.raw`\<<<`],
  ])('%s', (text, escaped) => {
    const [problem] = scanTemplate(text).problems;
    expect(problem?.fact.hints).toEqual([
      `Write \`${escaped}\`: CircleCI takes \`<<\` for the start of a tag, and removes the backslash.`,
    ]);
  });

  it('tells to close a tag that looks like one', () => {
    const [problem] = scanTemplate('echo << parameters.name').problems;
    expect(problem?.fact.hints).toEqual([
      'Close the tag with `>>`, or write `\\<<` for a `<<` that CircleCI leaves alone.',
    ]);
  });
});

describe('no text is too much', () => {
  it.each<[name: string, text: string, parts: number]>([
    ['100 000 nested sections', '<<#x>>'.repeat(100_000) + '<</x>>'.repeat(100_000), 100_000],
    ['a million characters of escapes', '\\<<'.repeat(350_000), 1],
    ['a million characters of >>', '>>'.repeat(500_000), 1],
    ['a hundred thousand tags', '<<x>>\n'.repeat(100_000), 200_000],
    ['a name with a hundred thousand dots', `<<# a${'.b'.repeat(100_000)} >>x<</ a${'.b'.repeat(100_000)} >>`, 2],
  ])('%s', (_name, text, parts) => {
    expect(scanTemplate(text).parts).toHaveLength(parts);
  });

  it.each<[name: string, text: string]>([
    ['a megabyte of <<', '<<'.repeat(500_000)],
    ['a megabyte of << with backslashes', '<<\\'.repeat(350_000)],
    ['a megabyte of sections that are never closed', '<<#x>>'.repeat(170_000)],
    ['a megabyte of blanks before a tag that is not closed', `${' '.repeat(1_000_000)}<<#x`],
  ])('%s ends in a problem', (_name, text) => {
    expect(problemsOf(text)).not.toHaveLength(0);
  });
});
