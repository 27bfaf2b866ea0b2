import { describe, expect, it } from '@jest/globals';
import { bringImage, PullProgress } from '../../../../src/runner/docker/engine/bring-image.ts';
import { reasonOf, type Docker, type DockerEnd } from '../../../../src/runner/docker/engine/docker-program.ts';
import { readSurroundings } from '../../../../src/runner/docker/container/look-around.ts';
import { canRunTools } from '../../../../src/runner/docker/container/container-tools.ts';

const engine = { version: '28.1', platform: 'linux/amd64', endpoint: undefined };
const end = (code: number, stdout = '', stderr = ''): DockerEnd => ({ code, stdout, stderr });
const image = (Architecture: string): string => JSON.stringify([{ Os: 'linux', Architecture, Config: {} }]);

/** Docker that answers in turn. */
function dockerSaying(...answers: readonly DockerEnd[]): { docker: Docker; calls: string[] } {
  const calls: string[] = [];
  const docker: Docker = {
    run: (args) => Promise.resolve(answers[calls.push(args.join(' ')) - 1] ?? end(1)),
    start: () => {
      throw new Error('nothing is started here');
    },
  };
  return { docker, calls };
}

async function bring(name: string, ...answers: readonly DockerEnd[]): Promise<{ calls: string[]; said: string[] }> {
  const said: string[] = [];
  const { docker, calls } = dockerSaying(...answers);
  await bringImage(name, { docker, engine, say: (text) => void said.push(text) });
  return { calls, said };
}

describe('an image', () => {
  it('that is here is not pulled', async () => {
    expect(await bring('cimg/base:2026.04', end(0, image('amd64')))).toEqual({
      calls: ['image inspect cimg/base:2026.04'],
      said: [],
    });
  });

  it.each(['cimg/base', 'cimg/base:current', '127.0.0.1:5000/base', '127.0.0.1:5000/base:latest'])(
    '%s that is here may be another by now',
    async (name) => {
      const { said } = await bring(name, end(0, image('amd64')));
      expect(said).toEqual([expect.stringContaining(`\`docker pull ${name}\``)]);
    },
  );

  it('with a digest is what it is', async () => {
    expect(await bring('cimg/base@sha256:00', end(0, image('amd64')))).toMatchObject({ said: [] });
  });

  it('that is missing is pulled', async () => {
    const { calls, said } = await bring('cimg/base:1', end(1), end(0), end(0, image('amd64')));
    expect(calls).toEqual(['image inspect cimg/base:1', 'pull cimg/base:1', 'image inspect cimg/base:1']);
    expect(said).toEqual(['Pulling cimg/base:1']);
  });

  it('for another processor is told', async () => {
    const { said } = await bring('cimg/base:1', end(0, image('arm64')));
    expect(said).toEqual([
      'cimg/base:1 is made for linux/arm64, and the Docker engine is linux/amd64: its programs run slowly or not at all.',
    ]);
  });

  it("that can not be pulled is an error with docker's reason", async () => {
    const denied = end(1, '', 'Error response from daemon: pull access denied for x, repository does not exist.\n');
    await expect(bring('x:1', end(1), denied)).rejects.toMatchObject({
      code: 'docker.image_not_pulled',
      title: 'the image x:1 can not be pulled: pull access denied for x, repository does not exist',
    });
  });
});

describe('progress of pulling', () => {
  it('counts layers', () => {
    const said: string[] = [];
    const progress = new PullProgress('x:1', (text) => said.push(text));
    for (const line of [
      '1: Pulling from library/x',
      'aaaaaaaaaaaa: Already exists',
      'bbbbbbbbbbbb: Pulling fs layer',
      'bbbbbbbbbbbb: Download complete',
      'bbbbbbbbbbbb: Pull complete',
      'bbbbbbbbbbbb: Pull complete',
      'Digest: sha256:0',
    ]) {
      progress.read(line);
    }
    expect(said).toEqual(['x:1: 1 of 1 layers', 'x:1: 2 of 2 layers']);
  });
});

describe('the reason of docker', () => {
  it.each([
    [
      "docker: Error response from daemon: no such thing.\n\nRun 'docker run --help' for more information\n",
      'no such thing',
    ],
    ['warning\nError: it is broken\n', 'it is broken'],
    ['', 'docker ended with exit code 1'],
  ])('in %j is %j', (stderr, reason) => expect(reasonOf(end(1, '', stderr))).toBe(reason));
});

describe('what a container says of itself', () => {
  it('is read line by line', () => {
    const text = 'uid 1001\ngid 1001\nowner 0\nhost-node v20.1.0\nnode v22.0.0 /usr/local/bin/node\n';
    expect(readSurroundings(text)).toEqual({
      users: { user: '1001', group: '1001', runner: '0' },
      node: { version: 'v22.0.0', path: '/usr/local/bin/node' },
      hostNodeVersion: 'v20.1.0',
    });
  });

  it.each([
    ['host-node \nnode  /bin/node\n', undefined],
    ['uid 0\ngid 0\nowner \n', undefined],
  ])('%j is not enough', (text, nothing) => expect(readSurroundings(text)).toBe(nothing));

  it.each([
    ['v20.19.0', true],
    ['v100.0.0', true],
    ['v18.20.0', false],
    ['', false],
  ])('Node.js %j runs the tools: %p', (version, can) => expect(canRunTools(version)).toBe(can));
});
