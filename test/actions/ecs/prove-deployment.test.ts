import { DeleteServiceCommand } from '@aws-sdk/client-ecs';
import { expect, it } from '@jest/globals';
import { proveDeployment } from '../../../src/actions/ecs/prove-deployment.ts';
import { DIGEST } from '../../support/definitions.ts';
import { ecsWorldForTests, WEB } from '../../support/ecs-world.ts';
import { rejectionOf } from '../../support/failures.ts';
import { deploySecond, follow } from './follow-world.ts';

const world = ecsWorldForTests();
const BY_DIGEST = { containerDefinitions: [{ name: 'app', image: `ghcr.io/acme/web@${DIGEST}` }] };

/** A service that runs well and of which a second revision was deployed. */
async function deployed() {
  await world().stage.createService();
  await world().stage.pass(900);
  const { rollout } = await follow(world(), await deploySecond(world(), {}, BY_DIGEST));
  expect(rollout.verdict.state).toBe('SUCCEEDED');
  return rollout;
}

it('what was deployed by digest is proven by what the tasks report', async () => {
  expect(await proveDeployment(await deployed(), WEB, world().session)).toMatchObject({
    holds: true,
    runningTasks: 2,
    containers: [{ container: 'app', state: 'PROVEN', digest: DIGEST }],
  });
});

it('another deployment since is no proof', async () => {
  const rollout = await deployed();
  await deploySecond(world());
  expect(await proveDeployment(rollout, WEB, world().session)).toMatchObject({
    holds: false,
    supersededBy: expect.stringMatching(/^ecs-svc/) as unknown,
  });
});

it.each([
  ['that AWS does not find any more', { ...WEB, service: 'wbe' }],
  ['of which AWS shows what remains', WEB],
])('a service %s was deleted, and proves nothing: exit code 10', async (_what, place) => {
  const rollout = await deployed();
  await world().stage.ecs.send(new DeleteServiceCommand({ ...WEB, force: true }));
  expect(await rejectionOf(proveDeployment(rollout, place, world().session))).toMatchObject({
    code: 'ecs.service_deleted',
    exitCode: 10,
    hints: [],
  });
});
