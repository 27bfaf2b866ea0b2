import { describe, expect, it } from '@jest/globals';
import { variablesAssigned, variablesExpanded, variablesRead } from '../../src/core/shell-variables.ts';

const readBy = (script: string): string[] =>
  variablesRead(script).map(({ name, hasDefault }) => (hasDefault ? `${name}?` : name));

describe('a script reads', () => {
  it.each([
    ['$A', ['A']],
    ['${A}', ['A']],
    ['"$A"', ['A']],
    ['a$A.b', ['A']],
    ['${#A}', ['A']],
    ['${!A}', ['A']],
    ['${A%%.*}', ['A']],
    ['${A:0:2}', ['A']],
    ['${A[0]}', ['A']],
    ['${A:?message}', ['A']],
    ['${A:-b}', ['A?']],
    ['${A-$B}', ['A?', 'B']],
    ['${A:+b}', ['A?']],
    ['${A:=b}', ['A?']],
    ['$(echo $A) $B', ['A', 'B']],
    ['"$(echo \'$A\' "$B" (c))" $C', ['B', 'C']],
    ['`echo $A` $B', ['A', 'B']],
    ['"`echo $A`" $B', ['A', 'B']],
    ['$((1 + $A))', ['A']],
    ['a#$A', ['A']],
    ['cat <<< "$A"', ['A']],
    ["cat <<END\ndon't $A\nEND\n$B", ['A', 'B']],
    ["cat <<-END\n\t$A\n\tEND\necho '$B'", ['A']],
    ['cat <<A <<"B"\n$C\nA\n$D\nB\n$E', ['C', 'E']],
    ["cat <<'E(F'\n$C\nE(F\n$D", ['D']],
    ['cat <<E\n$A', ['A']],
  ])('%j', (script, names) => {
    expect(readBy(script)).toEqual(names);
  });

  it.each([
    ["'$A'"],
    ["$'it\\'s $A'"],
    ['\\$A'],
    ['"\\$A"'],
    ['$$A'],
    ['# $A'],
    ['true # $A'],
    ["true;# don't\n'$A'"],
    ["cat <<'END'\n$A\nEND"],
    ['cat <<"END"\n$A\nEND'],
    ['cat <<\\END\n$A\nEND'],
    ['$1 $@ $? $# $! $- ${1} ${@}'],
    ['$'],
    ["'$A"],
  ])('nothing in %j', (script) => {
    expect(readBy(script)).toEqual([]);
  });

  it('and no more where substitutions are in each other without end', () => {
    expect(readBy(`$A ${'"$('.repeat(100_000)} $B`)).toEqual(['A']);
  });

  it('also what is not closed', () => {
    expect(readBy('"${A:-"$(echo $B')).toEqual(['A?', 'B']);
  });
});

it.each([
  ["it's $A", ['A']],
  ['# ${B}', ['B']],
  ['\\$C', []],
])('a text that is expanded by others uses %j', (text, names) => {
  expect(variablesExpanded(text).map(({ name }) => name)).toEqual(names);
});

describe('a script gives values', () => {
  it.each([
    ['A=1', ['A']],
    ['export A=1 B=2', ['A', 'B']],
    ['A+=1; B[2]=3', ['A', 'B']],
    ['(A=1)', ['A']],
    [`echo 'export A="$B"' >> "$BASH_ENV"`, ['A']],
    ['for A in 1 2; do', ['A']],
    ['read -r A B <<< x', ['A', 'B']],
    ['while read A; do', ['A']],
    ['mapfile -t A < file', ['A']],
    ['getopts ab: A', ['A']],
    ['printf -v A %s x', ['A']],
  ])('%j', (script, names) => {
    expect([...variablesAssigned(script)]).toEqual(names);
  });

  it.each([['A=${A:-1}'], ['A="$A"'], ['--build-arg A=$A'], ['--a-b=c'], ['${A=1}'], ['[ $A == 1 ]']])(
    'and none in %j',
    (script) => {
      expect([...variablesAssigned(script)]).toEqual([]);
    },
  );
});
