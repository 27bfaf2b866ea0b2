import { describe, expect, it } from '@jest/globals';
import { evaluateText } from '../../../src/config/expression/evaluate-text.ts';
import { scalarNode } from '../../../src/config/node.ts';
import { Report, type Problem } from '../../../src/config/problem.ts';
import { variables } from '../../../src/config/variables.ts';
import { nodeOf, nowhere } from '../support/node-of.ts';

const known = variables(
  new Map([
    ['pipeline.git.branch', scalarNode('main', nowhere)],
    ['pipeline.parameters.deploy', scalarNode(true, nowhere)],
    ['pipeline.number', scalarNode(7, nowhere)],
    ['parameters.steps', nodeOf(['checkout'])],
  ]),
);

function problemsOf(text: string): readonly Problem[] {
  const report = new Report();
  evaluateText(text, nowhere, { variables: known, report });
  return report.problems;
}

describe('the text of what is wrong with an expression', () => {
  it.each([
    ['an unexpected character', 'a && b', "Unexpected character '&':", '  ^'],
    ['half an operator', 'a = b', 'Incomplete token, expected "==", found \' \':', '   ^'],
    [
      'a number that is too large',
      '9223372036854775808',
      'Invalid numeric literal, numbers can range from 0 to 2^63 - 1:',
      '^',
    ],
    ['a text without end', 'a == "b', 'Unterminated string starting here:', '     ^'],
    ['a pattern without end', 'a matches /b', 'Unterminated pattern starting here:', '          ^'],
    [
      'a pattern character',
      'a matches /ü‰/',
      'Invalid pattern character, only ASCII and Latin-1 are allowed in patterns:',
      '            ^',
    ],
    ['a wrong pattern', 'a matches /(b/', 'Syntax error in pattern:', '          ^'],
    ['a missing operand', 'a == and', 'Expected expression, found "and":', '     ^^^'],
    ['a missing operand at the end', 'a ==', 'Expected expression, found "":', '    ^'],
    ['a missing parenthesis', '(a b', "Expected ')' after expression:", '   ^'],
    ['too much', 'a b', 'Unexpected additional input, found "b", expected EOF:', '  ^'],
    ['an unknown function', 'a mathces b', 'Unknown infix function:', '  ^^^^^^^'],
    ['an unknown variable', 'not nope', 'Referred to a variable "nope" that does not exist:', '    ^^^^'],
    [
      'texts compared',
      'pipeline.git.branch > 3',
      'Expected numeric operands to ">" operator:',
      '                    ^',
    ],
    [
      'a number searched',
      'pipeline.number contains "x"',
      'Expected string operands to "contains" operator:',
      '                ^^^^^^^^',
    ],
    [
      'a text as pattern',
      'pipeline.git.branch matches "x"',
      'Expected the right operand to "matches" operator to be a pattern:',
      '                    ^^^^^^^',
    ],
    [
      'a list',
      'parameters.steps',
      'The value of "parameters.steps" is a list, which has no meaning in an expression:',
      '^^^^^^^^^^^^^^^^',
    ],
  ])('%s', (_, text, message, caret) => {
    expect(problemsOf(text)[0]).toMatchObject({ severity: 'error', message: `${message}\n${text}\n${caret}` });
  });

  it.each([
    ['a blank that looks like one', 'a\u00a0and b', "Unexpected character '\\u00a0':", 'a\u00a0and b\n ^'],
    ['a control character', 'a\u001b[31m', "Unexpected character '\\x1b':", 'a [31m\n ^'],
    ['the end', 'a =', 'Incomplete token, expected "==", found \'\\x00\':', 'a =\n   ^'],
  ])('%s is shown so that it can be seen', (_, text, message, line) => {
    expect(problemsOf(text)[0]?.message).toBe(`${message}\n${line}`);
  });

  it('of a pattern that is too long', () => {
    const text = `a matches /${'x'.repeat(257)}/`;
    expect(problemsOf(text)[0]?.message).toMatch(/^Pattern length exceeded, limit is 256 characters:\n.*\n {10}\^$/);
  });

  it('of parentheses nested too deeply', () => {
    expect(problemsOf('('.repeat(201))[0]?.message).toMatch(/^Parentheses nested more than 200 deep:\n\(+\n {80}\^$/);
  });

  it('shows the line of several that is wrong', () => {
    expect(problemsOf('true and\nnope and\nfalse')[0]?.message).toBe(
      'Referred to a variable "nope" that does not exist:\nnope and\n^^^^',
    );
  });

  it('shows a part of a line without end', () => {
    const [problem] = problemsOf(`${'true and '.repeat(10_000)}nope${' and true'.repeat(10_000)}`);
    expect(problem?.message.split('\n')[1]).toHaveLength(160);
  });

  it('points at the place in a part of a line', () => {
    const [problem] = problemsOf(`${'true and '.repeat(10_000)}nope${' and true'.repeat(10_000)}`);
    const [, line = '', caret = ''] = problem?.message.split('\n') ?? [];
    expect(line.slice(caret.indexOf('^'), caret.length)).toBe('nope');
  });
});

describe('what to do about it', () => {
  it.each([
    ['pipeline.git.brnch == "a"', 'Did you mean pipeline.git.branch?'],
    ['deploy', 'Did you mean pipeline.parameters.deploy?'],
    ['git.branch', 'Did you mean pipeline.git.branch?'],
    ['pipeline.git.branch == master', 'Texts stand in double quotes: "master".'],
    ['pipeline.parameters.something-else', 'Declare it under `parameters` at the top of the config.'],
    [
      'pipeline.trigger_source_of_all',
      'Pipeline values are listed at https://circleci.com/docs/guides/orchestrate/pipeline-variables/.',
    ],
    ['pipeline.git.branch matchs /x/', 'Did you mean matches?'],
    ['pipeline.git.branch resembles /x/', 'Between two values can stand: matches, starts-with, contains.'],
    ["pipeline.git.branch == 'a'", 'Texts stand in double quotes.'],
    ['true && false', 'Write `and`.'],
    ['true || false', 'Write `or`.'],
    ['<< pipeline.number >> == 7', 'Here the whole value is an expression: leave out `<<` and `>>`.'],
    [
      '$CIRCLE_BRANCH == "a"',
      'Environment variables are not known when a config is compiled: use pipeline values and parameters.',
    ],
    ['"a" "b"', 'Put an operator, such as `and`, before it.'],
    [
      '"a" matches /(?!b)/',
      'CircleCI uses RE2, which has no lookahead `(?!…)`: name what you want, or use `not` with a second `matches`, or `ignore` beside `only`.',
    ],
  ])('%s: %s', (text, hint) => {
    expect(problemsOf(text)[0]?.hints).toEqual([hint]);
  });
});

describe('a name that does not exist', () => {
  it('and is not needed is a warning', () => {
    expect(problemsOf('true or pipeline.parameters.nope')).toEqual([
      expect.objectContaining({ severity: 'warning', code: 'unknown-variable' }),
    ]);
  });

  it('and is needed is an error, without a warning', () => {
    expect(problemsOf('false or nope').map(({ severity }) => severity)).toEqual(['error']);
  });
});
