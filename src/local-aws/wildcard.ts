/** IAM's patterns: `*` is any text, `?` one character, everything else is itself. */
export function fitsWildcard(pattern: string, text: string, { ignoreCase = false } = {}): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, ignoreCase ? 'isu' : 'su').test(text);
}
