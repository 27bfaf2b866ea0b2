import { parse } from 'yaml';

/** The rules of `orb-tools/review` 12 that need no network, over the unpacked tree: text by path. */

type Tree = ReadonlyMap<string, string>;
type Element = { path: string; name: string; body: Record<string, unknown> };

const COMPONENTS = ['jobs', 'commands', 'executors'];

/** Each rule gives what it objects to; an empty list is a pass. */
export const REVIEW_RULES: Record<string, (tree: Tree, major: string) => string[]> = {
  'RC001 source_url is given': (tree) => (display(tree)['source_url'] === undefined ? ['@orb.yml'] : []),
  'RC002 every element has a description': (tree) =>
    elements(tree, [...COMPONENTS, 'examples'])
      .filter(({ body }) => typeof body['description'] !== 'string' || body['description'] === '')
      .map(({ path }) => path),
  'RC003 there is a usage example': (tree) => (elements(tree, ['examples']).length === 0 ? ['examples/'] : []),
  'RC004 names of examples say more than "example"': (tree) =>
    elements(tree, ['examples'])
      .filter(({ name }) => name.includes('example'))
      .map(({ path }) => path),
  'RC005 the orb has a detailed description': (tree) =>
    String(orb(tree)['description'] ?? '').length < 64 ? ['@orb.yml'] : [],
  'RC006 source_url has the shape of a URL': (tree) => (isUrl(display(tree)['source_url']) ? [] : ['@orb.yml']),
  'RC007 home_url has the shape of a URL': (tree) => (isUrl(display(tree)['home_url']) ? [] : ['@orb.yml']),
  'RC008 every run step has a name': (tree) =>
    runSteps(tree)
      .filter(({ run }) => typeof run !== 'object' || run === null || !('name' in run) || run.name === '')
      .map(({ path }) => path),
  'RC009 long commands are included': (tree) =>
    runSteps(tree)
      .map(({ path, run }) => ({ path, command: String((run as { command?: unknown }).command) }))
      .filter(({ command }) => command.length > 64 && !command.startsWith('<<include('))
      .map(({ path }) => path),
  'RC010 names are snake_case': (tree) =>
    elements(tree, COMPONENTS).flatMap(({ path, name, body }) =>
      [name, ...Object.keys(body['parameters'] ?? {})]
        .filter((word) => word.includes('-'))
        .map((word) => `${path}: ${word}`),
    ),
  'RC011 examples show the current major version': (tree, major) =>
    elements(tree, ['examples'])
      .filter(
        ({ body }) => majorOf((body['usage'] as { orbs?: Record<string, string> }).orbs?.['aws-deploy']) !== major,
      )
      .map(({ path }) => path),
  'RC012 no default is an environment variable that is used in a key': (tree) =>
    elements(tree, COMPONENTS).flatMap(({ path, body }) =>
      Object.entries((body['parameters'] ?? {}) as Record<string, { default?: unknown }>)
        .filter(([name, { default: value }]) => /\$./.test(String(value)) && usedInKey(body, name))
        .map(([name]) => `${path}: ${name}`),
    ),
};

function orb(tree: Tree): Record<string, unknown> {
  return parse(tree.get('@orb.yml') ?? '') as Record<string, unknown>;
}

function display(tree: Tree): Record<string, unknown> {
  return (orb(tree)['display'] ?? {}) as Record<string, unknown>;
}

function isUrl(value: unknown): boolean {
  return typeof value === 'string' && URL.canParse(value) && value.startsWith('https://');
}

function majorOf(reference: string | undefined): string | undefined {
  return reference?.split('@')[1]?.split('.')[0];
}

function elements(tree: Tree, folders: readonly string[]): Element[] {
  return [...tree].flatMap(([path, text]) => {
    const [, folder, name] = /^(\w+)\/(.+)\.yml$/.exec(path) ?? [];
    if (folder === undefined || name === undefined || !folders.includes(folder)) return [];
    return [{ path, name, body: parse(text) as Record<string, unknown> }];
  });
}

/** What follows `run:`, wherever it is, also in conditional steps. */
function runSteps(tree: Tree): { path: string; run: unknown }[] {
  return elements(tree, ['jobs', 'commands']).flatMap(({ path, body }) =>
    pairs(body['steps'])
      .filter(([key]) => key === 'run')
      .map(([, run]) => ({ path, run })),
  );
}

function usedInKey(body: Record<string, unknown>, parameter: string): boolean {
  return pairs(body).some(([key, value]) => key.endsWith('key') && String(value).includes(`parameters.${parameter}`));
}

/** Every key with its value, at any depth. */
function pairs(value: unknown): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [];
  const own: [string, unknown][] = Array.isArray(value) ? [] : Object.entries(value);
  return [...own, ...Object.values(value).flatMap(pairs)];
}
