import { PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { resultOf } from '../../support/run-cli.ts';
import { arnOf, CLUSTER, ruleTarget, scheduledTaskWorldForTests, TOPIC } from './scheduled-task-world.ts';

const world = scheduledTaskWorldForTests();

const nightly = (...args: string[]): string[] => ['--rule-name', 'nightly', ...args];

beforeEach(async () => {
  await world().revisions(1);
});

describe('a rule with an ECS target', () => {
  it('is pointed to another revision; every other field and every other target stays', async () => {
    await world().rule([TOPIC, ruleTarget()]);
    const { $metadata: _m1, ...before } = await world().described();
    const run = await world().run(nightly('--task-definition-arn', 'web:2'));
    expect(resultOf(run)).toMatchObject({
      status: 'changed',
      exitCode: 0,
      component: 'nightly',
      outputs: {
        scheduleName: 'nightly',
        scheduleArn: before.Arn,
        taskDefinitionArn: arnOf('web:2'),
        previousTaskDefinitionArn: arnOf('web:1'),
        images: ['app=ghcr.io/acme/web:1', 'sidecar=ghcr.io/acme/sidecar:1'],
      },
      changes: [
        {
          resource: before.Arn,
          kind: 'updated',
          diff: [
            `- Target.EcsParameters.TaskDefinitionArn: "${arnOf('web:1')}"`,
            `+ Target.EcsParameters.TaskDefinitionArn: "${arnOf('web:2')}"`,
          ],
        },
      ],
    });
    expect(run.stderr).toContain(`+ Target.EcsParameters.TaskDefinitionArn: "${arnOf('web:2')}"`);
    const { $metadata: _m2, ...after } = await world().described();
    expect(after).toEqual(before);
    expect(await world().targets()).toEqual(expect.arrayContaining([TOPIC, ruleTarget('web:2')]));
  });

  it('when nothing differs, nothing is sent', async () => {
    await world().rule();
    world().calls();
    const run = await world().run(nightly('--task-definition-arn', 'web:1'));
    expect(resultOf(run)).toMatchObject({ status: 'unchanged', exitCode: 0, changes: [{ kind: 'unchanged' }] });
    expect(new Set(world().calls())).toEqual(
      new Set([
        'sts:GetCallerIdentity',
        'events:DescribeRule',
        'events:ListTargetsByRule',
        'ecs:DescribeTaskDefinition',
      ]),
    );
  });

  it('in a dry run is shown and left alone', async () => {
    await world().rule();
    world().calls();
    const run = await world().run(nightly('--task-definition-arn', 'web:2', '--dry-run'));
    expect(resultOf(run)).toMatchObject({ status: 'planned', exitCode: 0 });
    expect(run.stderr).toContain(`+ Target.EcsParameters.TaskDefinitionArn: "${arnOf('web:2')}"`);
    expect(await world().runs('--rule-name')).toBe(arnOf('web:1'));
    expect(world().calls()).not.toContain('events:PutTargets');
  });

  it('on another bus is found there', async () => {
    await world().rule([ruleTarget()], { bus: 'orders' });
    const run = await world().run(nightly('--event-bus-name', 'orders', '--task-definition-arn', 'web:2'));
    expect(run.exitCode).toBe(0);
    expect(await world().targets('nightly', 'orders')).toEqual([ruleTarget('web:2')]);
  });

  it('with several that run tasks, one has to be named, and only that one changes', async () => {
    await world().rule([ruleTarget(), ruleTarget('web:1', 'again')]);
    const vague = await world().run(nightly('--task-definition-arn', 'web:2'));
    expect(vague.exitCode).toBe(2);
    expect(vague.stderr).toContain('rule nightly has 2 targets that run ECS tasks');
    expect(vague.stderr).toContain('Give rule_target_id, one of: again, tasks.');
    const named = await world().run(nightly('--task-definition-arn', 'web:2', '--rule-target-id', 'again'));
    expect(named.exitCode).toBe(0);
    expect(await world().targets()).toEqual(expect.arrayContaining([ruleTarget(), ruleTarget('web:2', 'again')]));
  });

  it('that does not take the target is an error with the code and message of the entry', async () => {
    await world().rule();
    const entry = { id: 'tasks', code: 'InternalFailure', message: 'Try later.' };
    world().stage.localAws.control.setScenario({ events: { failEntries: [entry] } });
    const run = await world().run(nightly('--task-definition-arn', 'web:2'));
    expect(resultOf(run)).toMatchObject({
      exitCode: 10,
      error: { code: 'schedule.target_refused', message: 'tasks: InternalFailure: Try later.' },
    });
    expect(await world().runs('--rule-name')).toBe(arnOf('web:1'));
  });
});

describe('what is not there, or not for this', () => {
  it.each([
    ['a rule of a similar name', ['--rule-name', 'nigthly'], 5, 'Did you mean nightly?'],
    ['a bus of a similar name', nightly('--event-bus-name', 'order'), 5, 'Did you mean orders?'],
    ['a rule that is on another bus', ['--rule-name', 'ordered'], 5, 'There is one on event bus orders'],
    ['a rule that runs no task', ['--rule-name', 'telling'], 2, 'rule telling runs no ECS task'],
    ['a rule without targets', ['--rule-name', 'idle'], 2, 'It has no targets.'],
    ['a target that is not there', nightly('--rule-target-id', 'task'), 2, 'rule nightly has no target task'],
    ['a target that runs no task', nightly('--rule-target-id', 'tell'), 2, `runs no ECS task: ${TOPIC.Arn}`],
  ])('%s', async (_what, args, exitCode, told) => {
    await world().rule([ruleTarget(), TOPIC]);
    await world().rule([ruleTarget()], { name: 'ordered', bus: 'orders' });
    await world().rule([TOPIC], { name: 'telling' });
    await world().rule([], { name: 'idle' });
    const before = world().stage.localAws.control.state();
    const run = await world().run([...args, '--image', 'app=ghcr.io/acme/web:2']);
    expect({ exitCode: run.exitCode, stderr: run.stderr }).toEqual({
      exitCode,
      stderr: expect.stringContaining(told),
    });
    expect(world().stage.localAws.control.state()).toEqual(before);
  });

  it.each([
    ['neither a rule nor a schedule', [], 'neither schedule_name nor rule_name is given'],
    ['both', nightly('--schedule-name', 'nightly'), 'schedule_name and rule_name exclude each other'],
    ['a group of a rule', nightly('--group-name', 'nights'), 'group_name is for schedules'],
    ['a bus of a schedule', ['--schedule-name', 'a', '--event-bus-name', 'orders'], 'event_bus_name is for rules'],
    ['a target of a schedule', ['--schedule-name', 'a', '--rule-target-id', 'b'], 'rule_target_id is for rules'],
    [
      'a revision and a family',
      nightly('--task-definition-arn', 'web:1', '--pin', 'family'),
      'task_definition_arn and pin: family exclude each other',
    ],
    [
      'a revision as it is, and something to change in it',
      nightly('--task-definition-arn', 'web:1', '--environment', 'A=1'),
      'task_definition_arn is a revision as it is',
    ],
  ])('%s is a bad argument, before anything is called', async (_what, args, told) => {
    const run = await world().run(args);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain(told);
    expect(world().calls()).not.toContain('sts:GetCallerIdentity');
  });
});

describe('what others do at the same time', () => {
  it('to other targets and to the rule itself stays', async () => {
    const { events } = world();
    await world().rule();
    const state = world().stage.localAws.control;
    const put = state.waitForRequest((each) => each.operation === 'events:PutTargets' && each.state === 'delayed');
    state.addFault({ operation: 'events:PutTargets', kind: 'delay', ms: 200 });
    const running = world().run(nightly('--task-definition-arn', 'web:2'));
    await put;
    await events.send(new PutRuleCommand({ Name: 'nightly', ScheduleExpression: 'rate(2 hours)' }));
    await events.send(new PutTargetsCommand({ Rule: 'nightly', Targets: [TOPIC] }));
    expect((await running).exitCode).toBe(0);
    expect(await world().described()).toMatchObject({ ScheduleExpression: 'rate(2 hours)' });
    expect(await world().targets()).toEqual(expect.arrayContaining([TOPIC, ruleTarget('web:2')]));
  });
});

it('a target keeps its cluster', async () => {
  await world().rule();
  await world().run(nightly('--task-definition-arn', 'web:2'));
  expect(await world().targets()).toMatchObject([{ Arn: CLUSTER }]);
});
