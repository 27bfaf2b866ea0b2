import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateRepositoryCommand, ECRClient } from '@aws-sdk/client-ecr';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DeployError } from '../../src/core/errors.ts';
import { probeEngine } from '../../src/image/docker-engine.ts';
import { buildCli } from './support/built-cli.ts';
import { succeeded, type Ended } from './support/child-process.ts';
import { REGION, startLocalCloud, type LocalCloud } from './support/local-cloud.ts';
import { COMMIT } from './support/sample-project.ts';
import { makeWorkplace, releaseArguments, type Workplace } from './support/workplace.ts';

const probed = await probeEngine(process.env);
const reason = probed instanceof DeployError ? ` (skipped: ${probed.title})` : '';
const withEngine = probed instanceof DeployError ? describe.skip : describe;

withEngine(`release_batch_job with a real Docker engine${reason}`, () => {
  let program: string;
  let cloud: LocalCloud;
  beforeAll(async () => {
    program = await buildCli();
    cloud = await startLocalCloud();
  });
  afterAll(() => cloud?.close());

  let work: Workplace;
  beforeEach(async () => {
    await cloud.restart();
    work = await makeWorkplace(program, cloud);
  });
  afterEach(() => work.remove());

  /** Twenty seconds of building are nothing unusual; the engine is where the tests themselves find it. */
  async function release(more: readonly string[] = []): Promise<Ended> {
    const args = releaseArguments(cloud).map((word) => (word === 'embedded' ? 'docker' : word));
    const { DOCKER_HOST, DOCKER_CONTEXT } = process.env;
    return work.run([...args, ...more], { DOCKER_HOST, DOCKER_CONTEXT, SOURCE_DATE_EPOCH: '0' });
  }

  const digestIn = ({ stdout }: Ended): string | undefined => /image-digest +(sha256:\S+)/.exec(stdout)?.[1];

  it('builds, pushes and says the digest that the registry confirms', async () => {
    const ended = succeeded(await release());
    expect(ended.stderr).toContain('Builder: docker');
    expect(digestIn(ended)).toBe(await cloud.registry.findDigest('crawl', COMMIT));
    expect(JSON.stringify(cloud.control.state()['batch'])).toContain(`/crawl@${digestIn(ended)}`);
  });

  it('has nothing to do the second time', async () => {
    const first = succeeded(await release());
    const state = cloud.control.state();
    const second = succeeded(await release());
    expect(digestIn(second)).toBe(digestIn(first));
    expect(second.stderr).toContain('Nothing to do: revision 1 of crawl');
    expect(cloud.control.state()).toEqual(state);
  });

  it('takes an immutable tag that names the same image, and refuses to move it to another', async () => {
    const settings = {
      endpoint: cloud.endpoint,
      region: REGION,
      credentials: { accessKeyId: 'A', secretAccessKey: 'b' },
    };
    const ecr = new ECRClient(settings);
    await ecr.send(new CreateRepositoryCommand({ repositoryName: 'crawl', imageTagMutability: 'IMMUTABLE' }));
    ecr.destroy();
    const first = succeeded(await release());
    expect(digestIn(succeeded(await release()))).toBe(digestIn(first));
    await writeFile(join(work.project, 'app/crawl'), 'another program\n');
    const { code, stderr } = await release();
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining(`:${COMMIT} can not be moved`) });
    expect(await cloud.registry.findDigest('crawl', COMMIT)).toBe(digestIn(first));
  });

  it('never shows a build argument on a command line, nor a value to a shell', async () => {
    const value = '$(touch x); `touch x`';
    await writeFile(join(work.project, 'Dockerfile'), 'FROM scratch\nARG GIVEN\nENV GIVEN="$GIVEN"\nCOPY app /app\n');
    const ended = succeeded(await release(['--build-args', `GIVEN=${value}`]));
    const { bytes } = await cloud.registry.getManifest('crawl', COMMIT);
    const { config } = JSON.parse(bytes.toString()) as { config: { digest: string; size: number; mediaType: string } };
    const image = JSON.parse((await cloud.registry.readBlob('crawl', config)).toString()) as {
      config: { Env: string[] };
    };
    expect(image.config.Env).toContain(`GIVEN=${value}`);
    expect(ended.stderr).not.toContain('error');
  });
});
