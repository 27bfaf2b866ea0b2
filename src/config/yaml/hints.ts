import { lineOf, type YamlError } from './yaml-error.ts';

interface Rule {
  /** Matched against the context and the problem, as SnakeYAML puts them, with a space between. */
  readonly when: RegExp;
  /** One or more full sentences; undefined when it is not that. */
  readonly hint: (found: Found) => string | undefined;
}

interface Found {
  /** What the regular expression caught. */
  readonly match: RegExpExecArray;
  /** The line of the problem, up to it. */
  readonly before: string;
  /** The line of the problem, from it on. */
  readonly after: string;
  /** The line above that of the problem. */
  readonly above: string;
  /** Line and column of the context, counted from 1. */
  readonly start: { readonly line: number; readonly column: number; readonly text: string };
  readonly line: number;
}

/** What to do about an error, in plain words: the first rule that knows it. */
export function hintsFor(error: YamlError, text: string): string[] {
  const words = `${error.context?.text ?? ''} ${error.message}`;
  for (const { when, hint } of RULES) {
    const match = when.exec(words);
    const found = match ? hint({ match, ...partsOf(error, text) }) : undefined;
    if (found !== undefined) return [found];
  }
  return [];
}

function partsOf(error: YamlError, text: string): Omit<Found, 'match'> {
  const at = lineAround(text, error.index);
  const start = lineAround(text, error.context?.index ?? error.index);
  return {
    before: at.before,
    after: at.after,
    above: lineAbove(text, error.index),
    line: at.line,
    start: { line: start.line, column: start.before.length + 1, text: start.before + start.after },
  };
}

function lineAround(text: string, index: number): { line: number; before: string; after: string } {
  const { line, lineStart } = lineOf(text, index);
  const after = /^[^\r\n]*/.exec(text.slice(index, index + 200))?.[0] ?? '';
  return { line, before: text.slice(lineStart, index), after };
}

function lineAbove(text: string, index: number): string {
  const { lineStart } = lineOf(text, index);
  return /[^\r\n]*(?=\r?\n$)/.exec(text.slice(Math.max(0, lineStart - 200), lineStart))?.[0] ?? '';
}

const RULES: readonly Rule[] = [
  {
    when: /found character '\\t\(TAB\)'/,
    hint: ({ before }) =>
      before.trim() === ''
        ? 'Indent with spaces: YAML does not permit tabs there.'
        : 'Replace the tab by a space: YAML does not permit tabs there.',
  },
  {
    when: /found character '(.)' that cannot start/,
    hint: ({ match }) => `Put the text in quotes: without them it can't begin with ${match[1]}.`,
  },
  {
    when: /mapping values are not allowed here/,
    hint: ({ before, above, line }) => {
      if (/[^\s]:\s/.test(before)) return 'Put the value in quotes: a text that holds a colon and a space needs them.';
      return /^\s*(?:- )?[\w-]+:[^\s/]/.test(above)
        ? `Put a space behind the colon in line ${line - 1}.`
        : 'Check the indentation: this line is read as going on with the text of the line above.';
    },
  },
  {
    when: /while scanning a simple key could not find expected ':'/,
    hint: ({ start }) =>
      /\S:\S/.test(start.text)
        ? `Put a space behind the colon in line ${start.line}.`
        : `Check line ${start.line}: it is neither a key with a colon and a space nor a list item.`,
  },
  {
    when: /while scanning a quoted scalar found unexpected/,
    hint: ({ start }) =>
      `Close the quote that opens in line ${start.line}${
        start.text[start.column - 1] === "'" ? '; an apostrophe inside of single quotes is written twice' : ''
      }.`,
  },
  {
    when: /found unknown escape character|expected escape sequence/,
    hint: () => 'Use single quotes, or write the backslash twice: in double quotes it begins an escape sequence.',
  },
  {
    when: /while scanning an alias|found undefined alias/,
    hint: () =>
      'Put the text in quotes if it is no alias: without them, * stands for what an anchor (&name) marks above.',
  },
  {
    when: /while scanning an anchor/,
    hint: () => 'Put the text in quotes if it is no anchor: without them, & gives a name to a value.',
  },
  {
    when: /could not determine a constructor for the tag tag:yaml\.org,2002:merge/,
    hint: () => 'Put << in quotes if it is a text: without them it is the key of a merge.',
  },
  {
    when: /tag/,
    hint: () =>
      'Put the text in quotes if it is no tag: without them, ! begins one, and CircleCI knows only those of YAML.',
  },
  {
    when: /found duplicate key/,
    hint: ({ start }) => `Remove one of the two, or rename it: their map begins in line ${start.line}.`,
  },
  {
    when: /while scanning a block scalar/,
    hint: () => 'Begin the text in the line below | or >, or put it in quotes if this character belongs to it.',
  },
  {
    when: /where a key must be a text/,
    hint: ({ before, after }) =>
      /\{\s*$/.test(before) && after.startsWith('{')
        ? 'Put the text in quotes: without them, {{ begins a map.'
        : 'Put the key in quotes if it is a text.',
  },
  {
    when: /for merging/,
    hint: () => 'Give << an alias of a map, or a list of them: <<: *name.',
  },
  {
    when: /sequence entries are not allowed here/,
    hint: () => 'Begin the list in a line of its own, below the key.',
  },
  {
    when: /while parsing a flow (?:sequence|mapping)/,
    hint: ({ start }) =>
      `Close what opens in line ${start.line}, column ${start.column}, put a comma between the items, and put texts with , [ ] { } or ? in quotes.`,
  },
  {
    when: /expected <block end>, but found '(?:<scalar>|<anchor>|<alias>|<tag>|,|\[|\{|\]|\})'/,
    hint: ({ before }) => {
      if (/'\s*$/.test(before)) return 'Write an apostrophe inside of single quotes twice: the text ended here.';
      return /["\]}]\s*$/.test(before)
        ? 'Put the whole value in quotes: something follows what ended here.'
        : undefined;
    },
  },
  {
    when: /while parsing a block collection expected <block end>/,
    hint: ({ start }) =>
      `Check the indentation: the list that begins in line ${start.line} has its - in column ${start.column}.`,
  },
  {
    when: /while parsing a block mapping expected <block end>/,
    hint: ({ start }) =>
      `Check the indentation: the map that begins in line ${start.line} has its keys in column ${start.column}.`,
  },
  {
    when: /expected the node content, but found '([^<].*)'/,
    hint: ({ match }) => `Put the text in quotes if ${match[1]} belongs to it.`,
  },
  {
    when: /expected the node content, but found '<stream end>'/,
    hint: () => 'Close what opens above: a [ or { has no end.',
  },
  {
    when: /The text is longer than/,
    hint: () => 'CircleCI accepts at most 8 MB of compiled config, and this is more already.',
  },
  {
    when: /expected a single document/,
    hint: ({ line }) => `Remove line ${line}: a config is one document.`,
  },
  {
    when: /expected '<document start>'/,
    hint: ({ before }) =>
      /["'\]}]\s*$/.test(before)
        ? 'Put the whole text in quotes: something follows what ended here.'
        : 'Check the indentation: this line is left of where the file begins, or what is above it is already complete.',
  },
  {
    when: /special characters are not allowed/,
    hint: () => 'Remove the character, or write it in double quotes as an escape sequence such as "\\x1b".',
  },
  {
    when: /inside of what it stands for/,
    hint: () => 'Write the value out: it would hold itself, without end.',
  },
];
