import { describe, expect, it } from '@jest/globals';
import { substituteVariables } from '../../../../src/runner/tools/commands/substitute-variables.ts';

const ENV = { BAR: 'bar', FOO: 'foo', EMPTY: '', _UNDER: 'under', ÜBER: 'über', DOLLAR: '$BAR' };

describe('substituteVariables', () => {
  it.each([
    ['', ''],
    ['no variables\n', 'no variables\n'],
    ['$BAR', 'bar'],
    ['${BAR}baz', 'barbaz'],
    ['$BAR$FOO', 'barfoo'],
    ['$BAR-$FOO.', 'bar-foo.'],
    ['$NOTSET and ${NOTSET}.', ' and .'],
    ['$_UNDER $ÜBER', 'under über'],
    ['{"a": "$BAR"}\nb: ${FOO}\n', '{"a": "bar"}\nb: foo\n'],
    ['$1 ${2}', ' '],
  ])('puts in values: %j', (text, expected) => {
    expect(substituteVariables(text, ENV)).toBe(expected);
  });

  it.each([
    ['${NOTSET-x}', 'x'],
    ['${NOTSET=x}', 'x'],
    ['${NOTSET:-x}', 'x'],
    ['${NOTSET:=x}', 'x'],
    ['${EMPTY-x}', ''],
    ['${EMPTY=x}', ''],
    ['${EMPTY:-x}', 'x'],
    ['${EMPTY:=x}', 'x'],
    ['${BAR:-x}', 'bar'],
    ['${BAR+x}', 'x'],
    ['${EMPTY:+x}', 'x'],
    ['${NOTSET+x}', ''],
    ['${NOTSET:+x}', ''],
    ['${NOTSET:-$BAR}', 'bar'],
    ['${NOTSET:-$ALSO_NOTSET}', ''],
    ['${NOTSET:-http://localhost:8080/a_b c}', 'http://localhost:8080/a_b c'],
    ['${NOTSET:-}', ''],
  ])('replaces what is not there: %j', (text, expected) => {
    expect(substituteVariables(text, ENV)).toBe(expected);
  });

  it.each([
    ['costs 5$ or $', 'costs 5$ or $'],
    ['$(date) $- $.', '$(date) $- $.'],
    ['$$BAR', '$BAR'],
    ['$${BAR}', '${BAR}'],
    ['$$$BAR', '$bar'],
    ['$$$${BAR}', '$${BAR}'],
    ['$_ x', '$_ x'],
    ['${}', '${}'],
    ['${_} x', '${_} x'],
    ['\\$BAR', '\\bar'],
  ])('leaves %j as %j', (text, expected) => {
    expect(substituteVariables(text, ENV)).toBe(expected);
  });

  it.each([
    ['an operator of a shell is skipped', '${BAR:?must be set} ${NOTSET:?must be set}.', 'bar .'],
    ['nothing is cut off', '${BAR%r} ${BAR#b} ${BAR^^}', 'bar bar bar'],
    ['nothing nests', '${NOTSET:-${BAR}}', '}'],
    ['what is put in is not read again', '$DOLLAR ${NOTSET:-$DOLLAR}', '$BAR $BAR'],
    ['a replacement after a variable wins', '${NOTSET:-$BAR-x}', 'x'],
    ['names of objects are no variables', '$constructor $__proto__', ' '],
  ])('is as odd as the original: %s', (_case, text, expected) => {
    expect(substituteVariables(text, ENV)).toBe(expected);
  });

  it.each(['${', '${BAR', '${BAR:-x', 'a ${BAR\n}', '${BAR:-a\nb}', '${A:-$_}'])(
    'a brace must be closed on its line: %j',
    (text) => {
      expect(() => substituteVariables(text, ENV)).toThrow('closing brace expected');
    },
  );
});
