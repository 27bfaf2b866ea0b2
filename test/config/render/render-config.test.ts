import { describe, expect, it } from '@jest/globals';
import { mapNode, type MapNode } from '../../../src/config/node.ts';
import { renderConfig } from '../../../src/config/render/render-config.ts';
import { nodeOf, nowhere } from '../support/node-of.ts';

const document = nodeOf({
  version: 2,
  jobs: {
    build: {
      docker: [{ image: 'cimg/node:20.1' }],
      environment: [{ CI: 'true' }],
      steps: ['checkout', { run: { command: 'npm ci\nnpm test\n' } }],
    },
  },
  workflows: { version: 2, main: { jobs: ['build'] } },
}) as MapNode;

const body = `version: 2
jobs:
  build:
    docker:
    - image: cimg/node:20.1
    environment:
    - CI: 'true'
    steps:
    - checkout
    - run:
        command: |
          npm ci
          npm test
workflows:
  version: 2
  main:
    jobs:
    - build
`;

describe('renderConfig', () => {
  it('prints the document alone when no orb is imported', () => {
    expect(renderConfig({ orbs: [], document })).toBe(body);
  });

  it('prints a line for each orb before the document, in their order', () => {
    const orbs = [
      { written: 'circleci/node@5.2', resolved: 'circleci/node@5.2.0' },
      { written: 'circleci/aws-cli@5', resolved: 'circleci/aws-cli@5.1.1' },
    ];
    expect(renderConfig({ orbs, document })).toBe(
      `# Orb 'circleci/node@5.2' resolved to 'circleci/node@5.2.0'\n` +
        `# Orb 'circleci/aws-cli@5' resolved to 'circleci/aws-cli@5.1.1'\n${body}`,
    );
  });

  it('prints an empty document as an empty map', () => {
    expect(renderConfig({ orbs: [], document: mapNode([], nowhere) })).toBe('{}\n');
  });
});
