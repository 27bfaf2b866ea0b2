import { CreateScheduleCommand, type CreateScheduleInput } from '@aws-sdk/client-scheduler';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type LocalAws, startLocalAws } from '../../../src/local-aws/server.ts';
import { happened, HOUR, MINUTE, nightly, QUEUE, registerTarget, schedulerClient } from './scheduler-client.ts';

let stateDir: string;
let localAws: LocalAws;

beforeEach(async () => {
  stateDir = mkdtempSync(join(tmpdir(), 'aws-deploy-scheduler-'));
  localAws = await startLocalAws({ stateDir });
});
afterEach(async () => {
  await localAws.close();
  rmSync(stateDir, { recursive: true });
});

async function create(more: Partial<CreateScheduleInput>): Promise<void> {
  const scheduler = schedulerClient(localAws);
  await scheduler.send(new CreateScheduleCommand(nightly(more)));
  scheduler.destroy();
}

async function restart(): Promise<void> {
  await localAws.close();
  localAws = await startLocalAws({ stateDir });
}

const outcomes = (): string[] => happened(localAws).invocations.map(({ outcome }) => outcome);

it('a schedule goes on after a restart where it was, without a run twice', async () => {
  await create({ ScheduleExpression: 'rate(1 hour)' });
  await localAws.control.advance(HOUR + 30 * MINUTE);
  expect(outcomes()).toHaveLength(2);
  await restart();
  await localAws.control.advance(15 * MINUTE);
  expect(outcomes()).toHaveLength(2);
  await localAws.control.advance(30 * MINUTE);
  expect(outcomes()).toHaveLength(3);
});

it('what is to be tried again is, and the dead letters are kept', async () => {
  const Target = registerTarget({ RetryPolicy: { MaximumRetryAttempts: 1 }, DeadLetterConfig: { Arn: QUEUE } });
  localAws.control.addFault({ operation: 'batch:RegisterJobDefinition', kind: '500' });
  await create({ ScheduleExpression: 'rate(1 hour)', Target });
  await localAws.control.advance(0);
  expect(outcomes()).toEqual(['retrying']);
  await restart();
  localAws.control.addFault({ operation: 'batch:RegisterJobDefinition', kind: '500' });
  await localAws.control.advance(2 * MINUTE);
  expect(outcomes()).toEqual(['retrying', 'failed']);
  await restart();
  expect(happened(localAws).deadLetters[QUEUE]).toHaveLength(1);
  expect(happened(localAws).pending).toEqual([]);
});
