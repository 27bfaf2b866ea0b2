import { describe, expect, it } from '@jest/globals';
import { ecsWorldForTests } from '../../support/ecs-world.ts';
import { killingProxy } from '../../support/killing-proxy.ts';
import { pausingProxy } from '../../support/pausing-proxy.ts';
import { PULL, runningService, STUCK } from '../ecs/judge-world.ts';
import { refusingProxy } from '../service/refusing-proxy.ts';
import { rollbackWorld, writesOf } from './rollback-world.ts';
import { deployNext, tagsOf } from '../service/service-run.ts';

const world = ecsWorldForTests();
const stage = () => world().stage;
const { rollBack, runs, released, arnOf } = rollbackWorld(world);
const JOB = { CIRCLECI: 'true', CIRCLE_WORKFLOW_JOB_ID: 'job-1' };

describe('run twice in one job it does not go back two releases', () => {
  it('when the first run came to its end', async () => {
    await runningService(world());
    await released('b', 'c');
    await rollBack([], { env: JOB });
    const again = await rollBack([], { env: JOB });
    expect(again.result).toMatchObject({
      exitCode: 0,
      status: 'unchanged',
      outputs: { deploymentStatus: 'SUCCEEDED', rejectedTaskDefinitionArn: await arnOf('web:3') },
    });
    expect(await runs()).toBe('web:2');
  });

  it('but another job does go further', async () => {
    await runningService(world());
    await released('b', 'c');
    await rollBack([], { env: JOB });
    await rollBack([], { env: { ...JOB, CIRCLE_WORKFLOW_JOB_ID: 'job-2' } });
    expect(await runs()).toBe('web:1');
  });

  it('when its deployment is still on the way: it is no deployment to take back, for other jobs neither', async () => {
    await runningService(world());
    await released('b', 'c');
    await rollBack(['--wait-until', 'none']);
    const again = await rollBack();
    expect(again.result).toMatchObject({ exitCode: 0, outputs: { deploymentStatus: 'SUCCEEDED' } });
    expect(writesOf(again)).toEqual(['ecs:TagResource', 'ecs:UntagResource']);
    expect(await runs()).toBe('web:2');
  });
});

const KINDS = ['throttle', '500', 'reset-before', 'reset-after-apply'] as const;

it('a rollback that was not waited for is finished by the next run, and gone further back from by the one after', async () => {
  await runningService(world());
  await released('b', 'c');
  await rollBack(['--wait-until', 'none']);
  await stage().pass(900);
  const next = await rollBack();
  expect(next.said.join('\n')).toContain('a rollback that was not seen to its end has started it');
  expect([next.exitCode, await runs()]).toEqual([0, 'web:2']);
  expect(await tagsOf(world(), 'web:2')).not.toHaveProperty('aws-deploy:rolling-back');
  await rollBack();
  expect(await runs()).toBe('web:1');
});

describe.each(KINDS)('%s', (kind) => {
  it('at UpdateService: one deployment all the same', async () => {
    await runningService(world());
    await released('b', 'c');
    stage().localAws.control.addFault({ operation: 'ecs:UpdateService', kind });
    const run = await rollBack([], { env: { AWS_MAX_ATTEMPTS: '3' } });
    expect(run.result).toMatchObject({ exitCode: 0, outputs: { deploymentStatus: 'SUCCEEDED' } });
    expect((await stage().deployments()).map(({ status }) => status)).toEqual(Array(4).fill('SUCCESSFUL'));
    expect(await runs()).toBe('web:2');
  });

  it('at StopServiceDeployment: rolled back all the same', async () => {
    await runningService(world(), STUCK);
    await deployNext(world(), 'b');
    stage().localAws.control.addFault({ operation: 'ecs:StopServiceDeployment', kind });
    const run = await rollBack([], { env: { AWS_MAX_ATTEMPTS: '3' } });
    expect(run.result).toMatchObject({ exitCode: 0, status: 'changed', outputs: { deploymentStatus: 'ROLLED_BACK' } });
    expect(await runs()).toBe('web:1');
  });
});

it('a deployment that came out before it could be stopped is gone back from', async () => {
  await runningService(world());
  await released('b');
  await deployNext(world(), 'c');
  const proxy = await pausingProxy(stage().localAws.endpoint);
  proxy.before('StopServiceDeployment', 1, () => stage().pass(900));
  const run = await rollBack([], { env: { AWS_ENDPOINT_URL: proxy.endpoint } });
  expect(run.said.join('\n')).toContain('came out before it could be rolled back');
  expect(run.result).toMatchObject({ exitCode: 0, outputs: { deploymentStatus: 'SUCCEEDED' } });
  expect(await runs()).toBe('web:2');
});

it('that ECS takes its own deployment back, to what was left, is no success of the next run', async () => {
  await runningService(world(), {
    tasks: [
      { match: 'web:1', times: 2 },
      { match: 'web:1', failToStart: PULL },
    ],
  });
  await released('b');
  await rollBack(['--wait-until', 'none']);
  while ((await stage().deployment()).status !== 'ROLLBACK_IN_PROGRESS') await stage().pass(5);
  const { result } = await rollBack();
  expect([result.exitCode, result.outputs['deploymentStatus']]).toEqual([9, 'ROLLED_BACK']);
  expect(await runs()).toBe('web:2');
});

