import { DeleteLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, it } from '@jest/globals';
import { logsClient } from '../../local-aws/logs/logs-client.ts';
import { operationsOf } from '../../support/local-aws-world.ts';
import { EXECUTION_ROLE, taskRunWorldForTests, withLog } from './task-run-world.ts';

const world = taskRunWorldForTests();

const linesOf = (said: readonly string[]): string[] => said.filter((line) => line.startsWith('| '));

describe('the log of the container that counts', () => {
  it('is shown as it comes, each line once, before the end is told', async () => {
    await world().registerWithLog();
    world().play({ log: ['migrating', 'done'] });
    const { said } = await world().run();
    expect(linesOf(said)).toEqual(['| migrating', '| done']);
    expect(said.indexOf('| done')).toBeLessThan(said.findIndex((line) => line.startsWith('STOPPED')));
  });

  it('of several tasks says of which task a line is', async () => {
    await world().registerWithLog();
    world().play({ log: ['hello'] });
    const { said } = await world().run(['--count', '2']);
    expect(linesOf(said)).toEqual([
      expect.stringMatching(/^\| \([0-9a-f]{8}\): hello$/),
      expect.stringMatching(/^\| \([0-9a-f]{8}\): hello$/),
    ]);
  });

  it('or of those that were chosen, with the names of the containers', async () => {
    await world().registerWithLog();
    world().play({ log: ['hello'] });
    const { said } = await world().run(['--logs', 'app', '--logs', 'sidecar']);
    expect(linesOf(said)).toEqual(['| app: hello']);
  });

  it('that can not be read does not change the outcome', async () => {
    await world().registerWithLog();
    world().deny('logs:GetLogEvents');
    const { result, said } = await world().run();
    expect(result.exitCode).toBe(0);
    expect(
      said.filter((line) => line.startsWith('The log can not be read, the outcome of the task still counts')),
    ).toHaveLength(1);
  });

  it('whose group is gone does not either', async () => {
    await world().registerWithLog();
    world().play({ durations: { RUNNING: '5m' } });
    const logs = logsClient(world().localAws);
    const started = await world().run(['--no-wait', '--idempotency-key', 'k']);
    await world().stage.pass(30);
    await logs.send(new DeleteLogGroupCommand({ logGroupName: '/ecs/web' }));
    logs.destroy();
    const { result, stderr } = await world().run(['--idempotency-key', 'k']);
    expect(result).toMatchObject({ exitCode: 0, outputs: { taskArns: started.result.outputs['taskArns'] } });
    expect(stderr).toContain('The log group /ecs/web does not exist');
  });
});

it.each([
  ['no logConfiguration', undefined, 'its task definition has no logConfiguration'],
  ['another driver', { logDriver: 'splunk' as const }, 'it goes to splunk and not to CloudWatch Logs'],
])('%s is said, and CloudWatch Logs is not asked', async (_what, logConfiguration, why) => {
  const [app] = withLog();
  await world().stage.register({
    containerDefinitions: [{ ...app!, logConfiguration }],
    executionRoleArn: EXECUTION_ROLE,
  });
  const { result, said } = await world().run();
  expect(result.exitCode).toBe(0);
  expect(said).toContain(`The output of container app is not shown: ${why}`);
  expect(operationsOf(world().localAws)).not.toContain('logs:GetLogEvents');
});
