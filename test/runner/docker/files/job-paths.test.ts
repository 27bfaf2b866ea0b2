import { describe, expect, it } from '@jest/globals';
import { jobPaths, pathOnHost } from '../../../../src/runner/docker/files/job-paths.ts';
import { jobWith, stepOf } from '../../support/job-fields.ts';

const place = {
  folder: '/tmp/job-1',
  home: '/tmp/job-1/home',
  temp: '/tmp/job-1/tmp',
  bashEnv: '/tmp/job-1/bash-env',
  control: '/tmp/job-1/control',
};

describe('the working directory', () => {
  it.each([
    ['~/project', false],
    ['project', false],
    ['/tmp/elsewhere', false],
    ['/', false],
    ['/app', true],
    ['/home/circleci/project', true],
  ])('%s is a folder of its own: %p', (workingDirectory, isOwn) => {
    const { working } = jobPaths(jobWith([], { workingDirectory, steps: [stepOf('checkout')] }), place);
    expect(working?.target).toBe(isOwn ? workingDirectory : undefined);
  });

  it("is the image's in a job that only runs commands", () => {
    expect(jobPaths(jobWith([], { workingDirectory: '/app' }), place).working).toBeUndefined();
  });
});

describe('a path of the container', () => {
  const { mounts } = jobPaths(jobWith([], { workingDirectory: '/app', steps: [stepOf('checkout')] }), place);

  it.each([
    ['/tmp/job-1/home/project/x', '/tmp/job-1/home/project/x'],
    ['/tmp/x/y', '/tmp/job-1/container/tmp/x/y'],
    ['/tmp', '/tmp/job-1/container/tmp'],
    ['/tmp/job-12', '/tmp/job-1/container/tmp/job-12'],
    ['/app/x', '/tmp/job-1/container/working-directory/x'],
    ['/app/../tmp/x', '/tmp/job-1/container/tmp/x'],
  ])('%s is %s here', (path, here) => expect(pathOnHost(path, mounts, 'cimg/base:1')).toBe(here));

  it.each(['/etc/passwd', '/application', '/home', '/app/../etc'])('%s is nowhere here', (path) => {
    expect(() => pathOnHost(path, mounts, 'cimg/base:1')).toThrow(
      `${path} is inside of the container of cimg/base:1, where the local runner can not reach it`,
    );
  });
});
