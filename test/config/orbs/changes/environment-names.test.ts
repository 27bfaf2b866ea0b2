import { describe, expect, it } from '@jest/globals';
import { environmentNames } from '../../../../src/config/orbs/changes/environment-names.ts';
import type { JsonValue } from '../../../../src/core/json.ts';
import { nodeOf } from '../../support/node-of.ts';

function namesIn(element: JsonValue): string[] {
  return [...environmentNames(nodeOf(element))];
}

describe('variables that a script reads', () => {
  it.each<[string, string, string[]]>([
    ['$NAME and ${NAME}', 'echo $ONE "${TWO}" ${THREE:-x} ${#FOUR} ${!FIVE}', ['ONE', 'TWO', 'THREE', 'FOUR', 'FIVE']],
    ['not those of small letters, which scripts use inside', 'a=1; echo $a', []],
    ['not those that it sets', 'ONE=1\nexport TWO=$(date); THREE+=x\necho $ONE $TWO $THREE', []],
    ['but those that it sets from themselves', 'ONE=${ONE:-x}; TWO="$TWO"', ['ONE', 'TWO']],
    ['not those of a loop', 'for ONE in a b; do read -r TWO; echo $ONE $TWO; done', []],
    ['not those that every job has', 'echo $CIRCLE_SHA1 $CI $HOME $PATH $BASH_ENV', []],
    ['not what is escaped', 'echo \\$ONE \\${TWO} $$THREE', []],
    ['not what is in single quotes or a comment', "echo '$ONE' # $TWO", []],
    ['not what a parameter makes a part of a name', 'echo $<< parameters.prefix >>_TOKEN', []],
    ['also what is behind the tag of a parameter', "run << parameters.flags >> '$ONE' $TWO", ['TWO']],
    ['not what is printed as its value', 'echo ONE; TWO', []],
  ])('%s', (_, script, names) => {
    expect(namesIn({ steps: [{ run: script }] })).toEqual(names);
    expect(namesIn({ steps: [{ run: { command: script } }] })).toEqual(names);
  });

  it('are not those that the orb gives it', () => {
    const run = { command: 'echo $ONE $TWO $THREE $FOUR', environment: { ONE: '1' } };
    expect(namesIn({ environment: [{ TWO: '2' }], steps: [{ when: { condition: true, steps: [{ run }] } }] })).toEqual([
      'THREE',
      'FOUR',
    ]);
  });

  it('are looked for in scripts only', () => {
    expect(
      namesIn({
        description: '$ONE',
        parameters: { a: { default: '$TWO' } },
        steps: [{ run: { name: '$THREE', command: 'x' } }],
      }),
    ).toEqual([]);
  });
});
