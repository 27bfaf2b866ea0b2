import { describe, expect, it } from '@jest/globals';
import { hostOpener } from '../../../src/cli/local/host-opener.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { makeJobPlace, removeJobPlace } from '../../../src/runner/job/make-job-place.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { jobNamed, pipelineOf } from '../../runner/support/pipeline-of.ts';

const ENGINE = 'unix:///run/docker.sock';

/** Where docker looks for its engine in a job of that executor and these steps. */
async function dockerHost(executor: string, steps: string): Promise<string | undefined> {
  const job = `{ ${executor}, steps: [${steps}] }`;
  const pipeline = pipelineOf(`version: 2\njobs: { a: ${job} }\nworkflows: { main: { jobs: [a] } }\n`);
  const open = hostOpener({
    docker: false,
    toolsFolder: '/tools',
    mark: 'test',
    env: { DOCKER_HOST: ENGINE },
    clock: systemClock,
    signal: new AbortController().signal,
  });
  const place = await makeJobPlace(await tempFolder());
  try {
    const { host, environment } = await open(jobNamed(pipeline, 'a').job!, place, () => undefined);
    await host.close();
    return environment['DOCKER_HOST'];
  } finally {
    await removeJobPlace(place);
  }
}

describe('the docker engine of this machine', () => {
  it('is that of a machine job', async () => {
    expect(await dockerHost('machine: true', 'checkout')).toBe(ENGINE);
  });

  it('is that of a job in a container that asks for one', async () => {
    expect(await dockerHost('docker: [{ image: a }]', 'setup_remote_docker')).toBe(ENGINE);
  });

  it('is none of a job in a container that does not, as on CircleCI', async () => {
    expect(await dockerHost('docker: [{ image: a }]', 'checkout')).toMatch(/without-setup_remote_docker/);
  });
});
