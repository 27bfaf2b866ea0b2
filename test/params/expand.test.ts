import { describe, expect, it } from '@jest/globals';
import { expandVariables } from '../../src/params/expand.ts';
import { failureOf } from '../support/failures.ts';

const ENV = {
  NAME: 'crawl',
  A1_b: 'x',
  EMPTY: '',
  NESTED: '$NAME ${NAME}',
  SUBSTITUTE: '$& $1 $`',
  SLACK_TOKEN: 'xoxb-hidden',
};

describe('expandVariables', () => {
  it.each([
    ['$NAME', 'crawl'],
    ['${NAME}', 'crawl'],
    ['nightly-$NAME.sh', 'nightly-crawl.sh'],
    ['${NAME}ing', 'crawling'],
    ['$NAME$NAME', 'crawlcrawl'],
    ['$A1_b', 'x'],
    ['[$EMPTY]', '[]'],
    ['$$NAME', '$crawl'],
  ])('puts values in: %s', (text, expected) => {
    expect(expandVariables(text, ENV)).toEqual({ text: expected, withheld: [] });
  });

  it.each([
    [String.raw`\$NAME`, '$NAME'],
    [String.raw`\${NAME}`, '${NAME}'],
    [String.raw`\$(pwd)`, '$(pwd)'],
    [String.raw`a\b`, String.raw`a\b`],
  ])('a backslash makes the dollar plain: %s', (text, expected) => {
    expect(expandVariables(text, ENV).text).toBe(expected);
  });

  it.each([
    '$(touch x)',
    '`touch x`',
    '${NAME:-other}',
    '${#NAME}',
    '${NAME',
    '$1',
    '$',
    '$?',
    '~/x',
    '*',
    '<< pipeline.number >>',
    '<<x',
    'a;b&c|d',
    `'"`,
    'two\nlines',
  ])('evaluates nothing else: %j', (text) => {
    expect(expandVariables(text, ENV).text).toBe(text);
  });

  it('does not look again at what a variable holds', () => {
    expect(expandVariables('$NESTED', ENV).text).toBe('$NAME ${NAME}');
  });

  it('takes a value as it is, also where it looks like a replacement pattern', () => {
    expect(expandVariables('[$SUBSTITUTE]', ENV).text).toBe('[$& $1 $`]');
  });

  it('names the variable that is not set', () => {
    expect(failureOf(() => expandVariables('a-$MISSING', ENV))).toMatchObject({
      exitCode: 2,
      title: 'the environment variable MISSING is not set',
      hints: [
        String.raw`Set MISSING in the project settings or a context, or write \$MISSING when the text is meant literally.`,
      ],
    });
  });

  it('a name that every object has is no variable', () => {
    expect(failureOf(() => expandVariables('$constructor', ENV)).title).toContain('constructor is not set');
  });

  it.each(['$SLACK_TOKEN', '${SLACK_TOKEN}'])('leaves a secret as it is written, and says which: %s', (text) => {
    expect(expandVariables(`branch ${text}`, ENV)).toEqual({ text: `branch ${text}`, withheld: ['SLACK_TOKEN'] });
  });

  it('a secret that is not set is no error: it would not be put in anyway', () => {
    expect(expandVariables('$GITHUB_TOKEN', ENV)).toEqual({ text: '$GITHUB_TOKEN', withheld: ['GITHUB_TOKEN'] });
  });
});
