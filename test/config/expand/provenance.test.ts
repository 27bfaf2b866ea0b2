import { describe, expect, it } from '@jest/globals';
import { member, type MapNode, type Node } from '../../../src/config/node.ts';
import { placeText } from '../../../src/config/source.ts';
import { jobOf, orbOf } from './job-of.ts';

/** What a path of keys and indices leads to. */
function at(node: Node | undefined, ...path: (string | number)[]): Node | undefined {
  return path.reduce<Node | undefined>(
    (part, key) =>
      typeof key === 'number' ? (part?.kind === 'list' ? part.items[key] : undefined) : member(part, key),
    node,
  );
}

function insertionsOf(node: Node | undefined): string[] {
  return (node?.insertions ?? []).map(({ expression, at: place }) => `${expression} at ${placeText(place)}`);
}

function compiled(config: string, options: Parameters<typeof jobOf>[1] = {}): MapNode {
  const { job, problems } = jobOf(config, options);
  if (job === undefined || problems.length > 0) throw new Error(problems.join('\n'));
  return job;
}

describe('where a value of a compiled job comes from', () => {
  const config = `
    commands:
      outer:
        parameters: {text: {type: string}}
        steps:
          - inner: {text: << parameters.text >>}
      inner:
        parameters: {text: {type: string}}
        steps:
          - run:
              name: << parameters.text >>
              command: echo "<< parameters.text >>"
    jobs:
      build:
        docker: [{image: a}]
        steps:
          - outer:
              text: hello
  `;

  it('is the argument that the user wrote, through all commands', () => {
    const name = at(compiled(config), 'steps', 0, 'run', 'name');
    expect(name).toMatchObject({ value: 'hello', at: { line: 17, column: 17 } });
    expect(insertionsOf(name)).toEqual(['parameters.text at config.yml:5:23', 'parameters.text at config.yml:10:17']);
  });

  it('is the text with the tag, whose insertion leads to the argument', () => {
    const command = at(compiled(config), 'steps', 0, 'run', 'command');
    expect(command).toMatchObject({ value: 'echo "hello"', at: { line: 11, column: 20 } });
    expect(insertionsOf(command)).toEqual(['parameters.text at config.yml:11:26']);
    const inserted = command?.insertions?.[0]?.value;
    expect(inserted).toMatchObject({ value: 'hello', at: { line: 17 } });
    expect(insertionsOf(inserted ?? undefined)).toEqual(['parameters.text at config.yml:5:23']);
  });

  it('is the default where nothing is given', () => {
    const job = compiled(`
      jobs:
        build:
          parameters: {tag: {type: string, default: lts}}
          docker: [{image: << parameters.tag >>}]
          steps: [checkout]
    `);
    expect(at(job, 'docker', 0, 'image')).toMatchObject({ value: 'lts', at: { line: 3, column: 47 } });
  });

  it('is the orb for its steps, executors and defaults', () => {
    const tools = orbOf(`
      executors:
        node: {docker: [{image: cimg/node:lts}], environment: {A: 1}}
      commands:
        install:
          steps: [run: npm ci]
      jobs:
        test:
          executor: node
          steps: [install]
    `);
    const job = compiled('{}', { name: 'tools/test', orbs: { tools }, call: 'post-steps: [checkout]' });
    const places = [
      at(job, 'docker', 0, 'image'),
      at(job, 'environment', 0, 'A'),
      at(job, 'steps', 0),
      at(job, 'steps', 0, 'run', 'command'),
      at(job, 'steps', 1),
    ].map((node) => node && placeText(node.at));
    expect(places).toEqual([
      'acme/tools@1.0.0:2:27',
      'acme/tools@1.0.0:2:61',
      'acme/tools@1.0.0:5:13',
      'acme/tools@1.0.0:5:18',
      'call.yml:1:14',
    ]);
  });

  it('is kept for keys', () => {
    const job = compiled('jobs: {build: {docker: [{image: a}], environment: {A: 1}, steps: [run: x]}}');
    const pair = at(job, 'environment', 0);
    const run = at(job, 'steps', 0);
    expect(
      [pair, run].map((node) => node?.kind === 'map' && [...node.entries.values()].map(({ keyAt }) => keyAt.column)),
    ).toEqual([[52], [67]]);
  });
});

describe('what has no templates', () => {
  it('is the very same object in every call', () => {
    const config = `
      commands:
        setup:
          parameters: {x: {type: string}}
          steps:
            - run: {name: long, command: the same each time}
            - run: echo << parameters.x >>
      jobs:
        build:
          docker: [{image: a}]
          steps: [setup: {x: a}, setup: {x: b}]
    `;
    const job = compiled(config);
    expect(at(job, 'steps', 0)).toBe(at(job, 'steps', 2));
    expect(at(job, 'steps', 1)).not.toBe(at(job, 'steps', 3));
  });
});
