import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { packedDocument, packOrb } from '../../../../src/config/orbs/packing/pack-orb.ts';
import { member, type Node } from '../../../../src/config/node.ts';
import { Report } from '../../../../src/config/problem.ts';
import { plainValue } from '../../../../src/config/render/plain-value.ts';
import { placeText } from '../../../../src/config/source.ts';
import { readYaml } from '../../../../src/config/yaml/read-yaml.ts';

const ROOT = { '@orb.yml': 'version: 2.1\n' };

function pack(files: Readonly<Record<string, string>>): {
  text: string | undefined;
  problems: string[];
  report: Report;
} {
  const report = new Report();
  const text = packOrb(new Map(Object.entries(files)), report);
  return { text, problems: report.problems.map(({ at, message }) => `${placeText(at)} ${message}`), report };
}

function packedValue(files: Readonly<Record<string, string>>): unknown {
  const { text, problems } = pack(files);
  expect(problems).toEqual([]);
  return plainValue(readYaml({ name: 'packed', text: text ?? '' }, new Report()) as Node);
}

describe('an unpacked orb becomes one document', () => {
  it.each<[string, Record<string, string>, unknown]>([
    ['folders are keys', { 'commands/a.yml': 'steps: [checkout]' }, { commands: { a: { steps: ['checkout'] } } }],
    ['files are keys without their ending', { 'jobs/a.b.yaml': 'x: 1' }, { jobs: { 'a.b': { x: 1 } } }],
    [
      '@files merge into their folder',
      { 'jobs/@all.yml': 'a: {x: 1}\nb: {x: 2}' },
      { jobs: { a: { x: 1 }, b: { x: 2 } } },
    ],
    ['folders in folders are keys too', { 'jobs/a/b.yml': 'x: 1' }, { jobs: { a: { b: { x: 1 } } } }],
    [
      'what the root has of a folder stays',
      { '@orb.yml': 'version: 2.1\njobs: {a: {x: 1}}', 'jobs/b.yml': 'x: 2' },
      { jobs: { a: { x: 1 }, b: { x: 2 } } },
    ],
    ['more @files merge into the root', { '@more.yml': 'description: d' }, { description: 'd' }],
    ['empty files are empty maps', { 'jobs/a.yml': '', 'jobs/b.yml': '# b' }, { jobs: { a: {}, b: {} } }],
    [
      'scripts, dot files and other folders are left out',
      { 'scripts/a.sh': 'ls', '.x.yml': 'x: 1', 'tests/b.yml': 'x: 1', 'jobs/.c.yml': 'x: 1', 'jobs/readme.md': '#' },
      {},
    ],
  ])('%s', (_, files, packed) => {
    expect(packedValue({ ...ROOT, ...files })).toEqual({ version: 2.1, ...(packed as object) });
  });

  it('may have orb.yml as its root', () => {
    expect(packedValue({ 'orb.yml': 'version: 2.1', 'jobs/a.yml': 'x: 1' })).toEqual({
      version: 2.1,
      jobs: { a: { x: 1 } },
    });
  });

  it('has the keys of its root in the order of circleci orb pack, and all others sorted as Go does', () => {
    const { text } = pack({
      '@orb.yml': 'zebra: 1\ndisplay: {source_url: s, home_url: h}\ndescription: d\nversion: 2.1',
      'examples/e.yml': 'usage: {}',
      'jobs/b.yml': 'steps: []\nparameters: {p_x: {}, p10: {}, p9: {}, pa: {}}',
      'jobs/a.yml': 'x: 1',
      'executors/default.yml': 'x: 1',
      'commands/c.yml': 'x: 1',
    });
    expect(text?.match(/^\w+/gm)).toEqual([
      'version',
      'description',
      'display',
      'commands',
      'executors',
      'jobs',
      'examples',
      'zebra',
    ]);
    expect(text?.match(/ [a-z]\w*(?=:)/g)?.join('')).toContain(
      ' home_url source_url c x default x a x b parameters p_x p9 p10 pa steps',
    );
  });

  it('keeps the places of its parts', () => {
    const files = new Map(Object.entries({ ...ROOT, 'jobs/a.yml': 'steps:\n  - checkout' }));
    const document = packedDocument(files, new Report(), 'orb/src');
    const steps = member(member(member(document, 'jobs'), 'a'), 'steps');
    expect(placeText((steps as Node).at)).toBe('orb/src/jobs/a.yml:2:3');
  });

  it('is for our own orb what we publish', () => {
    const folder = join(import.meta.dirname, '../../../../orb/src');
    const paths = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const files = Object.fromEntries(
      paths.map(({ parentPath, name }) => {
        const path = join(parentPath, name);
        return [relative(folder, path), readFileSync(path, 'utf8')];
      }),
    );
    const published = readFileSync(join(folder, '../orb.yml'), 'utf8');
    expect(packedValue(files)).toEqual(
      plainValue(readYaml({ name: 'orb.yml', text: published }, new Report()) as Node),
    );
  });
});

