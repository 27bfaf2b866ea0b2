import { Budget } from '../../../../src/config/budget.ts';
import type { Library } from '../../../../src/config/library.ts';
import { scalarNode, type Node } from '../../../../src/config/node.ts';
import type { ResolvedOrb } from '../../../../src/config/compile.ts';
import { importOrbs, type Imports, type OrbImports } from '../../../../src/config/orbs/import-orbs.ts';
import { Report } from '../../../../src/config/problem.ts';
import { placeText } from '../../../../src/config/source.ts';
import { variables } from '../../../../src/config/variables.ts';
import { readYaml } from '../../../../src/config/yaml/read-yaml.ts';
import { nowhere } from '../../support/node-of.ts';

export const VALUES = variables(
  new Map(
    Object.entries({
      'pipeline.number': 7,
      'pipeline.parameters.version': '1',
      'pipeline.parameters.orb': 'acme/a@1',
    }).map(([name, value]): [string, Node] => [name, scalarNode(value, nowhere)]),
  ),
);

export interface Outcome extends Imports {
  readonly report: Report;
  /** What was looked for, in order. */
  readonly asked: string[];
}

/** @param orbs texts by the reference that finds them; `1` resolves to `1.0.0` */
export function importAll(
  config: string,
  orbs: Readonly<Record<string, string>> = {},
  options: Partial<OrbImports> = {},
): Outcome {
  const report = new Report();
  const asked: string[] = [];
  const resolve = (reference: string): ResolvedOrb | undefined => {
    asked.push(reference);
    const text = orbs[reference];
    return text === undefined ? undefined : { text, reference: reference.replace(/@1$/, '@1.0.0') };
  };
  const node = readYaml({ name: 'config.yml', text: config }, report);
  const imports = importOrbs(node, {
    variables: VALUES,
    resolve,
    report,
    budget: new Budget(),
    at: nowhere,
    ...options,
  });
  return { ...imports, report, asked };
}

export const COMMAND = 'commands: {go: {steps: [checkout]}}';

export function errors({ report }: Outcome): string[] {
  return report.problems.map(({ at, message, severity }) => `${severity} ${placeText(at)} ${message}`);
}

export function libraryOf({ libraries }: Pick<Imports, 'libraries'>, ...names: readonly string[]): Library | undefined {
  const [first = '', ...rest] = names;
  return rest.reduce<Library | undefined>((library, name) => library?.orbs.get(name), libraries.get(first));
}
