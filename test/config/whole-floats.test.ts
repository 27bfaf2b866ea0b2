import { describe, expect, it } from '@jest/globals';
import { compile } from '../../src/config/compile.ts';
import { renderConfig } from '../../src/config/render/render-config.ts';

/** The lines of the compiled job that hold a value. */
function compiled(value: string, { use = value, type = '' }: { use?: string; type?: string } = {}): string[] {
  const parameters = type === '' ? '' : `parameters: { v: { type: ${type}, default: ${value} } }, `;
  const text = `version: 2.1
commands: { c: { ${parameters}steps: [{ run: { command: a, environment: { V: ${use} } } }] } }
jobs: { build: { docker: [{ image: x }], steps: [c] } }
`;
  const { config, problems } = compile({ name: 'config.yml', text });
  if (!config) return problems.map(({ message }) => message);
  return renderConfig(config)
    .split('\n')
    .filter((line) => line.includes('V:'));
}

describe('a number that is written as a float', () => {
  it.each([
    ['14.0', '14.0'],
    ['1.10', '1.1'],
    ['.5', '0.5'],
    ['-0.0', '-0.0'],
    ['0.0', '0.0'],
    ['1e3', '1000.0'],
    ['10000000.0', '1.0E7'],
    ['1_000.0', '1000.0'],
    ['!!float 3', '3.0'],
    ['14', '14'],
    ['-0', '0'],
  ])('%s is printed as %s', (written, printed) => {
    expect(compiled(written)).toEqual([`          V: ${printed}`]);
  });

  it.each([
    ['14.0', '14.0!'],
    ['1e3', '1000.0!'],
    ['14', '14!'],
  ])('%s is the same inside of text', (written, text) => {
    expect(compiled(written, { type: 'enum, enum: [14.0, 1e3, 14]', use: "'<< parameters.v >>!'" })).toEqual([
      `          V: ${text}`,
    ]);
  });

  it('keeps its point when it comes through a parameter', () => {
    expect(compiled('14.0', { type: 'enum, enum: [14.0]', use: '<< parameters.v >>' })).toEqual(['          V: 14.0']);
  });

  it('is another value than the whole number', () => {
    const [message] = compiled('14', { type: 'enum, enum: [14.0]', use: '<< parameters.v >>' });
    expect(message).toContain('14');
    expect(message).toContain('(type integer)');
  });
});