describe('<<include(path)>>', () => {
  const command = (text: string): Record<string, string> => ({
    ...ROOT,
    'commands/a.yml': `steps: [{run: ${JSON.stringify(text)}}]`,
  });
  const scripts = {
    'scripts/a.sh': 'echo a\n',
    'scripts/b-1.sh': 'cat <<EOF\n<< x >>\nEOF\n',
    'scripts/sub/c.sh': 'c',
  };

  it.each([
    ['a whole value', '<<include(scripts/a.sh)>>', 'echo a\n'],
    ['with blanks', '<< include(scripts/a.sh) >>', 'echo a\n'],
    ['several in one text', 'x <<include(scripts/a.sh)>>y <<include(scripts/sub/c.sh)>>', 'x echo a\ny c'],
    ['<< in it is escaped', '<<include(scripts/b-1.sh)>>', 'cat \\<<EOF\n\\<< x >>\nEOF\n'],
    ['with the parenthesis forgotten, as circleci orb pack takes it', '<<include(scripts/a.sh>>', 'echo a\n'],
    ['with dots inside of the folder', '<<include(./scripts/../scripts/a.sh)>>', 'echo a\n'],
    ['with an absolute path, which is in the folder too', '<<include(/scripts/a.sh)>>', 'echo a\n'],
    ['what is no include stays', '<< parameters.include >>', '<< parameters.include >>'],
  ])('%s', (_, text, included) => {
    expect(packedValue({ ...command(text), ...scripts })).toHaveProperty('commands.a.steps', [{ run: included }]);
  });

  it.each(['jobs', 'executors'])('is read in %s', (folder) => {
    const files = { ...ROOT, [`${folder}/a.yml`]: 'x: <<include(scripts/a.sh)>>', ...scripts };
    expect(packedValue(files)).toHaveProperty(`${folder}.a.x`, 'echo a\n');
  });

  it.each<[string, Record<string, string>, string]>([
    ['examples', { 'examples/a.yml': 'x: <<include(scripts/a.sh)>>' }, 'examples.a.x'],
    ['the description', { '@orb.yml': 'description: <<include(scripts/a.sh)>>' }, 'description'],
  ])('is left as it is in %s', (_, files, path) => {
    expect(packedValue({ ...ROOT, ...files, ...scripts })).toHaveProperty(path, '<<include(scripts/a.sh)>>');
  });

  it('of a file that is in @orb.yml itself is relative to it', () => {
    const files = { '@orb.yml': 'commands: {a: {x: <<include(scripts/a.sh)>>}}', ...scripts };
    expect(packedValue(files)).toHaveProperty('commands.a.x', 'echo a\n');
  });

  it.each([
    [
      'a missing file',
      '<<include(scripts/aa.sh)>>',
      'could not open scripts/aa.sh for inclusion',
      'Did you mean scripts/a.sh?',
    ],
    [
      'a missing file that is like no other',
      '<<include(q)>>',
      'could not open q for inclusion',
      'relative to the folder',
    ],
    [
      'a folder',
      '<<include(scripts/sub)>>',
      'could not open scripts/sub for inclusion: it is a folder',
      'a file in it',
    ],
    ['the folder itself', '<<include(.)>>', 'could not open . for inclusion: it is a folder', 'a file in it'],
    [
      'what is outside',
      '<<include(../a.sh)>>',
      "could not open ../a.sh for inclusion: it is outside of the orb's folder",
      'Move the file',
    ],
    [
      'what is outside by a detour',
      '<<include(scripts/../../a.sh)>>',
      "could not open scripts/../../a.sh for inclusion: it is outside of the orb's folder",
      'Move the file',
    ],
  ])('of %s is an error', (_, text, message, hint) => {
    const { report } = pack({ ...command(text), ...scripts });
    expect(report.problems).toEqual([
      expect.objectContaining({ severity: 'error', message, hints: [expect.stringContaining(hint)] }),
    ]);
    expect(placeText(report.problems[0]?.at ?? { source: { name: '', text: '' }, line: 0, column: 0 })).toMatch(
      /^commands\/a\.yml:1:\d+$/,
    );
  });

  it.each([
    ['a path that circleci orb pack does not read', '<<include(my script.sh)>>', 'include-not-read'],
    ['a script that is escaped already', '<<include(e.sh)>>', 'include-already-escaped'],
  ])('of %s is a warning', (_, text, code) => {
    const { report } = pack({ ...command(text), 'e.sh': 'cat \\<<EOF' });
    expect(report.problems).toEqual([expect.objectContaining({ severity: 'warning', code })]);
  });

  it('of one large file again and again ends with an error', () => {
    const files = { ...command('<<include(large)>>'.repeat(100)), large: 'x'.repeat(1024 * 1024) };
    expect(pack(files).report.problems).toEqual([
      expect.objectContaining({ severity: 'error', code: 'orb-too-large' }),
    ]);
  });
});

