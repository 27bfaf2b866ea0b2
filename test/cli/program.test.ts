import { describe, expect, it } from '@jest/globals';
import { catalog } from '../../src/actions/catalog.ts';
import { overviewText } from '../../src/cli/help-text.ts';
import { localAwsCommand } from '../../src/cli/local-aws-command.ts';
import { runCli } from '../support/run-cli.ts';

const OVERVIEW = overviewText(catalog, [localAwsCommand]);

describe('help and version go to stdout, with exit code 0', () => {
  it.each([[[]], [['--help']], [['-h']], [['help']]])('the overview: %j', async (argv) => {
    expect(await runCli(argv)).toEqual({ exitCode: 0, stdout: OVERVIEW, stderr: '' });
  });

  it.each([...catalog, localAwsCommand].map(({ name }) => name))('%s --help', async (name) => {
    const { exitCode, stdout, stderr } = await runCli([name, '--help']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain(`Usage: aws-deploy ${name} [options]`);
  });

  it('help of a command, the other way round', async () => {
    expect(await runCli(['help', 'upload-script'])).toEqual(await runCli(['upload-script', '--help']));
  });

  it('help wins over wrong values', async () => {
    expect((await runCli(['upload-script', '--help', '--script', ''])).exitCode).toBe(0);
  });

  it.each(['--version', '-V'])('%s', async (flag) => {
    const { exitCode, stdout, stderr } = await runCli([flag]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\S*\n$/);
  });
});

describe('a wrong command line is exit code 2, told on stderr', () => {
  it.each([
    ['an unknown command', ['deploy'], "unknown command 'deploy'"],
    ['an unknown option', ['upload-script', '--colour', 'red'], "unknown option '--colour'"],
    ['an unknown option before the command', ['--colour'], "unknown option '--colour'"],
    ['an option without its value', ['upload-script', '--script'], "option '--script <path>' argument missing"],
    ['an argument too many', ['upload-script', 'x'], 'too many arguments'],
    [
      'an output format that there is not',
      ['upload-script', '--output', 'xml'],
      '--output must be text or json (got: "xml")',
    ],
    ['a missing parameter', ['upload-script', '--script', 'x'], '--script-destination is required'],
    [
      'a wrong value',
      ['upload-script', '--script', 'x', '--script-destination', 'bucket'],
      '--script-destination must be s3://bucket/prefix (got: "bucket")',
    ],
    ['neither file nor name', ['register-job-definition'], 'neither job_definition nor job_definition_name is given'],
  ])('%s', async (_what, argv, title) => {
    const { exitCode, stdout, stderr } = await runCli(argv, { env: { HOME: '/nonexistent' } });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^error: /);
    expect(stderr).toContain(title);
    expect(stderr).not.toContain('    at ');
  });

  it.each([
    ['a command', ['upload-scrip'], 'Did you mean upload-script?'],
    ['an option', ['register-job-definition', '--imgae', 'x'], 'Did you mean --image?'],
  ])('with the nearest name of %s', async (_what, argv, suggestion) => {
    expect((await runCli(argv)).stderr).toContain(suggestion);
  });

  it('names every problem at once', async () => {
    const { stderr } = await runCli(['register-job-definition', '--retry', '0', '--timeout', 'soon'], {
      env: { HOME: '/nonexistent' },
    });
    expect(stderr).toContain('--retry must be');
    expect(stderr).toContain('--timeout must be');
  });

  it('prints no secret that was typed in the wrong place', async () => {
    const { stderr } = await runCli(['hunter22-secret'], { env: { DB_PASSWORD: 'hunter22-secret' } });
    expect(stderr).toContain('unknown command');
    expect(stderr).not.toContain('hunter22');
  });
});
