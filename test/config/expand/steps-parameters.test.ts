import { describe, expect, it } from '@jest/globals';
import { orbOf } from './job-of.ts';
import { expand, run } from './support/expanded.ts';

describe('a steps parameter', () => {
  const wrap = `
    commands:
      wrap:
        parameters: {inside: {type: steps, default: []}}
        steps:
          - run: before
          - steps: << parameters.inside >>
          - run: after
      hello: {steps: [run: hello]}
  `;

  it('is put between the other steps', () => {
    expect(expand('[wrap: {inside: [checkout, run: x]}]', { config: wrap })).toEqual({
      steps: [run('before'), 'checkout', run('x'), run('after')],
      problems: [],
    });
  });

  it('may be empty', () => {
    expect(expand('[wrap]', { config: wrap }).steps).toEqual([run('before'), run('after')]);
  });

  it('may be the steps of a condition, or the whole steps of a command', () => {
    const config = `
      commands:
        maybe:
          parameters: {do: {type: boolean}, inside: {type: steps}}
          steps: [when: {condition: << parameters.do >>, steps: << parameters.inside >>}]
        all:
          parameters: {inside: {type: steps}}
          steps: << parameters.inside >>
        item:
          parameters: {inside: {type: steps}}
          steps: [checkout, << parameters.inside >>]
    `;
    const steps =
      '[maybe: {do: true, inside: [run: a]}, maybe: {do: false, inside: [run: b]}, all: {inside: [run: c]}, item: {inside: [run: d]}]';
    expect(expand(steps, { config })).toEqual({ steps: [run('a'), run('c'), 'checkout', run('d')], problems: [] });
  });

  it('means the commands of whom it is from, also when it is handed on', () => {
    const inner = orbOf(
      `
      commands:
        do:
          parameters: {inside: {type: steps}}
          steps: [steps: << parameters.inside >>, hello]
        hello: {steps: [run: inner]}
      `,
      { reference: 'acme/inner@1.0.0' },
    );
    const outer = orbOf(
      `
      commands:
        do:
          parameters: {inside: {type: steps, default: [hello]}}
          steps: [inner/do: {inside: << parameters.inside >>}, inner/do: {inside: [hello, steps: << parameters.inside >>]}]
        hello: {steps: [run: outer]}
      `,
      { reference: 'acme/outer@1.0.0', orbs: { inner } },
    );
    const given = expand('[outer/do: {inside: [hello]}]', { config: wrap, orbs: { outer } });
    expect(given).toEqual({
      steps: ['hello', 'inner', 'outer', 'hello', 'inner'].map(run),
      problems: [],
    });
    const byDefault = expand('[outer/do]', { config: wrap, orbs: { outer } });
    expect(byDefault.steps).toEqual(['outer', 'inner', 'outer', 'outer', 'inner'].map(run));
  });

  it('has its templates replaced where it is from, and only once', () => {
    const config = `
      commands:
        outer:
          parameters: {x: {type: string}}
          steps:
            - inner:
                inside:
                  - run: echo << parameters.x >> \\<< parameters.x >>
        inner:
          parameters: {x: {type: string, default: inner}, inside: {type: steps}}
          steps: << parameters.inside >>
    `;
    expect(expand('[outer: {x: a}]', { config })).toEqual({ steps: [run('echo a << parameters.x >>')], problems: [] });
  });

  it('with an unknown command is an error of the call that it is written in', () => {
    expect(expand('[wrap: {inside: [nope]}]', { config: wrap }).problems).toEqual([
      "config.yml:1:62 | Error calling command: 'wrap' | Cannot find a definition for command named nope",
    ]);
  });

  it('may hold the command that has it put in', () => {
    expect(expand('[wrap: {inside: [wrap: {inside: [hello]}]}]', { config: wrap })).toEqual({
      steps: ['before', 'before', 'hello', 'after', 'after'].map(run),
      problems: [],
    });
  });
});
