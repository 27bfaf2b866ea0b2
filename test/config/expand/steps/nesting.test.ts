import { describe, expect, it } from '@jest/globals';
import { Budget, TooLarge } from '../../../../src/config/budget.ts';
import { plainValue } from '../../../../src/config/render/plain-value.ts';
import { jobOf } from '../job-of.ts';

/** A config of commands, by their names, and a job that calls the first one. */
function config(commands: Readonly<Record<string, string>>): string {
  const [first = ''] = Object.keys(commands);
  const lines = Object.entries(commands).map(([name, command]) => `  ${name}: ${command}`);
  return ['commands:', ...lines, 'jobs:', '  build:', '    docker: [{image: a}]', `    steps: [${first}]`].join('\n');
}

function facts(commands: Readonly<Record<string, string>>): string[] {
  return jobOf(config(commands)).report.map(({ message }) => message);
}

describe('a command that calls itself', () => {
  it.each([
    ['itself', { a: '{steps: [a]}' }, 'The command a calls itself: a -> a'],
    ['through another one', { a: '{steps: [b]}', b: '{steps: [a]}' }, 'The command a calls itself: a -> b -> a'],
    [
      'behind others that are not of the circle',
      { start: '{steps: [a]}', a: '{steps: [b]}', b: '{steps: [a]}' },
      'The command a calls itself: a -> b -> a',
    ],
    ['in a condition', { a: '{steps: [when: {condition: true, steps: [a]}]}' }, 'The command a calls itself: a -> a'],
    ['many times', { a: '{steps: [a, b, a, b]}', b: '{steps: [b, b]}' }, 'The command a calls itself: a -> a'],
  ])('is told with the circle: %s', (_name, commands, message) => {
    expect(facts(commands)).toContain(message);
  });

  it('is told where it calls itself', () => {
    expect(jobOf(config({ a: '{steps: [b]}', b: '{steps: [a]}' })).problems).toEqual([
      "config.yml:3:15 | Error calling job: 'build' | Error calling command: 'a' | Error calling command: 'b' | The command a calls itself: a -> b -> a",
    ]);
  });

  it('in a branch that is never taken is none', () => {
    expect(facts({ a: '{steps: [when: {condition: false, steps: [a]}]}' })).toEqual([]);
  });

  it('twice in a row is none', () => {
    expect(facts({ a: '{steps: [b, b]}', b: '{steps: [checkout]}' })).toEqual([]);
  });

  it('by steps that it hands to another one is told with the circle', () => {
    const wrap = '{parameters: {inside: {type: steps}}, steps: << parameters.inside >>}';
    expect(facts({ a: '{steps: [wrap: {inside: [a]}]}', wrap })).toEqual([
      'Commands and steps are nested more than 200 levels deep: wrap -> a -> wrap',
    ]);
  });

  it('by steps that grow with each level comes to an end as fast', () => {
    const wrap =
      '{parameters: {inside: {type: steps}}, steps: [steps: << parameters.inside >>, steps: << parameters.inside >>]}';
    expect(facts({ a: '{steps: [wrap: {inside: [a, a]}, a]}', wrap })).toContain(
      'Commands and steps are nested more than 200 levels deep: wrap -> a -> wrap',
    );
  });
});

describe('nesting', () => {
  const chain = (length: number) =>
    Object.fromEntries(
      Array.from({ length }, (_, index) => [
        `c${index}`,
        index + 1 < length ? `{steps: [c${index + 1}]}` : '{steps: [checkout]}',
      ]),
    );

  it('may be deep', () => {
    const { job, problems } = jobOf(config(chain(150)));
    expect(problems).toEqual([]);
    expect(job && plainValue(job)).toEqual({ docker: [{ image: 'a' }], steps: ['checkout'] });
  });

  it('is refused when it is too deep', () => {
    expect(jobOf(config(chain(5000))).problems).toEqual([
      "config.yml:201:17 | Error calling job: 'build' | Commands and steps are nested more than 200 levels deep",
    ]);
  });

  it('of lists in lists is flattened', () => {
    const { job } = jobOf('jobs: {build: {docker: [{image: a}], steps: [[checkout, [run: a]], []]}}');
    expect(job && plainValue(job)).toMatchObject({ steps: ['checkout', { run: { command: 'a' } }] });
  });

  it.each([
    ['that print a lot', '[checkout]'],
    ['that print nothing', '[]'],
  ])('of commands %s ends early when it would be too large', (_name, last) => {
    const doubling = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [
        `c${index}`,
        index < 59 ? `{steps: [c${index + 1}, c${index + 1}]}` : `{steps: ${last}}`,
      ]),
    );
    expect(() => jobOf(config(doubling), { budget: new Budget(100_000) })).toThrow(TooLarge);
  });
});
