import { compile } from '../../../src/config/compile.ts';
import { packOrb } from '../../../src/config/orbs/packing/pack-orb.ts';
import { Report, type Problem } from '../../../src/config/problem.ts';
import { problemsAsHead } from './case-file.ts';

/** A case whose config is too long for a file that is read. */
export interface LargeCase {
  readonly name: string;
  readonly problems: () => readonly Problem[];
  readonly told: string;
}

const JOBS = `jobs:
  build:
    docker: [{ image: cimg/base:current }]
    steps: [checkout]
workflows:
  main:
    jobs:
      - build
`;

function problemsOf(text: string, pipelineParameters: Record<string, string> = {}): readonly Problem[] {
  return compile({ name: 'config.yml', text }, { pipelineParameters }).problems;
}

function packed(files: Record<string, string>): readonly Problem[] {
  const report = new Report();
  packOrb(new Map(Object.entries(files)), report);
  return report.problems;
}

const names = Array.from({ length: 101 }, (_, index) => `p${index + 1}`);

export const largeCases: readonly LargeCase[] = [
  {
    name: 'a text of more than 8 MB',
    problems: () => problemsOf(`version: 2.1\n# ${'x'.repeat(8 * 1024 * 1024)}\n${JOBS}`),
    told: `# error 1:1 yaml
#   Unable to parse YAML
#   The text is longer than 8388608 characters
# hint CircleCI accepts at most 8 MB of compiled config, and this is more already.
`,
  },
  {
    name: 'orbs in orbs, more than 100 deep',
    problems: () => {
      const resolve = (reference: string) => {
        const next = Number(/\d+/.exec(reference)?.[0]) + 1;
        return { reference, text: `orbs: {next: acme/o${next}@1.0.0}\n` };
      };
      const text = `version: 2.1\norbs: {first: acme/o1@1.0.0}\n${JOBS}`;
      const [problem] = compile({ name: 'config.yml', text }, { resolve }).problems;
      return problem ? [{ ...problem, scopes: [] }] : [];
    },
    told: `# error acme/o100@1.0.0:1:14 orbs-too-deep
#   Orbs import orbs more than 100 deep.
`,
  },
  {
    name: 'more than a thousand errors',
    problems: () => problemsOf(`version: 2.1\n${JOBS}${'      - typo\n'.repeat(1001)}`).slice(1000),
    told: `# error 1010:9 too-many-errors
#   There are more errors than these 1000
# hint Repair the first ones: others may go with them.
`,
  },
  {
    name: 'more than 100 pipeline parameters',
    problems: () =>
      problemsOf(
        `version: 2.1\nparameters:\n${names.map((name) => `  ${name}: {type: string, default: ""}\n`).join('')}${JOBS}`,
        Object.fromEntries(names.map((name) => [name, 'x'])),
      ),
    told: `# error 1:1 pipeline-parameter-limit
#   101 pipeline parameters are given; CircleCI takes at most 100
`,
  },
  {
    name: 'an orb that includes one script again and again',
    problems: () =>
      packed({
        '@orb.yml': 'version: 2.1\n',
        'commands/greet.yml': `steps:\n${'  - run: <<include(scripts/greet.sh)>>\n'.repeat(90)}`,
        'scripts/greet.sh': '# long\n'.repeat(15_000),
      }),
    told: `# error commands/greet.yml:81:10 orb-too-large
#   The packed orb is larger than 8 MB.
# hint Include large scripts in one command only, and call that.
`,
  },
];

export function toldOfLarge({ problems }: LargeCase): string {
  return problemsAsHead(problems());
}
