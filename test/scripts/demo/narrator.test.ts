import { describe, expect, it } from '@jest/globals';
import { createNarrator, type Narrator } from '../../../scripts/demo/narrator.ts';

function told(tell: (narrator: Narrator) => void, colours = false): string {
  let text = '';
  tell(createNarrator((part) => (text += part), colours));
  return text;
}

describe('createNarrator', () => {
  it('wraps what it says at 100 columns', () => {
    const text = told((narrator) => narrator.say('word '.repeat(50).trim()));
    const lines = text.split('\n').filter(Boolean);
    expect(lines.map((line) => line.length)).toEqual([99, 99, 49]);
  });

  it('numbers chapters', () => {
    const text = told((narrator) => {
      narrator.chapter('Morning');
      narrator.chapter('Night');
    });
    expect(text.match(/^\d\. \w+$/gm)).toEqual(['1. Morning', '2. Night']);
  });

  it('breaks a command between flags, never between a flag and its value', () => {
    const value = 'x'.repeat(50);
    const text = told((narrator) => narrator.command(['tool', 'do', '--one', value, '--two', value, '--dry-run']));
    expect(text.trim().split('\n')).toEqual([`$ tool do --one ${value} \\`, `    --two ${value} --dry-run`]);
  });

  it('lines up the values of facts', () => {
    const text = told((narrator) =>
      narrator.facts('Now', [
        ['a', '1'],
        ['long', '2'],
      ]),
    );
    expect(text.trim()).toBe('Now\n  a     1\n  long  2');
  });

  it('uses colours only where it is told to', () => {
    const tell = (narrator: Narrator): void => narrator.diff(['- old', '+ new']);
    expect(told(tell)).toBe('    - old\n    + new\n');
    expect(told(tell, true)).toBe('    \u001B[31m- old\u001B[0m\n    \u001B[32m+ new\u001B[0m\n');
  });
});
