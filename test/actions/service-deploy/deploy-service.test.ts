import { describe, expect, it } from '@jest/globals';
import { DIGEST } from '../../support/definitions.ts';
import { deployWorldForTests, PULL } from './deploy-world.ts';

const world = deployWorldForTests();

const IMAGE = `ghcr.io/acme/web@${DIGEST}`;
const NEW_IMAGE = ['--image', `app=${IMAGE}`];

describe('an image is deployed', () => {
  it('as a new revision, which is proven and verified', async () => {
    await world().runningService();
    const { result, said } = await world().deploy(NEW_IMAGE);
    expect(result).toMatchObject({
      exitCode: 0,
      status: 'changed',
      component: 'web',
      outputs: {
        deploymentStatus: 'SUCCEEDED',
        taskDefinitionArn: expect.stringMatching(/task-definition\/web:2$/) as unknown,
        previousTaskDefinitionArn: expect.stringMatching(/task-definition\/web:1$/) as unknown,
        images: [`app=${IMAGE}`, 'sidecar=ghcr.io/acme/sidecar:1'],
        digests: expect.arrayContaining([`app=${DIGEST}`]) as unknown,
        verified: true,
      },
    });
    expect(said).toContain('Updating the service web');
  });

  it('and when every task of it fails to start, it is exit code 9 with their reason', async () => {
    await world().runningService({ tasks: [{ match: 'web:2', failToStart: PULL }] });
    const { result, stderr } = await world().deploy(NEW_IMAGE);
    expect(result).toMatchObject({ exitCode: 9, status: 'failed', error: { code: 'ecs.rolled_back' } });
    expect(stderr).toMatch(
      /^error: the deployment of web was rolled back: the circuit breaker counted 3 failed tasks/m,
    );
    expect(stderr).toMatch(/\d tasks stopped: CannotPullContainerError/);
    expect(world().revisionOf(await world().stage.service())).toBe('web:1');
  });

  it('and for a service that is not there, it is exit code 5 with the name that is meant', async () => {
    await world().runningService();
    const { result } = await world().deploy(['--service', 'wbe', ...NEW_IMAGE]);
    expect(result).toMatchObject({ exitCode: 5, error: { code: 'ecs.service_not_found' } });
    expect(result.error?.hints).toContain('Did you mean web?');
    expect(
      world()
        .calls()
        .filter((call) => /Register|Update|Create|Tag/.test(call)),
    ).toEqual([]);
  });
});
