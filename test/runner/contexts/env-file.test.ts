import { describe, expect, it } from '@jest/globals';
import { DeployError } from '../../../src/core/errors.ts';
import { readEnvFile } from '../../../src/runner/contexts/env-file.ts';

const read = (text: string): unknown => readEnvFile(text, 'aws.env');

function refusal(text: string): DeployError {
  try {
    read(text);
  } catch (error) {
    if (error instanceof DeployError) return error;
  }
  throw new Error('the file was read');
}

describe('a value', () => {
  it.each([
    ['plain', 'A=b', 'b'],
    ['with signs of equality', 'A=b=c==', 'b=c=='],
    ['with blanks around', '  A =  b c  ', 'b c'],
    ['that is empty', 'A=', ''],
    ['after export', 'export A=b', 'b'],
    ['with a comment', 'A=b c # d', 'b c'],
    ['that is a comment only', 'A= # d', ''],
    ['with a number sign in it', 'A=pa#ss', 'pa#ss'],
    ['with a number sign first', 'A=#pass', '#pass'],
    ['with blanks before its quote', 'A= "b"', 'b'],
    ['with a dollar', 'A=$B${C}', '$B${C}'],
    ['with quotes in it', 'A=b"c\'d', 'b"c\'d'],
    ['with a backslash', String.raw`A=b\nc`, String.raw`b\nc`],
    ['in single quotes', String.raw`A='b\n"$C # d' # e`, String.raw`b\n"$C # d`],
    ['in backticks', 'A=`b\'"c`', 'b\'"c'],
    ['in double quotes', String.raw`A="b\nc\t\"\\n\$\x # d" # e`, 'b\nc\t"\\n$\\x # d'],
    ['of several lines', 'A="b\nc"\n', 'b\nc'],
    ['of several lines as they are', "A='b\n\\nc'\n", 'b\n\\nc'],
    ['JSON', 'A={"b": "c"}', '{"b": "c"}'],
    ['in a file of Windows', '\uFEFFA=b\r\nB=c\r\n', 'b'],
  ])('%s', (_name, text, value) => {
    expect(read(text)).toMatchObject({ A: value });
  });

  it('is of its own line', () => {
    expect(read('# first\n\nA=1\n   # second\nB="2\n3"\nC=\nD=4')).toEqual({ A: '1', B: '2\n3', C: '', D: '4' });
  });
});

describe('a mistake', () => {
  it.each([
    ['a line without a sign of equality', 'A=1\nhunter2', 'aws.env:2: there is no NAME= at its beginning'],
    ['a value without a name', '=hunter2', 'aws.env:1: what stands before = is no name'],
    ['a line of a key', 'hunter2/x==', 'aws.env:1: what stands before = is no name'],
    ['a name with a hyphen', 'MY-VAR=hunter2', 'aws.env:1: what stands before = is no name'],
    ['a name with a digit first', '1A=hunter2', 'aws.env:1: what stands before = is no name'],
    ['a quote that is not closed', 'A=1\nB="hunter2\nC=3', 'aws.env:2: the value of B has no closing "'],
    ['text after a quote', "A='x'hunter2", "aws.env:1: after the closing ' of A there is more"],
    ['a name twice', 'A="1\n2"\nA=hunter2', 'aws.env:3: A is there already, in line 1'],
    ['a NUL', 'A=hunter2\0', 'aws.env:1: the value of A has a NUL character'],
  ])('%s is told with its line and without a value', (_name, text, message) => {
    const { message: told, title, hints, exitCode } = refusal(text);
    expect(told).toContain(message);
    expect(exitCode).toBe(7);
    expect([told, title, ...hints].join('\n')).not.toContain('hunter2');
  });

  it('does not hide the next ones', () => {
    expect(refusal('a b\nA=1\n-=\nB=\n').message.split('\n')).toEqual([
      expect.stringMatching(/^aws\.env:1: /),
      expect.stringMatching(/^aws\.env:3: /),
    ]);
  });
});
