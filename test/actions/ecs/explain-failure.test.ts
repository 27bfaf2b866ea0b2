import { CreateLogGroupCommand, CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, it } from '@jest/globals';
import { explainFailure } from '../../../src/actions/ecs/explain-failure.ts';
import { ecsOf } from '../../../src/aws/ecs/session-ecs.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { ecsWorldForTests, WEB } from '../../support/ecs-world.ts';
import { deploySecond, follow } from './follow-world.ts';

const world = ecsWorldForTests();
const PULL = 'CannotPullContainerError: pull image manifest has been retried 5 time(s): not found';
const LOGGED = {
  executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
  containerDefinitions: [
    {
      name: 'app',
      image: 'ghcr.io/acme/web:2',
      logConfiguration: {
        logDriver: 'awslogs' as const,
        options: { 'awslogs-group': 'web', 'awslogs-region': 'eu-central-1', 'awslogs-stream-prefix': 'ecs' },
      },
    },
  ],
};

/** The digest of a second revision that does not succeed. */
async function explained(scenario: JsonObject, before = (): void => undefined): Promise<string[]> {
  const { stage, session } = world();
  await stage.restart({ ecs: scenario });
  await createLogGroup();
  await stage.createService({
    deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
  });
  await stage.pass(900);
  const followed = await follow(world(), await deploySecond(world(), {}, LOGGED));
  before();
  return explainFailure(followed, WEB, session);
}

async function createLogGroup(): Promise<void> {
  const logs = new CloudWatchLogsClient({
    endpoint: world().stage.localAws.endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
  });
  await logs.send(new CreateLogGroupCommand({ logGroupName: 'web' }));
  logs.destroy();
}

it('tasks that could not be started are told with the reason', async () => {
  const lines = await explained({ tasks: [{ match: 'web:2', failToStart: PULL }] });
  expect(lines[0]).toMatch(/^\d tasks stopped: CannotPullContainerError: .*not found/);
  expect(lines).toContain('Circuit breaker: 3 failed tasks, threshold 3 (TRIGGERED)');
  expect(lines.some((line) => line.includes('deployment failed: tasks failed to start'))).toBe(true);
});

it('they are found among many others that have stopped', async () => {
  const { stage, session } = world();
  await stage.restart({ ecs: { tasks: [{ match: 'web:2', failToStart: PULL }] } });
  const deploymentConfiguration = { deploymentCircuitBreaker: { enable: true, rollback: true } };
  await stage.createService({ desiredCount: 130, deploymentConfiguration });
  await stage.pass(900);
  await stage.update({ desiredCount: 1 });
  await stage.pass(300);
  const followed = await follow(world(), await deploySecond(world(), {}, LOGGED));
  const { tasks } = ecsOf(session);
  const all = await tasks.startedBy('demo', followed.rollout.ours.id);
  expect((await explainFailure(followed, WEB, session))[0]).toMatch(new RegExp(`^${all.length} tasks stopped: `));
});

describe('tasks that exit', () => {
  const scenario = {
    tasks: [{ match: 'web:2', exit: { after: '1s', exitCode: 3 }, log: ['starting', 'no DATABASE_URL'] }],
  };

  it('are told with their exit code, and with their last output', async () => {
    const lines = await explained(scenario);
    expect(lines[0]).toContain('app: exit code 3');
    expect(lines).toContain('  | no DATABASE_URL');
  });

  it('are missing where they may not be looked at, which is told', async () => {
    const lines = await explained({ ...scenario }, () => {
      world().stage.localAws.control.addFault({ operation: 'ecs:ListTasks', kind: 'access-denied' });
    });
    expect(lines.at(-1)).toBe('Why tasks stopped can not be read: not allowed: ecs:ListTasks on tasks of web in demo');
    expect(lines).toContain('Circuit breaker: 3 failed tasks, threshold 3 (TRIGGERED)');
  });

  it('are told without their output where that can not be read', async () => {
    const read = (): Promise<never> => Promise.reject(new Error('not allowed'));
    Object.assign(world().session, { logs: () => Promise.resolve({ read }) });
    const lines = await explained(scenario);
    expect(lines[0]).toContain('app: exit code 3');
    expect(lines.some((line) => line.startsWith('  | '))).toBe(false);
    expect(lines.at(-1)).toBe('What tasks wrote can not be read: not allowed');
  });
});
