import { describe, expect, it } from '@jest/globals';
import { readImageFacts, type ImageFacts } from '../../../../src/runner/docker/engine/bring-image.ts';
import {
  jobContainerCall,
  mountText,
  serviceCall,
} from '../../../../src/runner/docker/container/container-arguments.ts';
import { KEEP_ALIVE } from '../../../../src/runner/docker/container/container-scripts.ts';
import type { DockerImage } from '../../../../src/runner/pipeline/pipeline.ts';
import { dockerImage } from '../../support/job-fields.ts';

const plan = (fields: Partial<DockerImage>) => ({
  image: dockerImage('cimg/base:1', fields),
  labels: { owner: 'me 1' },
  hostNames: ['db'],
});

const jobCall = (fields: Partial<DockerImage>, labels: ImageFacts['labels'] = {}) =>
  jobContainerCall({
    ...plan(fields),
    facts: { env: {}, user: '', labels, platform: 'linux/amd64' },
    mounts: [
      { source: '/here', target: '/there' },
      { source: '/a,b', target: '/c', readOnly: true },
    ],
    groups: [7],
  });

const waits = ['--interactive', '--rm', '--entrypoint', '/bin/sh', 'cimg/base:1', '-c', KEEP_ALIVE];

describe('the container of the steps', () => {
  it('is in the network of the machine, with its mounts, groups, names and label', () => {
    expect(jobCall({ user: 'root' }).args.join(' ')).toBe(
      [
        'create --init --network host --label owner=me 1 --add-host db:127.0.0.1 --user root',
        '--security-opt label=disable --group-add 7',
        '--mount type=bind,source=/here,target=/there --mount type=bind,"source=/a,b",target=/c,readonly',
        ...waits,
      ].join(' '),
    );
  });

  it.each<[string, Partial<DockerImage>, ImageFacts['labels'], readonly string[]]>([
    ['waits for steps, whatever its image would start', {}, {}, waits],
    ['starts what the config says', { command: ['serve', '--all'] }, {}, ['cimg/base:1', 'serve', '--all']],
    ['takes a text for a command line', { command: ['serve "a b" c'] }, {}, ['cimg/base:1', 'serve', 'a b', 'c']],
    [
      'has an entrypoint of several words before its command',
      { entrypoint: ['/bin/run', '-x'], command: ['y'] },
      {},
      ['--entrypoint', '/bin/run', 'cimg/base:1', '-x', 'y'],
    ],
    [
      'leaves the image its entrypoint where a label says so',
      {},
      { 'com.circleci.preserve-entrypoint': 'true' },
      ['cimg/base:1'],
    ],
  ])('%s', (_, fields, labels, end) => {
    expect(jobCall(fields, labels).args.slice(-end.length)).toEqual(end);
    expect(jobCall(fields, labels).args.includes('--rm')).toBe(end === waits);
  });
});

describe('a service', () => {
  it('starts what its image says, with its environment in that of docker, not on the command line', () => {
    const environment = new Map(Object.entries({ POSTGRES_PASSWORD: 'a b', PATH: '/bin' }));
    expect(serviceCall(plan({ environment }))).toEqual({
      args: [
        ...['run', '--detach', '--network', 'host', '--label', 'owner=me 1', '--add-host', 'db:127.0.0.1'],
        ...['--env', 'POSTGRES_PASSWORD', '--env', 'PATH=/bin', 'cimg/base:1'],
      ],
      env: { POSTGRES_PASSWORD: 'a b' },
    });
  });
});

describe('a mount', () => {
  it('takes quotes in paths, too', () => {
    expect(mountText({ source: '/a"b', target: '/c' })).toBe('type=bind,"source=/a""b",target=/c');
  });
});

describe('what an image says of itself', () => {
  it('is read from docker image inspect', () => {
    const config = { Env: ['A=b=c', 'EMPTY=', 'PATH=/bin'], User: 'circleci', Labels: { x: 'y' } };
    expect(readImageFacts(JSON.stringify([{ Os: 'linux', Architecture: 'arm64', Config: config }]))).toEqual({
      env: { A: 'b=c', EMPTY: '', PATH: '/bin' },
      user: 'circleci',
      labels: { x: 'y' },
      platform: 'linux/arm64',
    });
  });

  it('may be nothing', () => {
    const config = { Env: null, Labels: null };
    expect(readImageFacts(JSON.stringify([{ Os: 'linux', Architecture: 'amd64', Config: config }]))).toMatchObject({
      env: {},
      user: '',
      labels: {},
    });
  });
});