describe('what can not be packed', () => {
  it.each<[string, Record<string, string>, string]>([
    [
      'a folder without @orb.yml',
      { 'jobs/a.yml': 'x: 1' },
      '@orb.yml:1:1 @orb.yml file not found, are you sure this is the Orb root?',
    ],
    [
      'a file that is no map',
      { ...ROOT, 'jobs/a.yml': '- x' },
      'jobs/a.yml:1:1 A file of an orb must have a YAML map at its root.',
    ],
    [
      'a key that is twice in a file',
      { ...ROOT, 'jobs/a.yml': 'x: 1\ny: 2\nx: 3' },
      [
        'jobs/a.yml:3:1 Unable to parse YAML',
        'while constructing a mapping',
        " in 'string', line 1, column 1:",
        '    x: 1',
        '    ^',
        'found duplicate key x',
        " in 'string', line 3, column 1:",
        '    x: 3',
        '    ^',
      ].join('\n'),
    ],
    [
      'a job in two files',
      { ...ROOT, 'jobs/a.yml': 'x: 1', 'jobs/a.yaml': 'x: 1' },
      'jobs/a.yml:1:1 a is there twice: here and in jobs/a.yaml:1:1.',
    ],
    [
      'a job in the root and in a file',
      { '@orb.yml': 'jobs: {a: {x: 1}}', 'jobs/a.yml': 'x: 1' },
      'jobs/a.yml:1:1 a is there twice: here and in @orb.yml:1:8.',
    ],
    [
      'a key in two @files',
      { ...ROOT, '@other.yml': 'version: 2.1' },
      '@other.yml:1:1 version is there twice: here and in @orb.yml:1:1.',
    ],
  ])('%s', (_, files, message) => {
    expect(pack(files).problems).toEqual([message]);
  });

  it('YAML that is wrong, with its place', () => {
    expect(pack({ ...ROOT, 'jobs/a.yml': 'x: [' }).problems[0]).toMatch(/^jobs\/a\.yml:\d+:\d+ /);
  });

  it('aliases that make a tree without end', () => {
    const levels = Array.from({ length: 40 }, (_, level) => `l${level + 1}: &l${level + 1} [*l${level}, *l${level}]`);
    const files = { ...ROOT, 'jobs/a.yml': ['l0: &l0 x', ...levels].join('\n') };
    expect(pack(files).report.problems).toEqual([
      expect.objectContaining({ severity: 'error', code: 'orb-too-large' }),
    ]);
  });
});

it('warns of a YAML file beside @orb.yml, which older releases of circleci orb pack take', () => {
  expect(pack({ ...ROOT, 'packed.yml': 'x: 1' }).report.problems).toEqual([
    expect.objectContaining({ severity: 'warning', code: 'not-packed' }),
  ]);
});
