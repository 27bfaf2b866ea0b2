import type { DeploymentConfiguration, DeploymentLifecycleHook } from '@aws-sdk/client-ecs';
import { describe, expect, it } from '@jest/globals';
import type { JudgeRequest } from '../../../src/actions/ecs/judge-deployment.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { newTag } from '../../../src/plan/job-definition/our-tags.ts';
import { attachedDeployment } from '../../../src/plan/rollout/started-deployment.ts';
import { eventsSince } from '../../../src/plan/rollout/telling/service-events.ts';
import { DIGEST } from '../../support/definitions.ts';
import { drivingClock } from '../../support/driving-clock.ts';
import { ecsWorldForTests, WEB } from '../../support/ecs-world.ts';
import { rejectionOf } from '../../support/failures.ts';
import { deploySecond } from './follow-world.ts';
import { BREAKER, judge, judgingTags, NO_ROLLBACK, PULL, runningService, STUCK } from './judge-world.ts';

const world = ecsWorldForTests();
const BY_DIGEST = { containerDefinitions: [{ name: 'app', image: `ghcr.io/acme/web@${DIGEST}` }] };
const CANNOT_PULL = { tasks: [{ match: 'web:2', failToStart: PULL }] };
const PAUSE: DeploymentLifecycleHook = { targetType: 'PAUSE', lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'] };

const secondByDigest = () => deploySecond(world(), {}, BY_DIGEST);
const second = () => deploySecond(world());

/** What a deployment of the second revision comes to: status, exit code, and the tags of the revision. */
async function outcome(scenario: JsonObject, configuration: DeploymentConfiguration, more: Partial<JudgeRequest> = {}) {
  await runningService(world(), scenario, configuration);
  const { outputs, failure, said } = await judge(world(), second, more);
  const tags = await judgingTags(world(), 'web:2');
  return { status: outputs.deploymentStatus, exitCode: failure?.exitCode ?? 0, tags, outputs, failure, said };
}

const STRATEGIES: [string, DeploymentConfiguration][] = [
  ['ROLLING', BREAKER],
  ['BLUE_GREEN', { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 1, ...BREAKER }],
  ['LINEAR', { strategy: 'LINEAR', linearConfiguration: { stepPercent: 50, stepBakeTimeInMinutes: 1 }, ...BREAKER }],
  [
    'CANARY',
    { strategy: 'CANARY', canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 1 }, ...BREAKER },
  ],
];

describe.each(STRATEGIES)('a deployment of the kind %s', (_strategy, configuration) => {
  it('that succeeds is proven by what the tasks report, and its revision is verified', async () => {
    await runningService(world(), {}, configuration);
    const { outputs, failure, proof } = await judge(world(), secondByDigest);
    expect(failure).toBeUndefined();
    expect(outputs).toMatchObject({
      deploymentStatus: 'SUCCEEDED',
      deploymentId: expect.stringMatching(/^ecs-svc\/\d+$/) as unknown,
      serviceDeploymentArn: expect.stringContaining(':service-deployment/demo/web/') as unknown,
      serviceArn: expect.stringContaining(':service/demo/web') as unknown,
      taskDefinitionArn: expect.stringMatching(/web:2$/) as unknown,
      digests: [`app=${DIGEST}`],
      verified: true,
    });
    expect(proof?.runningTasks).toBe(2);
    expect(await judgingTags(world(), 'web:2')).toEqual(['verified']);
  });

  it('whose tasks fail to start is exit code 9, with the reason, and its revision is rejected', async () => {
    const { status, exitCode, tags, failure, outputs } = await outcome(CANNOT_PULL, configuration);
    expect([status, exitCode, tags, outputs.verified]).toEqual(['ROLLED_BACK', 9, ['rejected'], false]);
    expect(failure?.message).toContain('CannotPullContainerError');
    expect(failure?.hints.join('\n')).toContain('The service is back at web:1.');
  });
});

