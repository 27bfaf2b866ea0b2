/** What a JUnit file says of its tests. */
export interface TestTotals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly TestFailure[];
}

export interface TestFailure {
  readonly name: string;
  readonly message: string;
}

/**
 * Counts the test cases of a JUnit XML file. Only what tools write is looked at: `testcase` elements, and in them
 * `failure`, `error` and `skipped`. Entities of the file's own are not known, as nothing in a file is to grow.
 */
export function scanJunit(text: string): TestTotals {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const failures: TestFailure[] = [];
  let open: OpenCase | undefined;
  const close = (): void => {
    if (open) {
      counts[open.verdict] += 1;
      if (open.verdict === 'failed') failures.push({ name: open.name, message: (open.message || open.text).trim() });
    }
    open = undefined;
  };
  for (const part of partsOf(text)) {
    if ('said' in part) {
      if (open?.isTold) open.text += part.said;
    } else if (part.tag === 'testcase') {
      close();
      if (!part.isEnd) open = openCase(part.attributes);
      if (part.isEmpty) close();
    } else if (open && (part.tag === 'failure' || part.tag === 'error' || part.tag === 'skipped')) {
      if (part.isEnd) open.isTold = false;
      else enter(open, part);
    }
  }
  close();
  return { ...counts, failures };
}

interface OpenCase {
  readonly name: string;
  verdict: 'passed' | 'failed' | 'skipped';
  message: string;
  /** What stands in the element that says how it failed. */
  text: string;
  /** Says that what comes stands there. */
  isTold: boolean;
}

function openCase(attributes: string): OpenCase {
  const [className, name] = [attribute(attributes, 'classname'), attribute(attributes, 'name')];
  const full = className === '' || name.startsWith(className) ? name : `${className}: ${name}`;
  return { name: full, verdict: 'passed', message: '', text: '', isTold: false };
}

function enter(open: OpenCase, { tag, attributes, isEmpty }: Tag): void {
  if (tag === 'skipped') {
    if (open.verdict === 'passed') open.verdict = 'skipped';
    return;
  }
  // Of several failures of one test the first is told.
  if (open.verdict !== 'failed') {
    open.message = attribute(attributes, 'message');
    open.isTold = !isEmpty;
  }
  open.verdict = 'failed';
}

interface Tag {
  readonly tag: string;
  readonly attributes: string;
  /** `</tag>` */
  readonly isEnd: boolean;
  /** `<tag/>` */
  readonly isEmpty: boolean;
}

/** Attributes may hold `>` in their quotes. */
const TAG = /<(\/?)([^\s/<>"']+)((?:[^<>"'/]|"[^"]*"|'[^']*'|\/(?!>))*)(\/?)>/y;

/** What is neither text nor an element: how it begins and ends, and whether what it holds is text. */
const OTHERS = [
  { begin: '<!--', end: '-->', isText: false },
  { begin: '<![CDATA[', end: ']]>', isText: true },
  { begin: '<?', end: '?>', isText: false },
  { begin: '<!', end: '>', isText: false },
] as const;

/** The tags and texts of an XML file, up to where it is none any more. */
function* partsOf(text: string): Generator<Tag | { readonly said: string }> {
  for (let at = 0; at < text.length;) {
    const next = text.indexOf('<', at);
    if (next !== at) yield { said: decoded(text.slice(at, next < 0 ? text.length : next)) };
    if (next < 0) return;
    const other = OTHERS.find(({ begin }) => text.startsWith(begin, next));
    if (other) {
      const from = next + other.begin.length;
      const end = text.indexOf(other.end, from);
      if (end < 0) return;
      if (other.isText) yield { said: text.slice(from, end) };
      at = end + other.end.length;
    } else {
      TAG.lastIndex = next;
      const [whole, slash, tag = '', attributes = '', empty] = TAG.exec(text) ?? [];
      if (whole === undefined) return;
      yield { tag, attributes, isEnd: slash === '/', isEmpty: empty === '/' };
      at = next + whole.length;
    }
  }
}

function attribute(attributes: string, name: string): string {
  for (const [, key, double, single] of attributes.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    if (key === name) return decoded(double ?? single ?? '');
  }
  return '';
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decoded(text: string): string {
  return text.replaceAll(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi,
    (whole, hex: string, decimal: string, name: string) => {
      if (name !== undefined) return ENTITIES[name] ?? whole;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
    },
  );
}
