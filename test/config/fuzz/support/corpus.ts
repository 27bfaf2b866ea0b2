import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What is mutated: configs that compile, and those of which each has one error. The former come up more often. */
export interface Corpus {
  readonly good: readonly string[];
  readonly bad: readonly string[];
  /** Our own orb, which the good ones import. */
  readonly orb: string;
}

/** The largest test configs are about limits; changing them takes time and finds nothing. */
const LONGEST = 20_000;

/** @param root of the project */
export function readCorpus(root: string): Corpus {
  const orb = readFileSync(join(root, 'orb/orb.yml'), 'utf8');
  const everything = readFileSync(join(root, 'test/config/fuzz/support/everything.yml'), 'utf8');
  const examples = ['examples', 'orb/src/examples'].flatMap((folder) => yamlFiles(join(root, folder)));
  const [first = ''] = examples;
  return {
    good: [everything, ...examples, withInlineOrb(first, orb)],
    bad: yamlFiles(join(root, 'test/config/errors')),
    orb,
  };
}

function yamlFiles(folder: string): string[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.yml'));
  const texts = paths.toSorted().map((path) => readFileSync(join(folder, path), 'utf8'));
  return texts.filter(({ length }) => length <= LONGEST);
}

function withInlineOrb(config: string, orb: string): string {
  const indented = orb.replace(/^(?=.)/gm, '    ');
  return config.replace(/^orbs:.*(?:\n {2}.*)*$/m, () => `orbs:\n  aws-deploy:\n${indented}`);
}
