import { describe, expect, it } from '@jest/globals';
import { remoteDocker } from '../../../../src/runner/docker/engine/remote-docker.ts';
import { jobWith, stepOf } from '../../support/job-fields.ts';

const asking = jobWith([], { steps: [stepOf('setup_remote_docker')] });
const engine = (endpoint: string | undefined) => ({ version: '28.1', platform: 'linux/amd64', endpoint });

describe('setup_remote_docker', () => {
  it('is nothing in a job without it', async () => {
    expect(await remoteDocker(jobWith([]), engine(undefined), {})).toBeUndefined();
  });

  it.each([
    ['unix:///run/user/1/docker.sock', '/run/user/1/docker.sock'],
    [undefined, '/var/run/docker.sock'],
  ])('brings the socket of %s to where docker looks', async (endpoint, source) => {
    expect(await remoteDocker(asking, engine(endpoint), {})).toMatchObject({
      mounts: [{ source, target: '/var/run/docker.sock' }],
      environment: {},
      text: expect.stringContaining('Docker 28.1'),
    });
  });

  it('says where an engine on the network is, and brings the certificates for it', async () => {
    const env = { DOCKER_CERT_PATH: '/certs', DOCKER_TLS_VERIFY: '1' };
    expect(await remoteDocker(asking, engine('tcp://10.0.0.1:2376'), env)).toMatchObject({
      mounts: [{ source: '/certs', target: '/certs', readOnly: true }],
      groups: [],
      environment: { DOCKER_HOST: 'tcp://10.0.0.1:2376', ...env },
    });
  });

  it('says that an engine behind ssh can not be reached', async () => {
    expect(await remoteDocker(asking, engine('ssh://me@there'), {})).toMatchObject({
      mounts: [],
      environment: {},
      text: expect.stringContaining('can not reach ssh://me@there'),
    });
  });
});
