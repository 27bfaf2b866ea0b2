import { describe, expect, it } from '@jest/globals';
import { jobFolder, jobPath } from '../../../src/runner/job/job-path.ts';

describe('the working directory of a job', () => {
  it.each([
    ['~/project', '/h/project'],
    ['~', '/h'],
    ['work', '/h/work'],
    ['/opt/x/../y', '/opt/y'],
    ['~other', '/h/~other'],
    ['$HOME/x', '/h/$HOME/x'],
  ])('%s is %s', (path, folder) => {
    expect(jobFolder(path, '/h')).toBe(folder);
  });
});

describe('a path of a step', () => {
  it.each([
    ['.', '/h/project'],
    ['a/b', '/h/project/a/b'],
    ['..', '/h'],
    ['~/a', '/h/a'],
    ['~', '/h'],
    ['/tmp/a', '/tmp/a'],
  ])('%s is %s', (path, absolute) => {
    expect(jobPath(path, { folder: '/h/project', home: '/h' })).toBe(absolute);
  });
});
