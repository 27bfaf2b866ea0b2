/**
 * Go's filepath.Match (https://pkg.go.dev/path/filepath#Match) as a regular expression for one part of a path:
 * `*`, `?`, `[a-z]`, `[^a-z]`, and a backslash that takes the meaning away.
 * @throws Error when the pattern is malformed
 */
export function goPatternSource(pattern: string): string {
  let source = '';
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern.charAt(index);
    if (character === '*') source += '[^/]*';
    else if (character === '?') source += '[^/]';
    else if (character === '[') {
      const { text, end } = bracket(pattern, index);
      source += text;
      index = end;
    } else if (character === '\\') {
      index += 1;
      if (index === pattern.length) throw new Error(`the pattern "${pattern}" ends with a backslash`);
      source += literal(pattern.charAt(index));
    } else source += literal(character);
  }
  return source;
}

/** True when the text holds a character that `goPatternSource` would not take as itself. */
export function hasWildcard(text: string): boolean {
  return /[*?[]/.test(text.replaceAll(/\\./g, ''));
}

/** `a\*b` as the name that it means. */
export function withoutEscapes(text: string): string {
  return text.replaceAll(/\\(.)/g, '$1');
}

function bracket(pattern: string, start: number): { text: string; end: number } {
  const match = /^\[(\^?)((?:\\[^]|[^\]\\])+)\]/.exec(pattern.slice(start));
  if (!match) throw new Error(`a "[" is not closed in the pattern "${pattern}"`);
  const [whole, negated = '', content = ''] = match;
  const escaped = content.replaceAll(/\\([^])|[[\]^\\]/g, (part, kept: string | undefined) => `\\${kept ?? part}`);
  return { text: `(?!/)[${negated}${escaped.replaceAll(/\\([A-Za-z0-9])/g, '$1')}]`, end: start + whole.length - 1 };
}

function literal(character: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character;
}
