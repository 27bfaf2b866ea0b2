import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DIGEST } from '../../support/definitions.ts';
import { resultOf, runCli } from '../../support/run-cli.ts';
import { awsEnvironment } from '../../support/local-aws-world.ts';
import { deployWorldForTests } from './deploy-world.ts';

const world = deployWorldForTests();
const IMAGE = `ghcr.io/acme/web@${DIGEST}`;

/** An earlier job of the workflow that registers a revision, in the same home. */
async function registerEarlier(image: string): Promise<void> {
  const env = { ...(await awsEnvironment(world().stage.localAws, { AWS_REGION: 'eu-central-1' })), HOME: world().home };
  const run = await runCli(
    ['register-task-definition', '--family', 'web', '--image', `app=${image}`, '--output', 'json'],
    { env, cwd: world().home },
  );
  expect(resultOf(run).exitCode).toBe(0);
}

/** An earlier job that pushed an image. */
async function pushedEarlier(image: string): Promise<void> {
  const folder = join(world().home, '.aws-deploy', 'record');
  await mkdir(folder, { recursive: true });
  const result = {
    schema: 'aws-deploy/result@1',
    action: 'build-and-push-image',
    component: 'web',
    outputs: { image },
    finishedAt: new Date().toISOString(),
  };
  await writeFile(join(folder, `pushed-${image.slice(-6)}.json`), JSON.stringify(result));
}

async function deployed(args: readonly string[] = []) {
  const { result, said } = await world().deploy(['--record', ...args]);
  expect(result.exitCode).toBe(0);
  return { revision: String(result.outputs['taskDefinitionArn']).split('/').at(-1), said, result };
}

describe('without parameters for the definition', () => {
  it('the revision that the workflow registered is deployed, also when there is a newer one', async () => {
    await world().runningService();
    await registerEarlier(IMAGE);
    await world().stage.register({ cpu: '512', memory: '1024' });
    const { revision, said } = await deployed();
    expect(revision).toBe('web:2');
    expect(said).toContain('web:2 was released earlier in this workflow');
  });

  it('the image that the workflow pushed is deployed', async () => {
    await world().runningService();
    await pushedEarlier(IMAGE);
    const { revision, result } = await deployed();
    expect([revision, result.outputs['images']]).toEqual(['web:2', [`app=${IMAGE}`, 'sidecar=ghcr.io/acme/sidecar:1']]);
  });

  it('the revision that the workflow registered has the image that it pushed', async () => {
    await world().runningService();
    await pushedEarlier(IMAGE);
    await registerEarlier(IMAGE);
    await world().stage.register({ cpu: '512', memory: '1024' });
    expect((await deployed()).revision).toBe('web:2');
  });

  it('an image that was pushed after a revision was registered is deployed, too', async () => {
    await world().runningService();
    await registerEarlier(`ghcr.io/acme/web@sha256:${'1'.repeat(64)}`);
    await pushedEarlier(IMAGE);
    const { revision, result } = await deployed();
    expect([revision, result.outputs['images']]).toEqual(['web:3', [`app=${IMAGE}`, 'sidecar=ghcr.io/acme/sidecar:1']]);
  });

  it('what the service has stays when the workflow has released other families only', async () => {
    await world().runningService();
    const { revision, result } = await deployed();
    expect([revision, result.status]).toEqual(['web:1', 'unchanged']);
  });
});

it('what is asked for wins over what the workflow registered', async () => {
  await world().runningService();
  await registerEarlier(`ghcr.io/acme/web@sha256:${'1'.repeat(64)}`);
  const { result } = await deployed(['--image', `app=${IMAGE}`]);
  expect(result.outputs['images']).toEqual([`app=${IMAGE}`, 'sidecar=ghcr.io/acme/sidecar:1']);
});

it('a revision that is named is deployed as it is', async () => {
  await world().runningService();
  await registerEarlier(IMAGE);
  await world().stage.register({ cpu: '512', memory: '1024' });
  const { revision } = await deployed(['--task-definition-arn', 'web:3']);
  expect(revision).toBe('web:3');
});