describe('a deployment that ends otherwise', () => {
  it.each<[string, JsonObject, DeploymentConfiguration, string, number, string[]]>([
    ['fails and is not rolled back', CANNOT_PULL, NO_ROLLBACK, 'FAILED', 10, ['rejected']],
    [
      'fails, and its rollback, too',
      { ...CANNOT_PULL, deployments: [{ match: 'web:2', rollback: 'fails' }] },
      BREAKER,
      'FAILED',
      10,
      ['rejected'],
    ],
    [
      'is superseded',
      { deployments: [{ match: 'web:2', superseded: { after: '5s', taskDefinition: 'web:1' } }] },
      BREAKER,
      'SUPERSEDED',
      11,
      [],
    ],
    ['loses its service', { deployments: [{ match: 'web:2', deleted: { after: '5s' } }] }, BREAKER, 'FAILED', 10, []],
    ['never ends', STUCK, BREAKER, 'TIMED_OUT', 8, []],
  ])('because it %s', async (_how, scenario, configuration, status, exitCode, tags) => {
    const ended = await outcome(scenario, configuration);
    expect([ended.status, ended.exitCode, ended.tags]).toEqual([status, exitCode, tags]);
  });

  it('because somebody stopped it, is exit code 10, and its revision is not judged', async () => {
    await runningService(world(), STUCK);
    const clock = drivingClock(world().stage.localAws.control);
    clock.at(60_000, async () => {
      const { serviceDeploymentArn } = await world().stage.deployment();
      await world().ecs.services.stopDeployment(serviceDeploymentArn ?? '', 'ABORT');
    });
    const { outputs, failure } = await judge(world(), second, { clock });
    expect([outputs.deploymentStatus, failure?.exitCode]).toEqual(['STOPPED', 10]);
    expect(await judgingTags(world(), 'web:2')).toEqual([]);
  });
});

describe('tags', () => {
  it('a revision that was rejected before is no longer, after it has proven itself', async () => {
    await runningService(world());
    const { outputs } = await judge(world(), async () => {
      const begun = await second();
      await world().ecs.taskDefinitions.tag(begun.taskDefinition, newTag('rejected', 'once'));
      return begun;
    });
    expect(outputs.verified).toBe(true);
    expect(await judgingTags(world(), 'web:2')).toEqual(['verified']);
  });

  it('a revision that is verified stays so when it fails: what failed may be around it', async () => {
    await runningService(world(), CANNOT_PULL);
    const { outputs } = await judge(world(), async () => {
      const begun = await second();
      await world().ecs.taskDefinitions.tag(begun.taskDefinition, newTag('verified', 'once'));
      return begun;
    });
    expect(outputs.verified).toBe(true);
    expect(await judgingTags(world(), 'web:2')).toEqual(['verified']);
  });

  it.each([{}, CANNOT_PULL])('are not set where nobody wants them: %j', async (scenario) => {
    const { tags, outputs } = await outcome(scenario, BREAKER, { markVerified: false });
    expect([tags, outputs.verified]).toEqual([[], undefined]);
  });

  it('that can not be set after a success are a warning', async () => {
    await runningService(world());
    deny('ecs:TagResource');
    const { failure, outputs, said } = await judge(world(), second);
    expect([failure, outputs.verified]).toEqual([undefined, false]);
    expect(said.at(-1)).toMatch(/^web:2 could not be tagged as verified: not allowed: ecs:TagResource on/);
  });

  it('are not earned by a deployment of which no task runs', async () => {
    await runningService(world());
    const { outputs, said } = await judge(world(), () => deploySecond(world(), { desiredCount: 0 }));
    expect([outputs.deploymentStatus, outputs.verified]).toEqual(['SUCCEEDED', false]);
    expect(said.at(-1)).toBe('No task of it runs, so that it is not tagged as verified');
  });
});

