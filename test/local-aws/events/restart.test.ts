import { PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type LocalAws, startLocalAws } from '../../../src/local-aws/server.ts';
import { happened, HOUR, MINUTE } from '../scheduler/scheduler-client.ts';
import { batchTarget, eventsClient } from './events-client.ts';

const scenario = { events: { failTargets: [{ target: '*', code: 'Broken' }] } };

let stateDir: string;
let localAws: LocalAws;

beforeEach(async () => {
  stateDir = mkdtempSync(join(tmpdir(), 'aws-deploy-events-'));
  localAws = await startLocalAws({ stateDir, scenario });
});
afterEach(async () => {
  await localAws.close();
  rmSync(stateDir, { recursive: true });
});

it('a rule goes on after a restart, with its targets and what it did before', async () => {
  const events = eventsClient(localAws);
  await events.send(new PutRuleCommand({ Name: 'hourly', ScheduleExpression: 'rate(1 hour)' }));
  await events.send(new PutTargetsCommand({ Rule: 'hourly', Targets: [batchTarget()] }));
  events.destroy();
  await localAws.control.advance(HOUR + MINUTE);
  await localAws.close();
  localAws = await startLocalAws({ stateDir, scenario });
  expect(happened(localAws, 'events').invocations).toHaveLength(1);
  await localAws.control.advance(HOUR);
  const [first, second] = happened(localAws, 'events').invocations;
  expect(Date.parse(second!.time) - Date.parse(first!.time)).toBe(HOUR);
});
