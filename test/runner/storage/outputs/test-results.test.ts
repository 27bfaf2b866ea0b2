import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { storeTestResults } from '../../../../src/runner/storage/outputs/test-results.ts';
import { readTree, writeTree } from '../support/file-tree.ts';
import { stepFields, testFolder, testWorld, type TestWorld } from '../support/storage-world.ts';

let folder: Awaited<ReturnType<typeof testFolder>>;
beforeEach(async () => {
  folder = await testFolder();
});
afterEach(() => folder.remove());

const JUNIT = '<testsuites><testsuite name="a"/></testsuites>';

function store(world: TestWorld, path: string): Promise<unknown> {
  return storeTestResults({ ...stepFields('Uploading test results'), kind: 'store_test_results', path }, world);
}

function results(world: TestWorld): Promise<Record<string, string>> {
  return readTree(join(world.runFolder, 'test-results/main/build'));
}

describe('test results', () => {
  it('are the XML files in all folders below the path', async () => {
    const world = await testWorld(folder.path);
    await writeTree(world.working, { 'r/jest/a.xml': JUNIT, 'r/b.XML': JUNIT, 'r/notes.txt': 'x' });
    await store(world, 'r');
    expect(await results(world)).toEqual({ 'r/b.XML': JUNIT, 'r/jest/a.xml': JUNIT });
  });

  it('may be one file, whatever its name', async () => {
    const world = await testWorld(folder.path);
    await writeTree(world.working, { 'out/junit': JUNIT });
    await store(world, 'out/junit');
    expect(await results(world)).toEqual({ 'out/junit': JUNIT });
  });

  it.each([
    ['a declaration', `<?xml version="1.0"?>\n${JUNIT}`],
    ['a byte order mark', `\uFEFF<?xml version="1.0"?>${JUNIT}`],
    ['a comment with tags', `<!-- <coverage> -->\n${JUNIT}`],
    ['a document type', `<!DOCTYPE testsuites [<!ENTITY a "b">]>${JUNIT}`],
    ['a single suite', '<testsuite name="a"></testsuite>'],
  ])('may begin with %s', async (_, text) => {
    const world = await testWorld(folder.path);
    await writeTree(world.working, { 'r.xml': text });
    await store(world, 'r.xml');
    expect(await results(world)).toEqual({ 'r.xml': text });
  });

  it.each([
    ['another kind of report', '<coverage version="1"/>', 'invalid top level element: coverage'],
    ['no XML', 'Tests: 5 passed', 'it is no XML'],
    ['an empty file', '', 'it is empty'],
  ])('are not %s, which is said while the others are kept', async (_, text, why) => {
    const world = await testWorld(folder.path);
    await writeTree(world.working, { 'r/a.xml': text, 'r/b.xml': JUNIT });
    await store(world, 'r');
    expect(world.said).toContain(`  * ~/project/r/a.xml: left out, ${why}`);
    expect(await results(world)).toEqual({ 'r/b.xml': JUNIT });
  });

  it('that are not there are said in the words of CircleCI, and the job goes on', async () => {
    const world = await testWorld(folder.path);
    await store(world, 'r');
    expect(world.said).toEqual([
      'Unable to save test results from ~/project/r',
      'Error path is not valid ~/project/r: no such file or directory',
      'Found no test results, skipping',
    ]);
  });

  it('of an empty folder are none', async () => {
    const world = await testWorld(folder.path);
    await writeTree(world.working, { 'r/': '' });
    await store(world, 'r');
    expect(world.said).toEqual(['Found no test results, skipping']);
  });

  it('of parallel nodes are kept apart', async () => {
    for (const node of [0, 1]) {
      const world = await testWorld(folder.path, { parallelism: 2, node });
      await writeTree(world.working, { 'r.xml': JUNIT });
      await store(world, 'r.xml');
    }
    expect(Object.keys(await results(await testWorld(folder.path)))).toEqual(['0/r.xml', '1/r.xml']);
  });
});