describe('the proof', () => {
  it('what can not be told is said, and is never proven', async () => {
    await runningService(world());
    const { tasks } = world().ecs;
    const { ofService } = tasks;
    // A container that has no digest to report.
    Object.assign(tasks, {
      ofService: async (...asked: Parameters<typeof ofService>) =>
        (await ofService(...asked)).map((task) => ({
          ...task,
          containers: task.containers.map((container) =>
            container.name === 'sidecar' ? { ...container, digest: undefined } : container,
          ),
        })),
    });
    const { outputs, said, failure } = await judge(world(), second);
    expect(failure).toBeUndefined();
    expect(outputs.digests).toEqual([expect.stringMatching(/^app=sha256:/)]);
    expect(said).toContain("Not proven: 2 of 2 tasks don't report the digest of sidecar");
  });

  it.each<[string, object, number, string]>([
    ['that does not hold is exit code 10', { problems: ['Task 1 runs web:1'] }, 10, 'ecs.not_as_asked'],
    ['of what was superseded meanwhile is exit code 11', { supersededBy: 'ecs-svc/9' }, 11, 'ecs.superseded'],
  ])('%s', async (_what, contradiction, exitCode, code) => {
    await runningService(world());
    const { services } = world().ecs;
    const { describe: describeService } = services;
    // Somebody changes the service after AWS called the deployment a success.
    Object.assign(services, {
      describe: async (place: typeof WEB) => {
        const service = await describeService(place);
        if (!('supersededBy' in contradiction)) return service && { ...service, taskDefinition: 'web:1' };
        const [primary] = service?.deployments ?? [];
        const later = { ...primary, id: 'ecs-svc/9', createdAt: (primary?.createdAt ?? 0) + 1 };
        return service && { ...service, deployments: [later] };
      },
    });
    const begun = await second().catch(() => undefined);
    const { failure } = await judge(world(), () => Promise.resolve(begun!));
    expect([failure?.exitCode, failure?.code]).toEqual([exitCode, code]);
    expect(await judgingTags(world(), 'web:2')).toEqual([]);
  });

  it('that can not be made has the exit code of why not, and says that the deployment succeeded', async () => {
    await runningService(world());
    deny('ecs:ListTasks');
    const { failure, outputs } = await judge(world(), second);
    expect([failure?.exitCode, outputs.deploymentStatus, outputs.verified]).toEqual([3, 'SUCCEEDED', false]);
    expect(failure?.title).toContain('succeeded, but what runs could not be proven: not allowed: ecs:ListTasks');
  });
});

describe('as far as it is to be waited for', () => {
  const BLUE_GREEN: DeploymentConfiguration = { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 10 };

  it('not at all', async () => {
    const { status, exitCode, tags, outputs } = await outcome({}, BREAKER, { goal: { kind: 'none' } });
    expect([status, exitCode, tags]).toEqual(['GOING', 0, []]);
    expect(outputs.deploymentId).toMatch(/^ecs-svc/);
  });

  it('not at all, where it can not be looked at either', async () => {
    await runningService(world());
    const begun = await second();
    deny('ecs:Describe*');
    const { failure, said } = await judge(world(), () => Promise.resolve(begun), { goal: { kind: 'none' } });
    expect(failure).toBeUndefined();
    expect(said).toEqual([expect.stringContaining('The deployment was started and can not be looked at')]);
  });

  it('to a stage', async () => {
    const { status, exitCode, outputs, tags } = await outcome({}, BLUE_GREEN, {
      goal: { kind: 'stage', stage: 'BAKE_TIME' },
    });
    expect([status, exitCode, outputs.stage, tags]).toEqual(['BAKING', 0, 'BAKE_TIME', []]);
  });

  it('to a pause, whose hook is an output', async () => {
    const { status, exitCode, outputs } = await outcome(
      {},
      { ...BLUE_GREEN, lifecycleHooks: [PAUSE] },
      { goal: { kind: 'paused' } },
    );
    expect([status, exitCode]).toEqual(['PAUSED', 0]);
    expect(outputs.hookId).toBeTruthy();
  });

  it('a pause when more was asked for is exit code 12, with what ends it', async () => {
    const { exitCode, failure, outputs, tags } = await outcome({}, { ...BLUE_GREEN, lifecycleHooks: [PAUSE] });
    expect([exitCode, failure?.code, tags]).toEqual([12, 'ecs.paused', []]);
    expect(failure?.message).toMatch(
      /The pause \S+ waits for somebody to continue or reject until \S+Z; then the deployment is rolled back\./,
    );
    const command = `aws-deploy continue-deployment --cluster demo --service web --deployment ${outputs.deploymentId}`;
    expect(failure?.hints).toContain(`To let it go on: ${command} --region eu-central-1`);
    expect(failure?.hints).toContain(`To reject it: ${command} --decision reject --region eu-central-1`);
  });
});

