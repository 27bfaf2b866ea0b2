import { describe, expect, it } from '@jest/globals';
import { Budget, TooLarge } from '../../../../src/config/budget.ts';
import { commandOf, orbOf, workflowsOf } from '../support/workflows-of.ts';

describe('approvals', () => {
  it('are in the workflow only', () => {
    const { workflows, names, errors } = workflowsOf(`
      workflows: {main: {jobs: [{hold: {type: approval}}, {build: {requires: [hold]}}]}}
    `);
    expect(errors).toEqual([]);
    expect(names).toEqual(['build']);
    expect(workflows).toContain('- hold:\n      type: approval\n');
  });

  it('may have a name of their own', () => {
    const { workflows } = workflowsOf('workflows: {main: {jobs: [{hold: {type: approval, name: wait}}]}}\n');
    expect(workflows).toContain('- wait:\n      type: approval\n');
  });

  it('may be named by a parameter of the pipeline', () => {
    const { workflows } = workflowsOf(`
      parameters: {who: {type: string, default: me}}
      workflows: {main: {jobs: [{"hold-<< pipeline.parameters.who >>": {type: approval}}]}}
    `);
    expect(workflows).toContain('- hold-me:\n      type: approval\n');
  });

  it('warn of keys that mean nothing, and of a job of the same name', () => {
    const { warnings, names } = workflowsOf(`
      workflows: {main: {jobs: [{build: {type: approval, v: 1, pre-steps: [checkout]}}]}}
    `);
    expect(names).toEqual([]);
    expect(warnings).toEqual([
      expect.stringContaining(`'build' is invoked here with type: approval, which shadows the job definition`),
      expect.stringContaining(`Job <local>/build: 'v' is not a recognized approval key and is ignored`),
      expect.stringContaining(`Job <local>/build: 'pre-steps' is not a recognized approval key and is ignored`),
    ]);
  });

  it('are the only type that can be defined in a workflow', () => {
    const { errors, warnings } = workflowsOf(`
      workflows: {main: {jobs: [{wait: {type: no-op}}, {build: {type: build}}]}}
    `);
    expect(warnings).toEqual([]);
    expect(errors).toEqual([
      expect.stringContaining(
        `1:41 | Error calling workflow: 'main' | Only jobs with \`type: approval\` can be defined inline`,
      ),
      expect.stringContaining('For `type: build`, define the job in the `jobs:` section instead.'),
    ]);
  });
});

describe('serial-group', () => {
  it('takes values of the pipeline', () => {
    const { workflows, errors } = workflowsOf(`
      workflows: {main: {jobs: [{build: {serial-group: "<< pipeline.project.type >>/deploy"}}]}}
    `);
    expect(errors).toEqual([]);
    expect(workflows).toContain('serial-group: github/deploy\n');
  });

  it.each(['""', 'a b', 'a'.repeat(513)])('is refused when it is %s', (value) => {
    const { errors } = workflowsOf(`workflows: {main: {jobs: [{build: {serial-group: ${value}}}]}}\n`);
    expect(errors).toEqual([expect.stringContaining('is not a valid serial-group')]);
  });

  it('is not refused for a value that is not known here', () => {
    const { errors } = workflowsOf(`
      workflows: {main: {jobs: [{build: {serial-group: << pipeline.git.branch >>}}]}}
    `);
    expect(errors).toEqual([]);
  });
});

describe('override-with', () => {
  const orbs = { tools: orbOf('jobs: {test: {machine: true, steps: [run: other]}}') };

  it('calls the job of the orb under the name of the job', () => {
    const { workflows, jobs, errors } = workflowsOf(
      'workflows: {main: {jobs: [{test: {override-with: tools/test}}]}}\n',
      { orbs },
    );
    expect(errors).toEqual([]);
    expect(workflows).toBe('main:\n  jobs:\n  - test\n');
    expect(commandOf(jobs.get('test'))).toBe('other');
  });

  it.each(['tools/nothing', 'nowhere/test'])('calls the job itself where %s is not there, with a warning', (name) => {
    const { names, errors, warnings } = workflowsOf(`workflows: {main: {jobs: [{test: {override-with: ${name}}}]}}\n`, {
      orbs,
    });
    expect(errors).toEqual([]);
    expect(names).toEqual(['test']);
    expect(warnings).toEqual([expect.stringContaining(`there is no job ${name}, so this runs the job test`)]);
  });

  it('must name a job of an orb', () => {
    const { errors } = workflowsOf('workflows: {main: {jobs: [{test: {override-with: build}}]}}\n');
    expect(errors).toEqual([
      `1:50 | Error calling workflow: 'main' | override-with: "build" does not reference a job definition in an orb`,
    ]);
  });
});

describe('jobs of orbs', () => {
  const orbs = { tools: orbOf('jobs: {test: {machine: true, steps: [run: other]}}') };

  it('keep the name of the orb before theirs', () => {
    const { workflows, names } = workflowsOf('workflows: {main: {jobs: [tools/test]}}\n', { orbs });
    expect(names).toEqual(['tools/test']);
    expect(workflows).toBe('main:\n  jobs:\n  - tools/test\n');
  });
});

describe('an item of jobs', () => {
  it('is a name or a map', () => {
    expect(workflowsOf('workflows: {main: {jobs: [[build]]}}\n').errors).toEqual([
      `1:27 | Error calling workflow: 'main' | A job of a workflow is a name, or a map of one name to its keys`,
    ]);
  });

  it('takes from the budget', () => {
    expect(() =>
      workflowsOf('workflows: {main: {jobs: [{build: {context: abcdef}}]}}\n', { budget: new Budget(20) }),
    ).toThrow(TooLarge);
  });

  it.each([
    ['workflows', '{w0: &w {jobs: &j [<jobs>]}, <aliases>}', '*w'],
    ['workflows that are switched off', '{w0: &w {when: false, jobs: &j [<jobs>]}, <aliases>}', '*w'],
    ['lists of jobs', '{w0: {jobs: &w [<jobs>]}, <aliases>}', '{jobs: *w}'],
  ])('does not follow aliases of %s without bound', (_, template, alias) => {
    const aliases = Array.from({ length: 2000 }, (_value, index) => `a${index}: ${alias}`).join(', ');
    const jobs = Array.from({ length: 2000 }, () => 'build').join(', ');
    const workflows = template.replace('<jobs>', jobs).replace('<aliases>', aliases);
    expect(() => workflowsOf(`workflows: ${workflows}\n`)).toThrow(TooLarge);
  });

  it('does not multiply texts without bound', () => {
    const text = 'x'.repeat(20_000);
    const values = JSON.stringify(Array.from({ length: 5000 }, (_, index) => String(index)));
    expect(() =>
      workflowsOf(
        `workflows: {main: {jobs: [{p: {context: "<< matrix.v >> ${text}", matrix: {parameters: {v: ${values}}}}}]}}\n`,
      ),
    ).toThrow(TooLarge);
  });

  it('does not multiply what is required without bound', () => {
    const values = JSON.stringify(Array.from({ length: 5000 }, (_, index) => String(index)));
    const matrix = `matrix: {parameters: {v: ${values}}}`;
    expect(() =>
      workflowsOf(
        `workflows: {main: {jobs: [{p: {${matrix}}}, {p: {name: "q<< matrix.v >>", ${matrix}, requires: [p]}}]}}\n`,
      ),
    ).toThrow(TooLarge);
  });
});
