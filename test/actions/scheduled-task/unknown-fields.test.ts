import { beforeEach, describe, expect, it } from '@jest/globals';
import { isJsonObject, type JsonObject } from '../../../src/core/json.ts';
import { alteringProxy, type AlteringProxy } from '../../aws/altering-proxy.ts';
import { drivingClock } from '../../support/driving-clock.ts';
import { awsEnvironment } from '../../support/local-aws-world.ts';
import { runCli } from '../../support/run-cli.ts';
import { arnOf, scheduledTaskWorldForTests, TOPIC, ruleTarget } from './scheduled-task-world.ts';

const world = scheduledTaskWorldForTests();

beforeEach(async () => {
  await world().revisions(1);
});

const FUTURE = { Zeitgeist: { deep: ['x', 1] } };

/** As an AWS that is newer than the SDK gives it: with a member at every level of what runs the task. */
function withFuture(part: JsonObject): JsonObject {
  const { EcsParameters: parameters, Target: target } = part;
  return {
    ...part,
    ...FUTURE,
    ...(isJsonObject(parameters) && { EcsParameters: { ...parameters, ...FUTURE } }),
    ...(isJsonObject(target) && { Target: withFuture(target) }),
  };
}

async function deploy(newer: AlteringProxy, flag: string): Promise<number> {
  const env = await awsEnvironment(newer, { AWS_REGION: 'eu-central-1' });
  const clock = drivingClock(world().stage.localAws.control);
  const args = ['deploy-scheduled-task', flag, 'nightly', '--task-definition-arn', 'web:2'];
  return (await runCli(args, { env, clock })).exitCode;
}

describe('members that this version has never heard of are sent back', () => {
  it('of the target of a rule', async () => {
    await world().rule([TOPIC, ruleTarget()]);
    const newer = await alteringProxy(world().stage.localAws.endpoint, (answer) => {
      const { Targets: targets } = answer;
      return Array.isArray(targets) ? { ...answer, Targets: targets.filter(isJsonObject).map(withFuture) } : answer;
    });
    expect(await deploy(newer, '--rule-name')).toBe(0);
    const [sent] = newer.bodies.flatMap(({ Targets: targets }) => (Array.isArray(targets) ? [targets] : []));
    expect(sent).toEqual([withFuture(ruleTarget('web:2') as unknown as JsonObject)]);
  });

  it('of a schedule and of its target', async () => {
    await world().schedule();
    const newer = await alteringProxy(world().stage.localAws.endpoint, (answer) =>
      'ScheduleExpression' in answer ? withFuture(answer) : answer,
    );
    expect(await deploy(newer, '--schedule-name')).toBe(0);
    const [sent] = newer.bodies.filter((body) => 'ScheduleExpression' in body);
    expect(sent).toMatchObject({
      ...FUTURE,
      Description: 'By hand',
      Target: { ...FUTURE, EcsParameters: { ...FUTURE, TaskDefinitionArn: arnOf('web:2') } },
    });
  });
});
