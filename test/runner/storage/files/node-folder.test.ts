import { describe, expect, it } from '@jest/globals';
import { nodeFolder } from '../../../../src/runner/storage/files/node-folder.ts';

describe('the folder of a node', () => {
  it.each<[string, Parameters<typeof nodeFolder>, string]>([
    ['is that of its job', [{ workflow: 'release', job: 'test', node: 0 }, 1], 'release/test'],
    ['is one of several', [{ workflow: 'release', job: 'test', node: 1 }, 2], 'release/test/1'],
    ['has every name as one part', [{ workflow: 'a/b', job: '..', node: 0 }, 1], 'a%2Fb/%2E%2E'],
  ])('%s', (_, given, folder) => {
    expect(nodeFolder(...given)).toBe(folder);
  });
});
