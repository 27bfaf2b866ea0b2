import { describe, expect, it } from '@jest/globals';
import { readLibrary } from '../../../src/config/expand/read-library.ts';
import { Report } from '../../../src/config/problem.ts';
import { placeText } from '../../../src/config/source.ts';
import { variables } from '../../../src/config/variables.ts';
import { jobOf, mapOf } from './job-of.ts';

function read(text: string) {
  const report = new Report();
  const library = readLibrary(
    mapOf(text),
    { reference: 'a/b@1.0.0', orbs: new Map(), variables: variables(new Map()) },
    report,
  );
  return { library, report };
}

describe('a library', () => {
  it('has the commands, jobs and executors by their names, in the order of the file', () => {
    const { library } = read(
      '{commands: {b: {steps: []}, a: {steps: []}}, jobs: {j: {steps: []}}, executors: {e: {machine: true}}}',
    );
    expect([library.commands, library.jobs, library.executors].map((elements) => [...elements.keys()])).toEqual([
      ['b', 'a'],
      ['j'],
      ['e'],
    ]);
  });

  it('may have none of them', () => {
    const { library } = read('{commands: , jobs: []}');
    expect([library.commands.size, library.jobs.size, library.executors.size]).toEqual([0, 0, 0]);
  });

  it('has what is declared as no map too, so that a call of it is no further mistake', () => {
    const { library } = read('commands: {a: , b: []}');
    expect([...library.commands.values()].map(({ name, body }) => [name, body.entries.size])).toEqual([
      ['a', 0],
      ['b', 0],
    ]);
  });

  it('has elements that know where they belong', () => {
    const { library } = read('commands: {c: {parameters: {p: {type: string}}, steps: []}}');
    const command = library.commands.get('c');
    expect(command).toMatchObject({ kind: 'command', name: 'c', library: { reference: 'a/b@1.0.0' } });
    expect(command && placeText(command.at)).toBe('config.yml:1:12');
    expect([...(command?.parameters.keys() ?? [])]).toEqual(['p']);
  });
});

describe('a mistake in the parameters of an element', () => {
  const broken = `
    commands:
      broken: {parameters: {p: {type: nothing}}, steps: [run: << parameters.p >>]}
    jobs:
      build: {docker: [{image: a}], steps: [STEPS]}
  `;

  it('is none as long as nothing calls it', () => {
    expect(jobOf(broken.replace('STEPS', 'checkout')).problems).toEqual([]);
  });

  it('is told once when it is called', () => {
    const { report } = jobOf(broken.replace('STEPS', 'broken: {p: x}, broken: {p: y}'));
    expect(report.map(({ at }) => placeText(at))).toEqual(['config.yml:2:35']);
  });
});
