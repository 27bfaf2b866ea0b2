/** Names of variables that hold secrets by convention. */
const SECRET_NAME =
  /(TOKEN$|TOKEN_V\d+$|SECRET|PASSWORD|PASSWD|PASSPHRASE|_PASS$|_PWD$|(PRIVATE|ACCESS|SIGNING|ENCRYPTION)_KEY|API[_-]?KEY|WEBHOOK)/i;

/** Texts that are secrets wherever they stand: JSON Web Tokens, Slack tokens and webhook URLs. */
const SECRET_SHAPES = /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|\bxox[a-z]-[\w-]{8,}|https:\/\/hooks\.slack\.com\/[\w/-]+/g;

/** The password in an address, as of a database: `postgres://web:****@db/web`. */
const URL_PASSWORD = /(:\/\/[^\s/:@"']*:)[^\s/"']+@/g;

/** Shorter values stand in ordinary text by chance; CircleCI's own masking has the same bounds. */
const SHORTEST = 4;

/** Values that say nothing, whatever the variable is called. */
const NO_SECRETS = new Set(['true', 'false', 'True', 'False']);

const MASK = '****';

/** Does the name of an environment variable say that its value is secret? */
export function namesSecret(variable: string): boolean {
  return SECRET_NAME.test(variable);
}

export type Redact = (text: string) => string;

/** Makes a function that masks the values of all secret variables of an environment, and everything shaped like a secret. */
export function redactor(
  env: Readonly<Record<string, string | undefined>>,
  alsoSecret: readonly string[] = [],
): Redact {
  const named = Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && isSecretVariable(name) ? [value] : [],
  );
  const values = [...named, ...alsoSecret]
    .flatMap((value) => [value, JSON.stringify(value).slice(1, -1), ...longLines(value)])
    .filter((value) => value.length >= SHORTEST && !NO_SECRETS.has(value))
    .toSorted((a, b) => b.length - a.length);
  return (text) => {
    let safe = text;
    for (const value of values) safe = safe.replaceAll(value, MASK);
    return safe.replaceAll(SECRET_SHAPES, MASK).replaceAll(URL_PASSWORD, `$1${MASK}@`);
  };
}

/** Masks like `redactor`, and can be told more secrets on the way. */
export interface GrowingRedactor {
  redact: Redact;
  hide(values: readonly string[]): void;
}

export function growingRedactor(env: Readonly<Record<string, string | undefined>>): GrowingRedactor {
  const hidden = new Set<string>();
  let current = redactor(env);
  return {
    redact: (text) => current(text),
    hide(values) {
      const added = values.filter((value) => !hidden.has(value));
      if (added.length === 0) return;
      for (const value of added) hidden.add(value);
      current = redactor(env, [...hidden]);
    },
  };
}

/** Short lines of a longer secret stand elsewhere by chance: `}` or `"type": 1`. */
const SHORTEST_LINE = 12;

/** A secret of several lines, as a private key, is told line by line by who logs lines. */
function longLines(value: string): string[] {
  if (!value.includes('\n')) return [];
  return value
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.length >= SHORTEST_LINE);
}

/** An access key id is no secret: AWS prints it, and it says which key was used. */
function isSecretVariable(name: string): boolean {
  return namesSecret(name) && !name.endsWith('ACCESS_KEY_ID') && !name.endsWith('_TOKEN_FILE');
}

/** Masks every text inside a JSON value; keys and structure stay. */
export function redactJson<T>(value: T, redact: Redact): T {
  const mask = (part: unknown): unknown => {
    if (typeof part === 'string') return redact(part);
    if (Array.isArray(part)) return part.map(mask);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, mask(item)]));
  };
  return mask(value) as T;
}
