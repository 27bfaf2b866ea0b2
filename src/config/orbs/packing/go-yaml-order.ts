/**
 * Keys in the order in which Go's YAML library writes a map, and with it `circleci orb pack`: other characters before
 * digits before letters, numbers inside of names by their value, so that `step9` comes before `step10`.
 */
export function goYamlOrder(keys: Iterable<string>): string[] {
  return [...keys].toSorted(compareKeys);
}

function compareKeys(left: string, right: string): number {
  const a = [...left];
  const b = [...right];
  const shorter = Math.min(a.length, b.length);
  let at = 0;
  while (at < shorter && a[at] === b[at]) at++;
  if (at === shorter) return a.length - b.length;
  return compareFrom(a, b, at);
}

/** What decides: the first place where the two differ. */
function compareFrom(a: readonly string[], b: readonly string[], at: number): number {
  const letterA = isLetter(a[at]);
  const letterB = isLetter(b[at]);
  if (letterA && letterB) return codeOf(a, at) - codeOf(b, at);
  if (letterA || letterB) {
    // `a1b` before `a10`: after a digit, going on with letters means a smaller number.
    const afterDigit = at > 0 && isDigit(a[at - 1]);
    return letterA === afterDigit ? -1 : 1;
  }
  const runA = digitsFrom(a, at);
  const runB = digitsFrom(b, at);
  // 1 and 100 differ at a zero: both numbers have begun before, the shorter one is the smaller one.
  const begun = (a[at] === '0' || b[at] === '0') && hasNonZeroDigitBefore(a, at) ? '1' : '';
  const byValue = compareNumbers(begun + runA, begun + runB);
  return byValue || runA.length - runB.length || codeOf(a, at) - codeOf(b, at);
}

function compareNumbers(a: string, b: string): number {
  const left = a.replace(/^0+/, '');
  const right = b.replace(/^0+/, '');
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : left > right ? 1 : 0;
}

function digitsFrom(characters: readonly string[], start: number): string {
  let end = start;
  while (isDigit(characters[end])) end++;
  return characters.slice(start, end).join('');
}

function hasNonZeroDigitBefore(characters: readonly string[], end: number): boolean {
  for (let at = end - 1; isDigit(characters[at]); at--) if (characters[at] !== '0') return true;
  return false;
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9';
}

function isLetter(character: string | undefined): boolean {
  return character !== undefined && /^\p{L}$/u.test(character);
}

function codeOf(characters: readonly string[], at: number): number {
  return characters[at]?.codePointAt(0) ?? 0;
}
