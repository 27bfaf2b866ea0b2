import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const contributing = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
const packageJson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string;
  repository: { url: string };
  circleci: { orb: string };
  scripts: Record<string, string>;
  devDependencies: Record<string, string>;
  dependencies?: Record<string, string>;
};

interface OrbPart {
  parameters?: Record<string, { default?: unknown }>;
}
const orb = parse(readFileSync(join(root, 'orb/orb.yml'), 'utf8')) as {
  commands: Record<string, OrbPart>;
  jobs: Record<string, OrbPart>;
};

function fenced(language: string): string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, text = '']) => text,
  );
}

interface Config {
  orbs: Record<string, string>;
  workflows: Record<string, { jobs: Record<string, Record<string, unknown>>[] }>;
}

describe('the config in README.md', () => {
  const [text = ''] = fenced('yaml');
  const config = parse(text) as Config;
  const [job] = config.workflows['release']?.jobs ?? [];
  const given = job?.['aws-deploy/release_batch_job'] ?? {};

  it('has 15 lines at most', () => {
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(15);
  });

  it('is the one of the sample project, to the letter', () => {
    expect(text).toBe(readFileSync(join(root, 'examples/nightly-batch/.circleci/config.yml'), 'utf8'));
  });

  it('imports this version of the orb', () => {
    expect(config.orbs['aws-deploy']).toBe(`${packageJson.circleci.orb}@${packageJson.version}`);
  });

  it('gives the job only parameters that it has', () => {
    const known = [...Object.keys(orb.jobs['release_batch_job']?.parameters ?? {}), 'filters', 'context', 'requires'];
    expect(Object.keys(given).filter((name) => !known.includes(name))).toEqual([]);
  });

  it('gives assume_role only parameters that it has, the role among them', () => {
    const [step] = given['auth'] as Record<string, Record<string, unknown>>[];
    const parameters = step?.['aws-deploy/assume_role'] ?? {};
    expect(Object.keys(orb.commands['assume_role']?.parameters ?? {})).toEqual(
      expect.arrayContaining(Object.keys(parameters)),
    );
    expect(parameters).toHaveProperty('role_arn');
  });
});

describe('what README.md promises', () => {
  it('lists every job and command of the orb', () => {
    const listed = [...readme.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
    expect(new Set(listed)).toEqual(new Set([...Object.keys(orb.commands), ...Object.keys(orb.jobs)]));
  });

  it.each([...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path = '']) => path))(
    'links to %s, which is there',
    (path) => {
      expect(existsSync(join(root, path))).toBe(true);
    },
  );

  it.each(['demo', 'test'])('has one command from a fresh clone for npm run %s', (script) => {
    const clone = packageJson.repository.url.replace('git+', '').replace(/\.git$/, '');
    const command = script === 'test' ? 'npm test' : `npm run ${script}`;
    expect(fenced('sh')).toContain(`git clone ${clone} && cd aws-deploy-orb && npm ci && ${command}\n`);
    expect(packageJson.scripts).toHaveProperty(script);
  });
});

describe('CONTRIBUTING.md', () => {
  const named = [...contributing.matchAll(/^\| (`.*?) *\| /gm)].flatMap(([, cell = '']) => names(cell));

  it.each(Object.keys(packageJson.devDependencies))('says why %s is here', (name) => {
    expect(named).toContain(name);
  });

  it('is right that nothing is installed with what is published', () => {
    expect(packageJson.dependencies).toBeUndefined();
  });
});

/** The names in a cell: "`@aws-sdk/client-batch`, `-ecr`" has two. */
function names(cell: string): string[] {
  const [first = '', ...rest] = [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
  const stem = first.slice(0, first.lastIndexOf('-'));
  return [first, ...rest.map((name) => (name.startsWith('-') ? stem + name : name))];
}
