import { CreateRepositoryCommand } from '@aws-sdk/client-ecr';
import { describe, expect, it } from '@jest/globals';
import { deployService } from '../../../src/actions/deploy-service.ts';
import { ecrClient, RegistryClient, testIndex, type TestManifest } from '../../local-aws/ecr/ecr-client.ts';
import { DIGEST } from '../../support/definitions.ts';
import { deployWorldForTests, type ServiceRun } from './deploy-world.ts';

const world = deployWorldForTests();
const OTHER = `sha256:${'c'.repeat(64)}`;

/** In the repository `web` of ECR. */
let index: TestManifest;
let image: string;

/** A service that runs well, and an image for several platforms in ECR. */
async function prepare(imageDigest?: string): Promise<void> {
  const { localAws } = world().stage;
  const rule = { match: 'web:2', ...(imageDigest !== undefined && { imageDigest }) };
  await world().runningService({ tasks: [rule] });
  const ecr = ecrClient(localAws.endpoint);
  await ecr.send(new CreateRepositoryCommand({ repositoryName: 'web' }));
  const registry = await RegistryClient.login(localAws.endpoint, ecr);
  ecr.destroy();
  index = testIndex([await registry.pushImage('web', 'one')]);
  await registry.putManifest('web', 'all', index);
  image = `${new URL(localAws.endpoint).host}/web@${index.digest}`;
  localAws.control.clearRequests();
}

const deployed = (): Promise<ServiceRun> => world().deploy(['--image', `app=${image}`]);

/** What the action itself calls, but not what ECS does to pull. */
function calls(): string[] {
  const requests = world().stage.localAws.control.requests();
  return requests.filter(({ internal }) => internal !== true).map(({ operation }) => operation);
}

const indexReads = (): number => calls().filter((call) => call === 'ecr:BatchGetImage').length;

describe('an index in ECR', () => {
  it('whose tasks report it is proven without a look into it', async () => {
    await prepare();
    const { result, said } = await deployed();
    expect(result).toMatchObject({ exitCode: 0, outputs: { verified: true } });
    expect(said).toContain(`Proven: all 2 tasks run app as ${index.digest}`);
    expect(indexReads()).toBe(0);
  });

  it('whose tasks report the manifest for their platform is proven by one look into it', async () => {
    await prepare('platform');
    const { result, said } = await deployed();
    expect(result).toMatchObject({ exitCode: 0, outputs: { verified: true } });
    expect(said).toContain(`Proven: all 2 tasks run app as ${index.digest}`);
    expect(said.join('\n')).not.toContain('Not proven: app');
    expect(indexReads()).toBe(1);
    expect(calls().filter((call) => !deployService.awsCalls.includes(call))).toEqual([]);
  });

  it('whose tasks report a digest that is not in it is exit code 10, and nothing is verified', async () => {
    await prepare(OTHER);
    const { result } = await deployed();
    expect(result).toMatchObject({
      exitCode: 10,
      error: { code: 'ecs.not_as_asked', message: `app was deployed as ${index.digest} and runs ${OTHER}` },
      outputs: { verified: false },
    });
  });

  it.each([
    ['ecr:GetAuthorizationToken', 1],
    // The first one is that of ECS, to pull.
    ['ecr:BatchGetImage', 2],
  ])('without %s is not proven, with why', async (operation, nth) => {
    await prepare(OTHER);
    world().stage.localAws.control.addFault({ operation, kind: 'access-denied', nth, times: 9 });
    const { result, said } = await deployed();
    expect(result).toMatchObject({ exitCode: 0, outputs: { verified: true } });
    expect(said.find((line) => line.startsWith('Not proven: app'))).toContain(`not allowed: ${operation} on`);
  });
});

it('an image in another registry is not proven, and nobody is asked', async () => {
  await prepare(OTHER);
  image = `ghcr.io/acme/web@${DIGEST}`;
  const { result, said } = await deployed();
  expect(result.exitCode).toBe(0);
  expect(said.find((line) => line.startsWith('Not proven: app'))).toContain("ghcr.io is not this account's ECR");
  expect(calls().filter((call) => call.startsWith('ecr:'))).toEqual([]);
});
