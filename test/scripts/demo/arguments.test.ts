import { describe, expect, it } from '@jest/globals';
import { parseArguments, TITLES, USAGE } from '../../../scripts/demo/arguments.ts';

describe('the arguments of the demo', () => {
  it.each([
    [[], { story: 'batch', withDocker: false }],
    [['batch'], { story: 'batch', withDocker: false }],
    [['--docker'], { story: 'batch', withDocker: true }],
    [['ecs'], { story: 'ecs', withDocker: false }],
    [['ecs', '--help'], 'help'],
    [['-h'], 'help'],
  ])('%j ask for %j', (args, expected) => {
    expect(parseArguments(args)).toEqual(expected);
  });

  it.each([
    [['esc'], 'the demo has no story esc, only batch and ecs'],
    [['constructor'], 'the demo has no story constructor, only batch and ecs'],
    [['batch', 'ecs'], 'the demo tells one story at a time: batch and ecs'],
    [['--dokcer'], 'the demo does not know --dokcer'],
    [['ecs', '--docker'], 'the story ecs builds with the embedded builder only'],
  ])('%j are refused', (args, problem) => {
    expect(parseArguments(args)).toEqual({ problem });
  });

  it.each(Object.keys(TITLES))('the usage says what the story %s is about', (name) => {
    expect(USAGE).toMatch(new RegExp(`^ {2}${name} {2,}\\S`, 'm'));
  });
});
