import {
  CreateComputeEnvironmentCommand,
  CreateJobQueueCommand,
  DescribeJobsCommand,
  ListJobsCommand,
} from '@aws-sdk/client-batch';
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/core/json.ts';
import type { FaultKind } from '../../src/local-aws/faults.ts';
import { past, revisions, runOn, tagged, type HistoryRun } from '../actions/rollback/release-history.ts';
import { arnOf, CREATE, scheduleWorldForTests } from '../actions/schedule/schedule-world.ts';
import { killingProxy, type Kill } from '../support/killing-proxy.ts';

// For every call of a release with a smoke test and a schedule, the run ends right there, once before AWS has carried the
// call out and once after it has: from then on nothing that it does has any effect. The run after that must end where one
// ends that nobody disturbed.

const world = scheduleWorldForTests();
const QUEUE = 'nights';
/** A step that CircleCI runs again by itself. */
const STEP = { CIRCLECI: 'true', CIRCLE_WORKFLOW_JOB_ID: 'job-1', AWS_DEPLOY_PIPELINE_NUMBER: '9' };
const LAPTOP = {};
const RELEASE = ['--smoke-test', '--job-queue', QUEUE, '--environment', 'RELEASE=new', '--schedule-name', 'nightly'];

interface Walk {
  what: string;
  /** How the job of the smoke test ends. */
  jobEnds: number;
  exitCode: number;
  env: Readonly<Record<string, string>>;
  hasSchedule: boolean;
}

/** A verified revision, a schedule that runs it or none, and a queue whose jobs take no time. */
async function history({ jobEnds, hasSchedule }: Walk): Promise<void> {
  const { batch, localAws } = world();
  localAws.control.reset();
  const durations = { SUBMITTED: 0, PENDING: 0, RUNNABLE: 0, STARTING: 0, RUNNING: 0 };
  const rule = { match: 'crawl*', durations, outcome: { exitCode: jobEnds, log: ['at work'] } };
  localAws.control.setScenario({ batch: { work: [], jobs: [rule] } });
  const computeResources = {
    ...{ type: 'EC2' as const, maxvCpus: 16, subnets: ['subnet-1'] },
    ...{ instanceRole: 'ecsInstanceRole', instanceTypes: ['optimal'] },
  };
  const computeEnvironmentName = 'room';
  await batch.send(new CreateComputeEnvironmentCommand({ computeEnvironmentName, type: 'MANAGED', computeResources }));
  const computeEnvironmentOrder = [{ order: 1, computeEnvironment: computeEnvironmentName }];
  await batch.send(new CreateJobQueueCommand({ jobQueueName: QUEUE, priority: 1, computeEnvironmentOrder }));
  await past(world(), { content: 'good', verified: true });
  if (!hasSchedule) return;
  const created = await world().run([...['--schedule-name', 'nightly', '--job-definition-name', 'crawl'], ...CREATE]);
  if (created.exitCode !== 0) throw new Error(created.stderr);
}

/** Runs it on a way to AWS that may end. */
async function run(walk: Walk, kill?: Kill): Promise<{ run: HistoryRun; calls: number }> {
  const way = await killingProxy(world().localAws.endpoint, kill);
  try {
    return { run: await release(walk, { AWS_ENDPOINT_URL: way.endpoint }), calls: way.count() };
  } finally {
    await way.close();
  }
}

function release({ env, hasSchedule }: Walk, more: Readonly<Record<string, string>> = {}): Promise<HistoryRun> {
  return runOn(world(), 'release-batch-job', hasSchedule ? RELEASE : [...RELEASE, ...CREATE], { ...env, ...more });
}

interface Undisturbed {
  calls: number;
  /** At which calls the operation was made; from 1. */
  callsOf(operation: string): number[];
  state: JsonObject;
}

async function undisturbed(walk: Walk): Promise<Undisturbed> {
  await history(walk);
  const { control } = world().localAws;
  control.clearRequests();
  const { run: ended, calls } = await run(walk);
  if (ended.exitCode !== walk.exitCode) throw new Error(ended.stderr);
  // What the job itself does is not one of our calls.
  const made = control.requests().map(({ operation }) => operation);
  const ours = made.filter((operation) => !/^logs:(Create|Put)/.test(operation));
  const callsOf = (wanted: string): number[] => ours.flatMap((each, index) => (each === wanted ? [index + 1] : []));
  return { calls, callsOf, state: control.state() };
}

/** The run is killed at its nth call, and then run once more. */
async function killedAndRunAgain(walk: Walk, kill: Kill): Promise<HistoryRun> {
  await history(walk);
  const { run: killed, calls } = await run(walk, kill);
  const needsNoMore = kill.applied ? calls <= kill.nth : calls < kill.nth;
  if (!needsNoMore) expect({ ...kill, exitCode: killed.exitCode }).not.toEqual({ ...kill, exitCode: walk.exitCode });
  return release(walk);
}

/** Statuses of the jobs of a revision. */
async function jobsOf(revision: number): Promise<(string | undefined)[]> {
  const { batch } = world();
  const filters = [{ name: 'JOB_NAME', values: ['crawl*'] }];
  const { jobSummaryList = [] } = await batch.send(new ListJobsCommand({ jobQueue: QUEUE, filters }));
  if (jobSummaryList.length === 0) return [];
  const { jobs = [] } = await batch.send(new DescribeJobsCommand({ jobs: jobSummaryList.map(({ jobId }) => jobId!) }));
  return jobs.filter(({ jobDefinition }) => jobDefinition === arnOf(revision)).map(({ status }) => status);
}