describe('when the time is over', () => {
  const inAMinute = { timeout: 60_000 };

  it('it is left, with the commands that follow it again and take it back', async () => {
    const { exitCode, failure, outputs } = await outcome(STUCK, BREAKER, inAMinute);
    expect(exitCode).toBe(8);
    expect(failure?.title).toBe('the deployment of web timed out: it had not ended after 1m');
    expect(failure?.message).toContain('The time is over, and it goes on.');
    const place = '--cluster demo --service web';
    expect(failure?.hints).toContain(
      `To follow it again: aws-deploy watch-deployment ${place} --deployment ${outputs.deploymentId} --region eu-central-1`,
    );
    expect(failure?.hints).toContain(`To take it back: aws-deploy rollback-service ${place} --region eu-central-1`);
    expect((await world().stage.deployment()).status).toBe('IN_PROGRESS');
  });

  it.each<[JudgeRequest['onTimeout'], string, number, string]>([
    ['stop', 'STOPPED', 10, 'was stopped: it had not ended after 1m'],
    ['rollback', 'ROLLED_BACK', 9, 'was rolled back: it had not ended after 1m'],
  ])('with %s it is %s, followed to that end: exit code %i', async (onTimeout, status, expected, title) => {
    const { exitCode, failure, ...ended } = await outcome(STUCK, BREAKER, { ...inAMinute, onTimeout });
    expect([ended.status, exitCode, failure?.title]).toEqual([status, expected, `the deployment of web ${title}`]);
  });

  it('a rollback that does not come to its end is waited for for a while: exit code 8', async () => {
    const scenario = { deployments: [{ match: 'web:2', stuck: 'ROLLOUT', rollback: 'stuck' }] };
    const { exitCode, failure } = await outcome(scenario, BREAKER, { ...inAMinute, onTimeout: 'rollback' });
    expect(exitCode).toBe(8);
    expect(failure?.message).toContain('it was told to roll back; that had not ended after 15m.');
    expect(failure?.hints.join('\n')).toContain('To see how it ends: aws-deploy watch-deployment');
  });

  it('a rollback that fails is exit code 10', async () => {
    const scenario = { deployments: [{ match: 'web:2', stuck: 'ROLLOUT', rollback: 'fails' }] };
    const { exitCode, failure } = await outcome(scenario, BREAKER, { ...inAMinute, onTimeout: 'rollback' });
    expect([exitCode, failure?.title]).toEqual([
      10,
      'the deployment of web failed: it had not ended after 1m; and the rollback failed, too',
    ]);
  });

  it('what may not be stopped goes on, and that is said: exit code 8', async () => {
    await runningService(world(), STUCK);
    deny('ecs:StopServiceDeployment');
    const { failure } = await judge(world(), second, { ...inAMinute, onTimeout: 'rollback' });
    expect(failure?.exitCode).toBe(8);
    expect(failure?.message).toContain(
      'it could not be rolled back and goes on (not allowed: ecs:StopServiceDeployment',
    );
    expect(failure?.hints.join('\n')).toContain('To take it back: aws-deploy rollback-service');
  });

  it('a rollback that can no longer be seen was asked for, and that is said: exit code 8', async () => {
    await runningService(world(), STUCK);
    const { services } = world().ecs;
    const { stopDeployment } = services;
    Object.assign(services, {
      stopDeployment: async (...asked: Parameters<typeof stopDeployment>) => {
        await stopDeployment(...asked);
        deny('ecs:Describe*');
      },
    });
    const { failure } = await judge(world(), second, { ...inAMinute, onTimeout: 'rollback' });
    expect(failure?.exitCode).toBe(8);
    expect(failure?.message).toContain('it was told to roll back; what comes of it can not be seen (not allowed:');
  });

  it('one that ends just before it is told to stop is what it ended as', async () => {
    await runningService(world());
    const { services } = world().ecs;
    const { stopDeployment } = services;
    Object.assign(services, {
      stopDeployment: async (...asked: Parameters<typeof stopDeployment>) => {
        await world().stage.pass(900);
        await stopDeployment(...asked);
      },
    });
    const { failure, outputs } = await judge(world(), second, { timeout: 20_000, onTimeout: 'rollback' });
    expect([failure, outputs.deploymentStatus, outputs.verified]).toEqual([undefined, 'SUCCEEDED', true]);
  });

  it('one that succeeds while it is told to stop is a success', async () => {
    await runningService(world());
    const { services } = world().ecs;
    Object.assign(services, { stopDeployment: () => Promise.resolve() });
    const { failure, outputs } = await judge(world(), second, { timeout: 20_000, onTimeout: 'stop' });
    expect([failure, outputs.deploymentStatus, outputs.verified]).toEqual([undefined, 'SUCCEEDED', true]);
  });
});

