type Environment = Readonly<Record<string, string | undefined>>;

interface Token {
  readonly kind: 'text' | 'variable' | 'open' | 'close' | 'operator';
  readonly text: string;
}

/** What is wrong with a text, in the words of the library that CircleCI uses. */
export class SubstitutionError extends Error {}

/**
 * Puts the values of variables into a text, as `circleci env subst` does: it is the Go library a8m/envsubst 1.4 in its
 * relaxed mode, and this follows its lexer and parser, also where they are odd. A variable that is not set is empty;
 * `$$` is a dollar sign; `${A-x}` and `${A=x}` are x when A is not set, with a colon also when it is empty; `${A+x}` and
 * `${A:+x}` are x when A is set. The replacement may be text or one `$VARIABLE`, nothing nested. Any other operator is
 * skipped. Throws a SubstitutionError for a brace that is not closed on its line.
 */
export function substituteVariables(text: string, env: Environment): string {
  const tokens = tokensOf(text);
  let result = '';
  while (tokens.length > 0) {
    const token = tokens.shift()!;
    if (token.kind === 'variable') result += valueOf(token.text.replace(/^\$/, ''), env) ?? '';
    else if (token.kind === 'open' && tokens[0]?.kind === 'variable') result += expression(tokens, env);
    else result += token.text;
  }
  return result;
}

/** The value of what stands in braces; takes its tokens away, the closing brace included. */
function expression(tokens: Token[], env: Environment): string {
  const value = valueOf(tokens.shift()!.text, env);
  let operator = '';
  let replacement: string | undefined;
  for (;;) {
    const token = tokens.shift();
    if (token === undefined) throw unclosed();
    if (token.kind === 'close') break;
    if (token.kind === 'variable') replacement = valueOf(token.text.replace(/^\$/, ''), env) ?? '';
    else if (token.kind === 'text') {
      replacement = token.text;
      while (tokens.length > 0 && tokens[0]!.kind !== 'close') replacement += tokens.shift()!.text;
    } else operator = token.text;
  }
  if (replacement === undefined) return value ?? '';
  if (operator === ':-' || operator === ':=') return value !== undefined && value !== '' ? value : replacement;
  if (operator === '+' || operator === ':+') return value === undefined ? '' : replacement;
  if (operator === '-' || operator === '=') return value ?? replacement;
  return value ?? '';
}

function valueOf(name: string, env: Environment): string | undefined {
  return Object.hasOwn(env, name) ? env[name] : undefined;
}

/** Reads the text as the library's lexer does: a state for plain text, two for what stands in braces, one for names. */
function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const characters = [...text];
  let position = 0;
  let start = 0;
  let lastStart = 0;
  let depth = 0;

  const emit = (kind: Token['kind']): void => {
    tokens.push({ kind, text: characters.slice(start, position).join('') });
    lastStart = start;
    start = position;
  };
  const close = (): State => {
    depth--;
    emit('close');
    return plainText;
  };
  const startsAtBrace = (): boolean => characters[lastStart] === '$' && characters[lastStart + 1] === '{';

  type State = () => State | undefined;

  const plainText: State = () => {
    for (; position < characters.length; position++) {
      if (characters[position] !== '$') continue;
      if (position > start) emit('text');
      position++;
      const next = characters[position];
      if (next === '$') {
        start = position;
        position++;
        emit('text');
        return plainText;
      }
      if (next === '{') {
        position++;
        depth++;
        emit('open');
        return afterName;
      }
      if (isOfName(next)) return name;
      position--;
    }
    if (position > start) emit('text');
    return undefined;
  };

  const name: State = () => {
    while (isOfName(characters[position])) position++;
    const read = characters.slice(start, position).join('');
    if (read === '_' || read === '$_') return plainText;
    emit('variable');
    return depth > 0 ? afterName : plainText;
  };

  const afterName: State = () => {
    const next = characters[position++];
    if (next === '}') return close();
    if (next === undefined || isEndOfLine(next)) throw unclosed();
    if (isOfName(next) && startsAtBrace()) return name;
    if (next === '+' || next === '-' || next === '=') emit('operator');
    else if (next === ':') {
      const second = characters[position++];
      if (second === '-' || second === '=' || second === '+') emit('operator');
    }
    return replacement;
  };

  const replacement: State = () => {
    const next = characters[position++];
    if (next === '}') return close();
    if (next === undefined || isEndOfLine(next)) throw unclosed();
    if (next === '$' || (isOfName(next) && startsAtBrace())) return name;
    emit('text');
    return replacement;
  };

  for (let state: State | undefined = plainText; state !== undefined;) state = state();
  return tokens;
}

function isOfName(character: string | undefined): boolean {
  return character !== undefined && /^[\p{L}\p{Nd}_]$/u.test(character);
}

function isEndOfLine(character: string): boolean {
  return character === '\n' || character === '\r';
}

function unclosed(): SubstitutionError {
  return new SubstitutionError('closing brace expected');
}
