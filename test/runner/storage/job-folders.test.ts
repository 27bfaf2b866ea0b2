import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { JobWorld } from '../../../src/runner/job-world.ts';
import { anchoredPath, pathInJob, shownPath, stepPath, writtenPath } from '../../../src/runner/storage/job-folders.ts';
import { storedPath } from '../../../src/runner/storage/outputs/stored-path.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { inContainer, testWorld } from './support/storage-world.ts';

describe('the folders of a job in a container', () => {
  let world: JobWorld;
  let folder: string;
  beforeEach(async () => {
    world = inContainer(await testWorld(await tempFolder(), { workingDirectory: '/app' }));
    folder = world.place.folder;
  });

  it.each([
    ['/tmp/out', '/tmp/out', 'container/tmp/out'],
    ['out', '/app/out', 'container/working-directory/out'],
    ['~/out', undefined, 'home/out'],
  ])('%s is found where it lies on this machine', (path, written, onDisk) => {
    expect(stepPath(path, world)).toBe(join(folder, onDisk));
    if (written !== undefined) expect(writtenPath(path, world)).toBe(written);
  });

  it('are shown, and name artifacts, as the job knows them', () => {
    expect(shownPath(stepPath('/tmp/out', world), world)).toBe('/tmp/out');
    expect(shownPath(stepPath('out', world), world)).toBe('/app/out');
    expect(shownPath(stepPath('~/out', world), world)).toBe('~/out');
    expect(storedPath('/tmp/out', world)).toBe('tmp/out');
  });

  it('are the same paths in a job of another place', () => {
    const kept = anchoredPath(stepPath('/tmp/cache', world), world);
    expect(kept).toEqual({ anchor: 'machine-temp', path: '/tmp/cache' });
    expect(kept && pathInJob(kept, world)).toBe(join(folder, 'container/tmp/cache'));
  });
});
