import { Report } from '../../../../src/config/problem.ts';
import { checkConfigShape } from '../../../../src/config/shape/check-config-shape.ts';
import { readYaml } from '../../../../src/config/yaml/read-yaml.ts';
import { errorTexts, warningTexts } from '../../support/problems.ts';

export function check(text: string, how: typeof checkConfigShape = checkConfigShape) {
  const report = new Report();
  const root = readYaml({ name: 'config.yml', text }, report);
  if (root === undefined) throw new Error(JSON.stringify(report.problems.map(({ message }) => message)));
  how(root, report);
  return { report, errors: errorTexts(report), warnings: warningTexts(report) };
}

/** A config with one job, whose steps are given. */
export function withSteps(steps: string): string {
  const lines = steps.split('\n').map((line) => `      ${line}`);
  return `version: 2.1\njobs:\n  build:\n    docker: [{image: a}]\n    steps:\n${lines.join('\n')}\n`;
}

export function inFile(message: string): string {
  return `ERROR IN CONFIG FILE:\n${message}`;
}