/** What each revision is, the oldest first. */
async function releases(): Promise<string[]> {
  return (await revisions(world())).map(({ containerProperties }) =>
    (containerProperties?.environment ?? []).some(({ name }) => name === 'RELEASE') ? 'new' : 'good',
  );
}

const BEFORE_AND_AFTER = [
  ['before AWS has carried it out', false],
  ['after AWS has carried it out', true],
] as const;

const STEPS: readonly Walk[] = [
  { what: 'a release that moves a schedule', jobEnds: 0, exitCode: 0, env: STEP, hasSchedule: true },
  { what: 'a release that creates its schedule', jobEnds: 0, exitCode: 0, env: STEP, hasSchedule: false },
];

describe.each(STEPS)('$what, in a step that is run again by itself', (walk) => {
  it.each(BEFORE_AND_AFTER)(
    'killed at any call, %s, is completed by the next run, with one job',
    async (_when, applied) => {
      const { calls, state } = await undisturbed(walk);
      expect(calls).toBeGreaterThan(15);
      for (let nth = 1; nth <= calls; nth++) {
        const { exitCode, stderr } = await killedAndRunAgain(walk, { nth, applied });
        expect({ nth, exitCode, stderr }).toEqual({ nth, exitCode: 0, stderr: expect.any(String) });
        expect({ nth, state: world().localAws.control.state() }).toEqual({ nth, state });
      }
    },
  );
});

describe('a release on a laptop, where nothing tells the second run that it is the same', () => {
  const walk: Walk = { what: 'a laptop', jobEnds: 0, exitCode: 0, env: LAPTOP, hasSchedule: true };

  it.each(BEFORE_AND_AFTER)(
    'killed at any call, %s, is completed; a job that was not seen to its end is run again',
    async (_when, applied) => {
      const { calls, callsOf } = await undisturbed(walk);
      const [submitted = 0, verified = 0] = ['batch:SubmitJob', 'batch:TagResource'].map(
        (operation) => Number(callsOf(operation)[0]) + (applied ? 0 : 1),
      );
      for (let nth = 1; nth <= calls; nth++) {
        const { exitCode } = await killedAndRunAgain(walk, { nth, applied });
        const isRunAgain = nth >= submitted && nth < verified;
        expect({ nth, exitCode, jobs: await jobsOf(2) }).toEqual({
          nth,
          exitCode: 0,
          jobs: isRunAgain ? ['SUCCEEDED', 'SUCCEEDED'] : ['SUCCEEDED'],
        });
        expect(await tagged(world(), 'verified')).toEqual([1, 2]);
        expect(await world().input()).toMatchObject({ JobDefinition: arnOf(2) });
      }
    },
  );
});

describe('a release whose smoke test fails, in a step that is run again by itself', () => {
  const walk: Walk = { what: 'a failure', jobEnds: 3, exitCode: 9, env: STEP, hasSchedule: true };

  // Once the good content is on top again, a run that comes after is a new attempt: it releases, fails and goes back anew.
  it.each(BEFORE_AND_AFTER)('killed at any call, %s, is rolled back by the next run', async (_when, applied) => {
    const { calls, callsOf, state } = await undisturbed(walk);
    const [, restored = 0] = callsOf('batch:RegisterJobDefinition');
    expect(restored).toBeGreaterThan(0);
    for (let nth = 1; nth <= calls; nth++) {
      const { exitCode, stderr } = await killedAndRunAgain(walk, { nth, applied });
      expect({ nth, exitCode, stderr }).toEqual({ nth, exitCode: 9, stderr: expect.any(String) });
      if (nth < restored || (nth === restored && !applied)) {
        expect({ nth, state: world().localAws.control.state() }).toEqual({ nth, state });
        continue;
      }
      expect({ nth, released: await releases() }).toEqual({ nth, released: ['good', 'new', 'good', 'new', 'good'] });
      expect(await tagged(world(), 'rejected')).toEqual([2, 4]);
      expect([await jobsOf(2), await jobsOf(4)]).toEqual([['FAILED'], ['FAILED']]);
      expect(await world().input()).toMatchObject({ JobDefinition: arnOf(1) });
    }
  });
});

const PASSING: readonly FaultKind[] = ['reset-before', 'reset-after-apply', '500', 'throttle'];
const CHANGING = ['batch:RegisterJobDefinition', 'batch:SubmitJob', 'batch:TagResource', 'scheduler:UpdateSchedule'];

describe('what passes by itself', () => {
  it.each(CHANGING.flatMap((operation) => PASSING.map((kind) => ({ operation, kind }))))(
    '$kind at $operation does not stop a release',
    async (fault) => {
      const [walk] = STEPS as [Walk];
      const { state } = await undisturbed(walk);
      await history(walk);
      const { control } = world().localAws;
      control.addFault(fault);
      const { exitCode, stderr } = await release(walk, { AWS_MAX_ATTEMPTS: '3' });
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.any(String) });
      expect(control.requests().filter((request) => request.fault !== undefined)).toHaveLength(1);
      expect(control.state()).toEqual(state);
    },
  );
});
