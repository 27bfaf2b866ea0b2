import { Report } from '../../../../src/config/problem.ts';
import { readYaml } from '../../../../src/config/yaml/read-yaml.ts';
import { Random } from '../../support/random.ts';
import type { Corpus } from './corpus.ts';
import type { Input } from './input.ts';
import { mutatedText } from './mutate-text.ts';
import { mutatedTree } from './mutate-tree.ts';
import { treeOf, treeText } from './tree.ts';

/** The mutation of a number is always the same, as long as the corpus is. */
export function mutation(number: number, { good, bad, orb }: Corpus): Input {
  const random = new Random(number);
  const text = random.of(random.below(4) > 0 ? good : bad);
  return {
    text: random.below(2) === 0 ? mutatedText(text, random) : withMutatedTree(text, random),
    orbs: { 'aws-deploy/aws-deploy@0.1.0': orb },
  };
}

/** What has no tree is changed as text. */
function withMutatedTree(text: string, random: Random): string {
  const root = readYaml({ name: 'config.yml', text }, new Report());
  return root ? treeText(mutatedTree(treeOf(root), random)) : mutatedText(text, random);
}
