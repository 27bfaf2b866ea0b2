import { CloudWatchLogsClient, CreateLogGroupCommand, DeleteLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { batchQueueForTests } from '../../support/batch-queue.ts';
import { CONTAINER, withContainer } from '../../support/definitions.ts';
import { drivingClock } from '../../support/driving-clock.ts';
import { localAwsForTests, operationsOf, REGION } from '../../support/local-aws-world.ts';
import { playJobs, submit } from '../../support/submit-job.ts';

const localAws = localAwsForTests();
const queue = batchQueueForTests(localAws);

const MINUTE_MS = 60_000;
const LINES = ['first', 'second $(id)', 'third'];

const output = (said: readonly string[]): string[] =>
  said.flatMap((line) => (line.startsWith('| ') ? [line.slice(2)] : []));

describe('the log of a job', () => {
  beforeEach(() => queue().register());

  it('is shown, each line once, and its address is in the result', async () => {
    playJobs(localAws(), { outcome: { exitCode: 0, log: LINES }, durations: { RUNNING: '20m' } });
    const { result, said } = await submit(localAws());
    expect(output(said).filter((line) => LINES.includes(line))).toEqual(LINES);
    const { logStreamName = '' } = (await queue().jobs())[0]?.container ?? {};
    expect(result.outputs['logLink']).toBe(
      `https://${REGION}.console.aws.amazon.com/cloudwatch/home?region=${REGION}#logsV2:log-groups/log-group/` +
        `$252Faws$252Fbatch$252Fjob/log-events/${logStreamName.replaceAll('/', '$252F')}`,
    );
  });

  it('is not kept in the result', async () => {
    playJobs(localAws(), { outcome: { exitCode: 0, log: LINES } });
    const { stdout } = await submit(localAws());
    expect(stdout).not.toContain('first');
  });

  it('of each attempt is shown', async () => {
    await queue().register({ ...CONTAINER, retryStrategy: { attempts: 2 } });
    playJobs(
      localAws(),
      { times: 1, outcome: { exitCode: 1, log: ['one'] } },
      { outcome: { exitCode: 0, log: ['two'] } },
    );
    const { said } = await submit(localAws());
    expect(output(said).filter((line) => /^(one|two)$/.test(line))).toEqual(['one', 'two']);
  });

  it('has no secrets of this job in it', async () => {
    playJobs(localAws(), { outcome: { exitCode: 0, log: ['the token is hush-hush'] } });
    const { stderr } = await submit(localAws(), [], { env: { DEPLOY_TOKEN: 'hush-hush' } });
    expect(stderr).toContain('| the token is ****');
  });

  it('is read on after throttling, without a gap and without repetition', async () => {
    playJobs(localAws(), { outcome: { exitCode: 0, log: LINES } });
    localAws().control.addFault({ operation: 'logs:GetLogEvents', kind: 'throttle', times: 2 });
    const { result, said } = await submit(localAws(), ['--poll-interval', '1s']);
    expect(result.exitCode).toBe(0);
    expect(output(said).filter((line) => LINES.includes(line))).toEqual(LINES);
  });
});

describe('the outcome of a job counts, also without its log', () => {
  beforeEach(() => queue().register());

  it('when reading it is not allowed, which is said once and not tried again', async () => {
    playJobs(localAws(), { outcome: { exitCode: 0, log: LINES }, durations: { RUNNING: '20m' } });
    const { control } = localAws();
    control.setScenario({ ...control.scenario(), iam: { deny: [{ action: 'logs:GetLogEvents' }] } });
    const { result, said } = await submit(localAws());
    expect(result).toMatchObject({ exitCode: 0, outputs: { jobStatus: 'SUCCEEDED' } });
    expect(
      said.filter((line) => line.includes('The log can not be read, the outcome of the job still counts')),
    ).toHaveLength(1);
    expect(operationsOf(localAws()).filter((name) => name === 'logs:GetLogEvents')).toHaveLength(1);
  });

  it('when its group was deleted', async () => {
    playJobs(localAws(), { outcome: { exitCode: 0, log: LINES }, durations: { RUNNING: '20m' } });
    const clock = drivingClock(localAws().control);
    const logs = new CloudWatchLogsClient({
      endpoint: localAws().endpoint,
      region: REGION,
      credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    });
    clock.at(5 * MINUTE_MS, async () => {
      await logs.send(new CreateLogGroupCommand({ logGroupName: '/aws/batch/job' })).catch(() => undefined);
      await logs.send(new DeleteLogGroupCommand({ logGroupName: '/aws/batch/job' }));
    });
    const { result, said } = await submit(localAws(), [], { clock });
    logs.destroy();
    expect(result.exitCode).toBe(0);
    expect(said.filter((line) => line.startsWith('The log group /aws/batch/job does not exist'))).toHaveLength(1);
  });
});

it('a log that goes elsewhere is said to do so', async () => {
  await queue().register(withContainer(CONTAINER, { logConfiguration: { logDriver: 'splunk' } }));
  playJobs(localAws(), { outcome: { exitCode: 0, log: LINES } });
  const { result, said } = await submit(localAws());
  expect(result.exitCode).toBe(0);
  expect(said.filter((line) => line.startsWith('The output of the job goes to splunk'))).toHaveLength(1);
  expect(operationsOf(localAws())).not.toContain('logs:GetLogEvents');
});