describe('what AWS refuses for good leaves no mark of a rollback', () => {
  const SAID = 'The service was not changed. Run the rollback again.';

  it.each([
    ['the deployment', { operation: 'ecs:UpdateService' }],
    ['the second tag', { operation: 'ecs:TagResource', nth: 2 }],
  ])('%s', async (_what, fault) => {
    await runningService(world());
    await released('b');
    const before = [await tagsOf(world(), 'web:2'), await tagsOf(world(), 'web:1')].map(marksOf);
    stage().localAws.control.addFault({ ...fault, kind: 'access-denied' });
    const { result } = await rollBack();
    expect([result.exitCode, result.error?.hints.at(-1)]).toEqual([3, SAID]);
    expect([await tagsOf(world(), 'web:2'), await tagsOf(world(), 'web:1')].map(marksOf)).toEqual(before);
    expect([(await rollBack()).exitCode, await runs()]).toEqual([0, 'web:1']);
  });

  it('and names those that can not be removed', async () => {
    await runningService(world());
    await released('b');
    stage().localAws.control.addFault({ operation: 'ecs:UpdateService', kind: 'access-denied' });
    stage().localAws.control.addFault({ operation: 'ecs:UntagResource', kind: 'access-denied' });
    const { result } = await rollBack();
    expect(result.error?.hints.at(-1)).toBe(
      'The service was not changed. Done so far: web:2 is tagged aws-deploy:rejected. Run the rollback again.',
    );
  });

  function marksOf(tags: object): string[] {
    return Object.keys(tags).filter((key) => /:(rejected|rolling-back)$/.test(key));
  }
});

it('what AWS may have done all the same keeps its marks, and they are told', async () => {
  await runningService(world());
  await released('b');
  stage().localAws.control.addFault({ operation: 'ecs:UpdateService', kind: 'reset-before', times: 9 });
  const { result } = await rollBack();
  expect([result.exitCode, result.error?.hints.at(-1)]).toEqual([
    4,
    'The service was not changed. Done so far: web:2 is tagged aws-deploy:rejected; web:1 is tagged aws-deploy:rolling-back. Run the rollback again.',
  ]);
});

it('of a deployment that may be on its way it is not said that the service was not changed', async () => {
  await runningService(world());
  await released('b');
  const { control } = stage().localAws;
  control.addFault({ operation: 'ecs:UpdateService', kind: 'reset-after-apply' });
  control.addFault({ operation: 'ecs:DescribeServices', kind: 'access-denied', nth: 3 });
  const { result } = await rollBack();
  expect(result.error?.code).toBe('ecs.deployment_unknown');
  expect(result.error?.hints.at(-1)).toBe(
    'Done so far: web:2 is tagged aws-deploy:rejected; web:1 is tagged aws-deploy:rolling-back.',
  );
  expect(await runs()).toBe('web:1');
});

it('what ECS refuses to take back, because nothing came out before, goes on: exit code 10, and no abort', async () => {
  await stage().restart({ ecs: { deployments: [{ match: 'web:1', stuck: 'ROLLOUT' }] } });
  await stage().createService();
  await stage().pass(60);
  const proxy = await refusingProxy(stage().localAws.endpoint, 'StopServiceDeployment');
  const run = await rollBack([], { env: { AWS_ENDPOINT_URL: proxy.endpoint } });
  await proxy.close();
  expect(run.result).toMatchObject({
    exitCode: 10,
    error: {
      code: 'ecs.nothing_to_roll_back_to',
      title: expect.stringContaining('it is the first of the service'),
      hints: expect.arrayContaining([expect.stringContaining('--stop-type ABORT')]),
    },
  });
  expect((await stage().deployment()).status).toBe('IN_PROGRESS');
});

/** Fewer looks, which are the same again and again. */
const SELDOM = ['--poll-interval', '60s'];

describe('killed at any call, the next run comes to the same end', () => {
  async function walk(env: Readonly<Record<string, string>>, prepare: () => Promise<void>): Promise<string[]> {
    const { endpoint } = stage().localAws;
    const ends: string[] = [];
    let calls = Infinity;
    // Killed after one call is killed before the next; before the first one nothing has happened.
    for (let nth = 0; nth <= calls; nth++) {
      await prepare();
      const proxy = await killingProxy(endpoint, nth === 0 ? undefined : { nth, applied: true });
      let run = await rollBack(SELDOM, { env: { ...env, AWS_ENDPOINT_URL: proxy.endpoint } });
      await proxy.close();
      if (nth === 0) calls = proxy.count();
      if (run.exitCode !== 0) run = await rollBack(SELDOM, { env });
      ends.push(`${run.exitCode} ${await runs()} ${String(run.result.outputs['rejectedTaskDefinitionArn'])}`);
    }
    expect(calls).toBeGreaterThan(8);
    return [...new Set(ends)];
  }

  it.each([
    ['in the same job', JOB],
    ['on a laptop', {}],
  ])('%s, when a revision is chosen and deployed', async (_, env) => {
    const ends = await walk(env, async () => {
      await runningService(world());
      await released('b', 'c');
    });
    expect(ends).toEqual([`0 web:2 ${await arnOf('web:3')}`]);
  });

  it('when ECS takes back what is in flight', async () => {
    const ends = await walk({}, async () => {
      await runningService(world(), { deployments: [{ match: 'web:3', stuck: 'ROLLOUT' }] });
      await released('b');
      await deployNext(world(), 'c');
    });
    expect(ends).toEqual([`0 web:2 ${await arnOf('web:3')}`]);
  });
});
