import { expect, it } from '@jest/globals';
import { read } from './support/read.ts';

it.each([
  ['a tab that indents', 'a:\n\tb: c', 'Indent with spaces: YAML does not permit tabs there.'],
  ['a tab behind a colon', 'a:\tb', 'Replace the tab by a space: YAML does not permit tabs there.'],
  ['@ at the start', 'a: @b', "Put the text in quotes: without them it can't begin with @."],
  ['% at the start', 'a: %b', "Put the text in quotes: without them it can't begin with %."],
  ['a colon in a text', 'run: echo a: b', 'Put the value in quotes: a text that holds a colon and a space needs them.'],
  [
    'a line that is too far right',
    'a: b\n  c: d',
    'Check the indentation: this line is read as going on with the text of the line above.',
  ],
  ['no space behind a colon', 'a: b\nc:d\ne: f', 'Put a space behind the colon in line 2.'],
  [
    'a line that is nothing',
    'a: b\nc\ne: f',
    'Check line 2: it is neither a key with a colon and a space nor a list item.',
  ],
  ['an open double quote', 'a: "b\nc: d', 'Close the quote that opens in line 1.'],
  [
    'an apostrophe in single quotes',
    "a: b\nc: 'it's'\n",
    'Write an apostrophe inside of single quotes twice: the text ended here.',
  ],
  [
    'an open single quote',
    "a: b\nc: 'd\n",
    'Close the quote that opens in line 2; an apostrophe inside of single quotes is written twice.',
  ],
  [
    'a backslash',
    'a: "C:\\dir"',
    'Use single quotes, or write the backslash twice: in double quotes it begins an escape sequence.',
  ],
  [
    'an asterisk',
    'cron: * * * * *',
    'Put the text in quotes if it is no alias: without them, * stands for what an anchor (&name) marks above.',
  ],
  [
    'an alias of nothing',
    'only: *main',
    'Put the text in quotes if it is no alias: without them, * stands for what an anchor (&name) marks above.',
  ],
  ['an ampersand', 'a: & b', 'Put the text in quotes if it is no anchor: without them, & gives a name to a value.'],
  ['a lone <<', '- <<', 'Put << in quotes if it is a text: without them it is the key of a merge.'],
  ['a merge of a text', 'a: {<<: b}', 'Give << an alias of a map, or a list of them: <<: *name.'],
  [
    'an exclamation mark',
    'a: !b',
    'Put the text in quotes if it is no tag: without them, ! begins one, and CircleCI knows only those of YAML.',
  ],
  [
    'a text behind |',
    'a: | b',
    'Begin the text in the line below | or >, or put it in quotes if this character belongs to it.',
  ],
  [
    'a key that is there twice',
    'a: 1\nb: 2\na: 3\n',
    'Remove one of the two, or rename it: their map begins in line 1.',
  ],
  ['two braces', 'a: {{ b }}', 'Put the text in quotes: without them, {{ begins a map.'],
  ['a list for a key', '? [a]\n: b', 'Put the key in quotes if it is a text.'],
  ['a list behind its key', 'a: - b', 'Begin the list in a line of its own, below the key.'],
  [
    'an open bracket',
    'a: [b\nc: d\ne: f',
    'Close what opens in line 1, column 4, put a comma between the items, and put texts with , [ ] { } or ? in quotes.',
  ],
  ['a text behind quotes', 'a: "b" c', 'Put the whole value in quotes: something follows what ended here.'],
  [
    'a list in another column',
    'steps:\n  - a\n - b',
    'Check the indentation: the map that begins in line 1 has its keys in column 1.',
  ],
  [
    'a key in a list',
    '- a: b\n- c\nd: e',
    'Check the indentation: the list that begins in line 1 has its - in column 1.',
  ],
  ['a closing bracket', 'a: ]', 'Put the text in quotes if ] belongs to it.'],
  ['two documents', 'a: b\n---\nc: d', 'Remove line 2: a config is one document.'],
  ['a text behind a list', '[a] b', 'Put the whole text in quotes: something follows what ended here.'],
  [
    'a line left of the first',
    '  a: b\nc: d',
    'Check the indentation: this line is left of where the file begins, or what is above it is already complete.',
  ],
  [
    'a control character',
    'a: \u0007',
    'Remove the character, or write it in double quotes as an escape sequence such as "\\x1b".',
  ],
  ['a circle', 'a: &b [*b]', 'Write the value out: it would hold itself, without end.'],
])('a hint for %s', (_what, text, hint) => {
  expect(read(text).problems[0]?.hints).toEqual([hint]);
});
