import { describe, expect, it } from '@jest/globals';
import { referencePage } from '../../src/docs/reference.ts';
import { EXIT } from '../../src/core/exit-codes.ts';
import type { Action } from '../../src/actions/define-action.ts';
import { INSTALL_ENVIRONMENT } from '../../src/orb/install-command.ts';
import { flagName, orbName, outputVariable } from '../../src/params/names.ts';
import { sources } from '../orb/orb-sources.ts';

const page = referencePage(sources);

/** The part of the page from a heading of the second level to the next. */
function section(heading: string, text = page): string {
  const [, after = ''] = text.split(`\n## ${heading}\n`);
  return after.split('\n## ')[0] ?? '';
}

describe('the reference', () => {
  it.each(sources.catalog.map((action) => [orbName(action.name), action] as const))(
    'tells all of %s',
    (name, action) => {
      const text = section(name);
      const params = Object.entries(action.params);
      const expected = [
        ...params.filter(([, { only }]) => only !== 'cli').map(([param]) => `\`${orbName(param)}\``),
        ...params.filter(([, { only }]) => only !== 'orb').map(([param]) => `\`${flagName(param)}\``),
        ...Object.keys(action.outputs).map((output) => `\`${output}\``),
        ...Object.entries(action.outputs)
          .filter(([, { type }]) => type !== 'json')
          .map(([output]) => `\`${outputVariable(output)}\``),
        ...action.awsCalls.map((call) => `- \`${call}\``),
      ];
      expect(expected.filter((part) => !text.includes(part))).toEqual([]);
    },
  );

  it('links to every action from its index', () => {
    for (const { name } of sources.catalog) expect(page).toContain(`[${orbName(name)}](#${orbName(name)})`);
  });

  it('has one row for each exit code', () => {
    const rows = section('Exit codes')
      .split('\n')
      .filter((line) => /^\| \d+ \|/.test(line));
    expect(rows.map((line) => Number(line.split('|')[1]))).toEqual(Object.values(EXIT));
  });

  it('names the variables of the installation', () => {
    for (const { name } of INSTALL_ENVIRONMENT) expect(section('install')).toContain(`| \`${name}\` |`);
  });

  it('has as many cells in each row of a table as in its heading', () => {
    const cells = (line: string): number => line.replaceAll('\\|', '').split('|').length;
    const tables = page
      .trim()
      .split('\n\n')
      .filter((block) => block.startsWith('| '));
    const uneven = tables.filter((block) => new Set(block.split('\n').map(cells)).size > 1);
    expect(tables.length).toBeGreaterThan(0);
    expect(uneven).toEqual([]);
  });
});

describe('a parameter in the reference', () => {
  const action: Action = {
    name: 'do-it',
    summary: 'Do a|b <c> `d`.',
    params: {
      needed: { type: 'string', required: true, patternHint: 'x/y', description: 'Needed.' },
      count: { type: 'integer', default: 3, min: 1, max: 9, description: 'Count.' },
      atLeast: { type: 'integer', min: 2, description: 'Some.' },
      mode: { type: 'enum', values: ['a', 'b'], default: 'a', description: 'Mode.' },
      token: { type: 'secret', default: 'TOKEN', description: 'Token.' },
      local: { type: 'boolean', default: false, only: 'cli', description: 'Local.' },
      remote: { type: 'string', only: 'orb', description: 'Remote.' },
    },
    outputs: {},
    surfaces: ['orb-command', 'cli'],
    awsCalls: [],
    run: () => Promise.reject(new Error('not run')),
  };
  const text = section('do_it', referencePage({ ...sources, catalog: [action] }));

  it.each([
    ['| `needed` | `--needed` | string | **required** | Needed. Form: x/y. |'],
    ['| `count` | `--count` | integer | `3` | Count. From 1 to 9. |'],
    ['| `at_least` | `--at-least` | integer |  | Some. At least 2. |'],
    ['| `mode` | `--mode` | `a`, `b` | `a` | Mode. |'],
    ['| `token` | `--token` | environment variable name | `TOKEN` | Token. |'],
    ['|  | `--local` | boolean | `false` | Local. |'],
    ['| `remote` |  | string |  | Remote. |'],
  ])('is the row %s', (row) => {
    expect(text).toContain(`${row}\n`);
  });

  it('is text, not markup', () => {
    expect(text).toContain('Do a\\|b &lt;c> \\`d\\`.');
  });
});
