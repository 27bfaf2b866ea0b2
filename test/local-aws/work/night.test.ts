import { ListJobsCommand, RegisterJobDefinitionCommand } from '@aws-sdk/client-batch';
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { afterAll, beforeAll, expect, it } from '@jest/globals';

import { type JobStage, startJobStage } from '../batch/jobs/job-stage.ts';
import { logsClient } from '../logs/logs-client.ts';
import { pushScriptImage } from './script-image.ts';

let stage: JobStage;

beforeAll(async () => {
  stage = await startJobStage();
});
afterAll(() => stage.localAws.close());

it('nights that pass in a moment: the schedule fires, the job does its work, the log has its time', async () => {
  await stage.restart({ batch: { work: ['host'] } });
  const files = { run: '#!/bin/sh\necho "$1"\nsleep 0.2\necho done\n' };
  const image = await pushScriptImage(stage.localAws, 'work', [files], { Entrypoint: ['/run'] });
  await stage.batch.send(
    new RegisterJobDefinitionCommand({
      jobDefinitionName: 'night',
      type: 'container',
      containerProperties: { image, vcpus: 1, memory: 512, command: ['Ref::word'] },
      timeout: { attemptDurationSeconds: 60 },
    }),
  );
  const scheduler = new SchedulerClient({
    endpoint: stage.localAws.endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
  });
  const input = { JobName: 'night', JobQueue: 'q', JobDefinition: 'night:1', Parameters: { word: 'hello' } };
  await scheduler.send(
    new CreateScheduleCommand({
      Name: 'nightly',
      ScheduleExpression: 'cron(0 3 * * ? *)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: 'arn:aws:scheduler:::aws-sdk:batch:submitJob',
        RoleArn: 'arn:aws:iam::123456789012:role/scheduler',
        Input: JSON.stringify(input),
      },
    }),
  );

  await stage.localAws.control.advance(2 * 86_400_000, { settle: true });

  const { jobSummaryList: jobs = [] } = await stage.batch.send(
    new ListJobsCommand({ jobQueue: 'q', jobStatus: 'SUCCEEDED' }),
  );
  const times = jobs.map(({ createdAt, startedAt, stoppedAt }) =>
    [createdAt, startedAt, stoppedAt].map((time) => new Date(time!).toISOString().slice(11, 19)),
  );
  expect(times).toEqual(Array.from({ length: 2 }, () => ['03:00:00', '03:00:12', '03:00:12']));
  const { events = [] } = await logsClient(stage.localAws).send(
    new FilterLogEventsCommand({ logGroupName: '/aws/batch/job', startTime: jobs[0]!.startedAt }),
  );
  expect(events.map(({ message, timestamp }) => [message, timestamp])).toEqual([
    ['hello', jobs[0]!.startedAt],
    ['done', jobs[0]!.startedAt],
  ]);
});
