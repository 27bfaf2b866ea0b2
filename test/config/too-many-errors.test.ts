import { describe, expect, it } from '@jest/globals';
import { compile } from '../../src/config/compile.ts';

function problemsOf(text: string) {
  return compile({ name: 'config.yml', text }).problems;
}

function withErrors(count: number): string {
  const steps = Array.from({ length: count }, (_, index) => `missing-${index}`);
  return `version: 2.1\njobs: {build: {docker: [image: cimg/base:current], steps: [${steps.join(', ')}]}}`;
}

describe('a config with more than a thousand errors', () => {
  it('is told the first thousand, and that there are more', () => {
    const codes = problemsOf(withErrors(1500)).map(({ code }) => code);
    expect(codes).toEqual([...Array<string>(1000).fill('unknown-command'), 'too-many-errors']);
  });

  it('is told a thousand if these are all', () => {
    expect(problemsOf(withErrors(1000)).at(-1)?.code).toBe('unknown-command');
  });

  it('compiles if they are warnings, of which it is told a thousand', () => {
    const keys = Array.from({ length: 1500 }, (_, index) => `x-${index}: 1`).join('\n');
    const { config, problems } = compile({
      name: 'config.yml',
      text: `version: 2.1\n${keys}\njobs: {build: {docker: [image: cimg/base:current], steps: [checkout]}}`,
    });
    expect(config).toBeDefined();
    expect(problems).toHaveLength(1000);
  });
});
