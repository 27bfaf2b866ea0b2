import { member, type Node } from '../../../../src/config/node.ts';
import { plainValue } from '../../../../src/config/render/plain-value.ts';
import { jobOf, type Orbs } from '../job-of.ts';

export interface Expanded {
  readonly steps: unknown;
  readonly problems: readonly string[];
}

/** The steps of a job of these steps, in a config of these commands. Places count from the line of `config`. */
export function expand(steps: string, { config = '{}', orbs = {} }: { config?: string; orbs?: Orbs } = {}): Expanded {
  const text = `jobs: {build: {docker: [{image: a}], steps: ${steps}}}\n${config === '{}' ? '' : dedented(config)}`;
  const { job, problems } = jobOf(text, { orbs });
  const scope = "Error calling job: 'build' | ";
  return {
    steps: job && plainValue(member(job, 'steps') as Node),
    problems: problems.map((problem) => problem.replace(scope, '')),
  };
}

export function dedented(text: string): string {
  const lines = text.replace(/^\n/, '').split('\n');
  const indent = /^ */.exec(lines[0] ?? '')?.[0].length ?? 0;
  return lines.map((line) => line.slice(indent)).join('\n');
}

export const run = (command: string) => ({ run: { command } });
