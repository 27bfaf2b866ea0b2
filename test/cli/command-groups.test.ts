import { describe, expect, it } from '@jest/globals';
import type { LocalCommand } from '../../src/cli/local-command.ts';
import { badArgument } from '../../src/core/errors.ts';
import { runCli } from '../support/run-cli.ts';

const paint: LocalCommand = {
  name: 'fence paint',
  summary: 'Paint a fence.',
  operands: [
    { name: 'FENCE', description: 'Which one.' },
    { name: 'COLOR', description: 'Default: white.', optional: true },
  ],
  params: { coats: { type: 'integer', default: 2, description: 'How often.' } },
  async run(flags, world, operands) {
    if (operands[0] === 'broken') throw badArgument('the fence is broken');
    world.stdout(JSON.stringify({ coats: flags['coats'], operands }));
    return 0;
  },
};
const mend: LocalCommand = { ...paint, name: 'fence mend', summary: 'Mend a fence.' };
const local = [paint, mend];

describe('a command of a group', () => {
  it('gets its flags and what stands without one, in order', async () => {
    const { exitCode, stdout } = await runCli(['fence', 'paint', 'north', '--coats', '3', 'red'], { local });
    expect({ exitCode, ...JSON.parse(stdout) }).toEqual({ exitCode: 0, coats: ['3'], operands: ['north', 'red'] });
  });

  it('may leave out what is optional', async () => {
    expect((await runCli(['fence', 'paint', 'north'], { local })).stdout).toBe('{"operands":["north"]}');
  });

  it('has help with its operands, and no result of an action', async () => {
    const { exitCode, stdout } = await runCli(['fence', 'paint', '--help'], { local });
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      [
        'Usage: aws-deploy fence paint FENCE [COLOR] [options]',
        '',
        'Paint a fence.',
        '',
        '  FENCE            Which one.',
        '  COLOR            Default: white.',
        '',
        'Options:',
        '  --coats INTEGER  How often. Default: 2.',
        '',
        'General:',
        '  --debug          Print the stack of an error.',
        '  --help [--all]   This text.',
        '',
      ].join('\n'),
    );
  });

  it.each([
    ['an operand that is missing', ['fence', 'paint'], 'FENCE is missing'],
    ['one too many', ['fence', 'paint', 'a', 'b', 'c'], 'too many arguments'],
    ['an unknown command of the group', ['fence', 'piant', 'a'], "unknown command 'piant'"],
    ['an unknown option', ['fence', 'paint', 'a', '--cots', '3'], "unknown option '--cots'"],
  ])('%s is exit code 2', async (_what, argv, title) => {
    const { exitCode, stdout, stderr } = await runCli(argv, { local });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(title);
  });

  it('prints the stack of its error with --debug only', async () => {
    expect((await runCli(['fence', 'paint', 'broken', '--debug'], { local })).stderr).toContain('\n    at ');
    expect((await runCli(['fence', 'paint', 'broken'], { local })).stderr).not.toContain('\n    at ');
  });
});

describe('a group', () => {
  it.each([[['fence']], [['fence', '--help']], [['help', 'fence']]])('lists its commands: %j', async (argv) => {
    const { exitCode, stdout } = await runCli(argv, { local });
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      [
        'Usage: aws-deploy fence <command> [options]',
        '',
        '  fence paint  Paint a fence.',
        '  fence mend   Mend a fence.',
        '',
        'aws-deploy fence <command> --help shows the options of a command.',
        '',
      ].join('\n'),
    );
  });
});
