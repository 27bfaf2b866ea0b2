import { invalidParameter } from './state.ts';

/**
 * A filter pattern of terms as a test of a message: every term must be in it, `-term` must not, and of the terms with `?`
 * one is enough when there are no others. A term with other characters than letters, digits and `_` is quoted.
 * Patterns of JSON (`{ $.level = "x" }`), of columns (`[…]`) and regular expressions are refused.
 */
export function filterOf(pattern: string | undefined): (message: string) => boolean {
  const terms = termsOf(pattern ?? '');
  const all = terms.filter(({ sign }) => sign === '');
  const none = terms.filter(({ sign }) => sign === '-');
  const some = terms.filter(({ sign }) => sign === '?');
  return (message) => {
    const has = ({ text }: Term): boolean => message.includes(text);
    if (!all.every(has) || none.some(has)) return false;
    return some.length === 0 || all.length > 0 || some.some(has);
  };
}

interface Term {
  sign: '' | '-' | '?';
  text: string;
}

function termsOf(pattern: string): Term[] {
  const terms: Term[] = [];
  let rest = pattern.trim();
  if (/^[{[%]/.test(rest)) {
    throw invalidParameter('The local AWS knows filter patterns of terms and quoted phrases only.');
  }
  while (rest !== '') {
    const match = /^([-?]?)(?:"((?:[^"\\]|\\.)*)"|(\w+))(?=\s|$)\s*/u.exec(rest);
    if (match === null) throw invalidParameter('Invalid filter pattern');
    const [whole, sign, quoted, word] = match;
    terms.push({ sign: sign as Term['sign'], text: word ?? quoted!.replace(/\\(.)/g, '$1') });
    rest = rest.slice(whole.length);
  }
  return terms;
}