describe('a deployment that can no longer be seen', () => {
  it('keeps the exit code of why, and tells the commands that go on', async () => {
    await runningService(world(), STUCK);
    const clock = drivingClock(world().stage.localAws.control);
    clock.at(60_000, () => deny('ecs:Describe*'));
    const { failure, outputs } = await judge(world(), second, { clock });
    expect([failure?.exitCode, failure?.code]).toEqual([3, 'aws.access_denied']);
    expect(failure?.hints.join('\n')).toContain(`--deployment ${outputs.deploymentId}`);
    expect(failure?.hints).toContain(`The deployment ${outputs.deploymentId} of web was left as it is.`);
  });

  it('an error of who begins it is thrown as it is', async () => {
    const error = await rejectionOf(
      judge(world(), () =>
        world()
          .ecs.services.notFound(WEB)
          .then((told) => Promise.reject(told)),
      ),
    );
    expect(error.code).toBe('ecs.service_not_found');
  });
});

describe('a deployment that is to be taken back', () => {
  /** Tells ECS to stop a deployment that is attached to. */
  async function takenBack(scenario: JsonObject, how: 'ROLLBACK' | 'ABORT' = 'ROLLBACK') {
    await runningService(world(), scenario);
    await second();
    return judge(world(), () => stopInFlight(how), { wanted: 'rolled-back' });
  }

  async function stopInFlight(how: 'ROLLBACK' | 'ABORT') {
    const { ecs, stage } = world();
    const service = await ecs.services.describe(WEB);
    const [primary] = service?.deployments ?? [];
    if (!service || !primary) throw new Error('there is no deployment');
    const { serviceDeploymentArn } = await stage.deployment();
    await ecs.services.stopDeployment(serviceDeploymentArn ?? '', how);
    return { ours: attachedDeployment(primary, service), told: eventsSince(0) };
  }

  it('and is, is a success, and its revision is rejected', async () => {
    const { failure, outputs } = await takenBack(STUCK);
    expect([failure, outputs.deploymentStatus]).toEqual([undefined, 'ROLLED_BACK']);
    expect(await judgingTags(world(), 'web:2')).toEqual(['rejected']);
  });

  it('and whose rollback fails is exit code 10', async () => {
    const { failure } = await takenBack({ deployments: [{ match: 'web:2', stuck: 'ROLLOUT', rollback: 'fails' }] });
    expect([failure?.exitCode, failure?.code]).toEqual([10, 'ecs.deployment_failed']);
  });

  it('and is only stopped, although there is something to go back to, is exit code 10', async () => {
    const { failure } = await takenBack(STUCK, 'ABORT');
    expect(failure?.exitCode).toBe(10);
  });

  it('and is stopped where there is nothing to go back to is a success, which is said', async () => {
    await world().stage.restart({ ecs: { deployments: [{ match: 'web', stuck: 'ROLLOUT' }] } });
    await world().stage.createService({ deploymentConfiguration: BREAKER });
    await world().stage.pass(30);
    const { failure, outputs, said } = await judge(world(), () => stopInFlight('ABORT'), { wanted: 'rolled-back' });
    expect([failure, outputs.deploymentStatus]).toEqual([undefined, 'STOPPED']);
    expect(said.join('\n')).toContain('web had nothing to go back to');
  });

  it('and has succeeded before is exit code 10', async () => {
    await runningService(world());
    const begun = await second();
    await world().stage.pass(900);
    const { failure } = await judge(world(), () => Promise.resolve(begun), { wanted: 'rolled-back' });
    expect([failure?.exitCode, failure?.code]).toEqual([10, 'ecs.not_rolled_back']);
    expect(await judgingTags(world(), 'web:2')).toEqual([]);
  });
});

function deny(action: string): void {
  const { control } = world().stage.localAws;
  control.setScenario({ ...control.scenario(), iam: { deny: [{ action }] } });
}
