import { SubmitJobCommand } from '@aws-sdk/client-batch';
import { expect, it } from '@jest/globals';
import { jobStatus } from '../../../src/actions/job-status.ts';
import { pruneJobDefinitions } from '../../../src/actions/prune-job-definitions.ts';
import { rollbackJobDefinition } from '../../../src/actions/rollback-job-definition.ts';
import { batchQueueForTests } from '../../support/batch-queue.ts';
import { scheduleWorldForTests } from '../schedule/schedule-world.ts';
import { runOn } from './release-history.ts';
import { wholeHistory } from './whole-history.ts';

const world = scheduleWorldForTests();
const queue = batchQueueForTests(() => world().localAws);

/** The permission that an operation needs, where it has another name. */
const PERMISSION: Readonly<Record<string, string>> = { 's3:HeadObject': 's3:GetObject' };

/** Declared, and no operation of its own. */
const IMPLIED = new Set(['iam:PassRole']);

it.each([
  ['rollback-job-definition', rollbackJobDefinition.awsCalls],
  ['prune-job-definitions', pruneJobDefinitions.awsCalls],
  ['job-status', jobStatus.awsCalls],
])('%s makes the calls that it declares, all of them and no others', async (action, declared) => {
  await wholeHistory(world());
  await queue().client.send(new SubmitJobCommand({ jobName: 'j', jobQueue: 'nightly', jobDefinition: 'crawl' }));
  world().calls();
  const { exitCode } = await runOn(world(), action, action.startsWith('prune') ? ['--keep', '1'] : []);
  expect(exitCode).toBe(0);
  const called = new Set(
    world()
      .calls()
      .map((operation) => PERMISSION[operation] ?? operation),
  );
  expect([...called].toSorted()).toEqual(declared.filter((call) => !IMPLIED.has(call)).toSorted());
});
