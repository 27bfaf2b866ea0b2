import { describe, expect, it } from '@jest/globals';
import { catalog } from '../../src/actions/catalog.ts';
import { commandText, overviewText } from '../../src/cli/help-text.ts';
import { flagName, orbVariable } from '../../src/params/names.ts';

const words = (text: string): string => text.replaceAll(/\s+/g, ' ');

describe.each(catalog.map((action) => [action.name, action] as const))('%s --help', (_name, action) => {
  const offered = Object.entries(action.params).filter(([, param]) => param.only !== 'orb');

  it('fits on a screen: at most 60 lines of at most 100 characters', () => {
    const lines = commandText(action, false).trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(60);
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
  });

  it('has every option that is not advanced, with its description', () => {
    const text = commandText(action, false);
    for (const [name, param] of offered.filter(([, { advanced }]) => !advanced)) {
      expect(text).toMatch(new RegExp(`^  ${flagName(name)}( |$)`, 'm'));
      expect(words(text)).toContain(words(param.description));
    }
  });

  it('with --all has every option, its description and its variable in the orb', () => {
    const text = words(commandText(action, true));
    for (const [name, param] of offered) {
      expect(text).toContain(` ${flagName(name)} `);
      expect(text).toContain(words(param.description));
      if (param.only !== 'cli') expect(text).toContain(`In the orb: ${orbVariable(name)}.`);
    }
  });
});

describe('commandText', () => {
  const command = {
    name: 'paint',
    summary: 'Paint a fence.',
    details: ['It dries by itself.'],
    params: {
      fence: { type: 'string', required: true, description: 'Which one.' },
      color: { type: 'enum', values: ['red', 'green'], default: 'red', description: 'The colour.' },
      coats: { type: 'integer', default: 2, advanced: true, description: 'How often.' },
      place: { type: 'path', default: '.', advanced: true, description: 'Where it stands.' },
      marks: { type: 'map', description: 'What to write on it.' },
      dryRun: { type: 'boolean', default: false, description: 'Only look.' },
      inOrb: { type: 'string', only: 'orb', description: 'Not here.' },
    },
  } as const;

  it('groups the options, says defaults and counts what it does not show', () => {
    expect(commandText(command, false)).toBe(
      [
        'Usage: aws-deploy paint [options]',
        '',
        'Paint a fence.',
        '',
        'Required:',
        '  --fence STRING      Which one.',
        '',
        'Options:',
        '  --color red|green   The colour. Default: red.',
        '  --marks KEY=VALUE   What to write on it. May be repeated.',
        '  --dry-run           Only look.',
        '',
        'General:',
        '  --output text|json  The result as text, or as one JSON object. Default: text.',
        '  --debug             Print the stack of an error.',
        '  --help [--all]      This text, or all of it: 2 more options.',
        '',
      ].join('\n'),
    );
  });

  it('with all shows details and advanced options', () => {
    const text = commandText(command, true);
    expect(text).toContain('It dries by itself.');
    expect(text).toContain('--coats INTEGER');
    expect(text).toContain('Where it stands. Default: the working directory.');
    expect(text).not.toContain('--in-orb');
  });
});

it('the overview lists every command with its summary', () => {
  const text = words(overviewText(catalog, []));
  for (const { name, summary } of catalog) expect(text).toContain(`${name} ${words(summary)}`);
  expect(text).not.toContain('On this machine');
});
