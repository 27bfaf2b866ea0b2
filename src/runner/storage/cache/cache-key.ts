/** What the templates of a cache's key can insert. */
export interface KeyValues {
  readonly branch: string;
  readonly buildNumber: string;
  readonly revision: string;
  /** Name of the SSH key of the checkout: on CircleCI only. */
  readonly checkoutKey: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly arch: string;
  /** In seconds since 1970. */
  readonly epoch: number;
  /** Of a file, as the template names it. @throws Error that says why it can't be read */
  checksum(file: string): Promise<string>;
}

/** A template that can not mean anything, said as Go's text/template says it. */
export class KeyTemplateError extends Error {}

/** A template whose file can't be read. CircleCI says so, and the step goes on without a cache. */
export class KeyChecksumError extends Error {}

/** CircleCI saves and finds nothing under longer keys. */
export const LONGEST_KEY = 900;

const INSERTIONS: ReadonlyMap<string, (values: KeyValues) => string> = new Map([
  ['.Branch', ({ branch }) => branch],
  ['.BuildNum', ({ buildNumber }) => buildNumber],
  ['.Revision', ({ revision }) => revision],
  ['.CheckoutKey', ({ checkoutKey }) => checkoutKey],
  ['epoch', ({ epoch }) => String(epoch)],
  ['arch', ({ arch }) => arch],
]);
const ENVIRONMENT = '.Environment.';
const KNOWN =
  '`{{ checksum "file" }}`, `{{ .Branch }}`, `{{ .BuildNum }}`, `{{ .Revision }}`, `{{ .Environment.NAME }}`, `{{ epoch }}`, `{{ arch }}`';
const KEYWORDS = new Set(['if', 'else', 'end', 'range', 'with', 'define', 'template', 'block', 'break', 'continue']);

/**
 * The key that a template stands for: Go's text/template with CircleCI's functions
 * (https://circleci.com/docs/guides/optimize/caching/#using-keys-and-templates), without pipelines, variables and blocks.
 * @throws KeyTemplateError, KeyChecksumError
 */
export async function cacheKey(template: string, values: KeyValues): Promise<string> {
  let key = '';
  for (const part of partsOf(template)) {
    key += part.kind === 'text' ? part.text : await insertion(part, values);
  }
  return key;
}

interface Action {
  readonly kind: 'action';
  /** Between the braces, without space around it. */
  readonly text: string;
  /** `line:column` of the text as Go counts them: lines from 1, columns from 0. */
  readonly at: string;
}

type Part = { readonly kind: 'text'; readonly text: string } | Action;

function partsOf(template: string): Part[] {
  const parts: Part[] = [];
  const body = /((?:"(?:[^"\\]|\\.)*"|`[^`]*`|(?!\}\})[^"`])*)\}\}/sy;
  let at = 0;
  let trimNext = false;
  const addText = (text: string): void => void parts.push({ kind: 'text', text: trimNext ? text.trimStart() : text });
  for (let open = template.indexOf('{{'); open !== -1; open = template.indexOf('{{', at)) {
    body.lastIndex = open + 2;
    const inside = body.exec(template)?.[1];
    if (inside === undefined)
      throw new KeyTemplateError(`template: cacheKey:${lineOf(template, open)}: unclosed action`);
    const trimsBefore = /^-\s/.test(inside);
    const before = template.slice(at, open);
    addText(trimsBefore ? before.trimEnd() : before);
    trimNext = /\s-$/.test(inside);
    const text = inside.slice(trimsBefore ? 1 : 0, trimNext ? -1 : undefined);
    const start = open + 2 + (trimsBefore ? 1 : 0) + (text.length - text.trimStart().length);
    const isComment = /^\s*\/\*.*\*\/\s*$/s.test(text);
    if (!isComment) parts.push({ kind: 'action', text: text.trim(), at: placeOf(template, start) });
    at = body.lastIndex;
  }
  addText(template.slice(at));
  return parts;
}

async function insertion({ text, at }: Action, values: KeyValues): Promise<string> {
  const [line] = at.split(':');
  const words = text.match(/"(?:[^"\\]|\\.)*"|`[^`]*`|[^\s"`|()]+|[|()]/gs) ?? [];
  const [first, ...rest] = words;
  if (first === undefined) throw new KeyTemplateError(`template: cacheKey:${line}: missing value for command`);
  if (KEYWORDS.has(first) || words.some((word) => /^[|()]$/.test(word))) {
    throw new KeyTemplateError(
      `template: cacheKey:${at}: {{ ${text} }} is beyond what this runner reads in keys, which is ${KNOWN}`,
    );
  }
  if (first === 'checksum') return checksum({ kind: 'action', text, at }, rest, values);
  if (first.startsWith('$')) throw new KeyTemplateError(`template: cacheKey:${line}: undefined variable "${first}"`);
  const isField = first.startsWith('.');
  const known = INSERTIONS.get(first);
  if (rest.length > 0 && (known || isField)) {
    throw failedAt({ text, at }, `${first} takes no argument`);
  }
  if (known) return known(values);
  if (first.startsWith(ENVIRONMENT)) return variable(first.slice(ENVIRONMENT.length), values);
  if (isField) throw failedAt({ text, at }, `can't evaluate field ${first.slice(1)}; there are ${KNOWN}`);
  if (/^["`\d]/.test(first)) return unquoted(first);
  throw new KeyTemplateError(`template: cacheKey:${line}: function "${first}" not defined; there are ${KNOWN}`);
}

async function checksum(action: Action, args: readonly string[], values: KeyValues): Promise<string> {
  const [file, ...more] = args;
  if (file === undefined || more.length > 0) {
    throw failedAt(action, `wrong number of args for checksum: want 1 got ${args.length}`);
  }
  if (!/^["`]/.test(file)) throw failedAt(action, `checksum takes the name of a file in quotes`);
  return values.checksum(unquoted(file)).catch((cause: unknown) => {
    throw new KeyChecksumError(failedAt(action, `error calling checksum: ${(cause as Error).message}`).message, {
      cause,
    });
  });
}

/** Go prints a value that a map does not hold so. */
function variable(name: string, { environment }: KeyValues): string {
  return Object.hasOwn(environment, name) ? (environment[name] ?? '') : '<no value>';
}

function unquoted(word: string): string {
  if (word.startsWith('`')) return word.slice(1, -1);
  return word.startsWith('"') ? word.slice(1, -1).replaceAll(/\\(.)/gs, '$1') : word;
}

function failedAt({ text, at }: Pick<Action, 'text' | 'at'>, why: string): KeyTemplateError {
  return new KeyTemplateError(`template: cacheKey:${at}: executing "cacheKey" at <${text}>: ${why}`);
}

function lineOf(template: string, offset: number): number {
  return template.slice(0, offset).split('\n').length;
}

function placeOf(template: string, offset: number): string {
  const column = offset - (template.lastIndexOf('\n', offset - 1) + 1);
  return `${lineOf(template, offset)}:${column}`;
}
