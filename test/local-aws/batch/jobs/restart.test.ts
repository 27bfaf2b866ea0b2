import { GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { JsonObject } from '../../../../src/core/json.ts';
import { VirtualClock } from '../../../../src/local-aws/virtual-clock.ts';
import { logsClient } from '../../logs/logs-client.ts';
import { pushScriptImage } from '../../work/script-image.ts';
import { type JobStage, startJobStage } from './job-stage.ts';

let stateDir: string;
let stage: JobStage;

beforeEach(async () => {
  stateDir = mkdtempSync(join(tmpdir(), 'aws-deploy-restart-'));
  stage = await startJobStage({ stateDir });
});
afterEach(async () => {
  await stage.localAws.close();
  rmSync(stateDir, { recursive: true });
});

/** Ends the local AWS and starts it again on the same folder, its clock standing. */
async function restartProgram(scenario: JsonObject): Promise<void> {
  await stage.localAws.close();
  stage = await startJobStage({ stateDir, scenario });
  stage.localAws.control.setRate(0);
}

describe('after a restart on the same folder', () => {
  it('jobs go on where they were, and those that wait for them too', async () => {
    await stage.restart();
    const first = await stage.submit();
    const second = await stage.submit({ dependsOn: [{ jobId: first }] });
    await stage.pass(20);
    await restartProgram({ batch: { work: [] } });
    expect([(await stage.describe(first)).status, (await stage.describe(second)).status]).toEqual([
      'RUNNING',
      'PENDING',
    ]);
    await stage.pass(60);
    expect((await stage.describe(first)).status).toBe('SUCCEEDED');
    await stage.pass(60);
    expect((await stage.describe(second)).status).toBe('SUCCEEDED');
  });

  it('a time-out still ends a job', async () => {
    const scenario = { batch: { work: [], jobs: [{ match: 'job', durations: { RUNNING: '2h' } }] } };
    await stage.restart(scenario);
    const jobId = await stage.submit({ timeout: { attemptDurationSeconds: 60 } });
    await stage.pass(20);
    await restartProgram(scenario);
    await stage.pass(60);
    expect((await stage.describe(jobId)).statusReason).toBe('Job attempt duration exceeded timeout');
  });

  it('a process that ran is lost as with its host, and its job is tried again', async () => {
    const scenario = { batch: { work: ['host'] } };
    await stage.restart(scenario);
    const script =
      '#!/bin/sh\necho "attempt $AWS_BATCH_JOB_ATTEMPT"\nwhile [ "$AWS_BATCH_JOB_ATTEMPT" = 1 ]; do sleep 0.05; done\n';
    const image = await pushScriptImage(stage.localAws, 'work', [{ run: script }], { Entrypoint: ['/run'] });
    const { port } = stage.localAws;
    await stage.register({ containerProperties: { image, vcpus: 1, memory: 512 } });
    const wrote = stage.localAws.control.waitForRequest(
      ({ operation, state }) => operation === 'logs:PutLogEvents' && state === 'answered',
    );
    const jobId = await stage.submit({ retryStrategy: { attempts: 2 } });
    await stage.pass(13);
    await wrote;
    await stage.localAws.close();
    stage = await startJobStage({ stateDir, scenario, port });
    stage.localAws.control.setRate(0);
    await stage.localAws.control.advance(60_000, { settle: true });
    const job = await stage.describe(jobId);
    expect(job).toMatchObject({
      status: 'SUCCEEDED',
      attempts: [{ statusReason: expect.stringMatching(/^Host EC2 \(instance i-\w+\) terminated\.$/) as unknown }, {}],
    });
    const lines = await Promise.all(
      job.attempts!.map(async ({ container }) => {
        const input = { logGroupName: '/aws/batch/job', logStreamName: container!.logStreamName! };
        return (await logsClient(stage.localAws).send(new GetLogEventsCommand(input))).events?.[0]?.message;
      }),
    );
    expect(lines).toEqual(['attempt 1', 'attempt 2']);
  });
});

it('the same calls give the same state', async () => {
  const history = async (): Promise<JsonObject> => {
    const standing = Date.UTC(2026, 0, 1);
    const fresh = await startJobStage({ clock: new VirtualClock(() => standing) });
    try {
      await fresh.restart({ batch: { work: [], jobs: [{ match: 'job', outcome: { exitCode: 1 } }] } });
      await fresh.submit({ arrayProperties: { size: 3 }, retryStrategy: { attempts: 2 } });
      await fresh.submit();
      await fresh.pass(70);
      return fresh.localAws.control.state();
    } finally {
      await fresh.localAws.close();
    }
  };
  expect(await history()).toEqual(await history());
});
