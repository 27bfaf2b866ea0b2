import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { FaultKind } from '../../src/local-aws/faults.ts';
import { buildCli } from './support/built-cli.ts';
import { callsOf, FIRST_RELEASE, NEXT_RELEASE, rehearse, type Rehearsed } from './support/release-scenarios.ts';
import type { Workplace } from './support/workplace.ts';

// Every call of a release fails once, in every way that passes by itself: the release copes, and ends where one ends
// that nobody disturbed.

const firstCalls = await callsOf(FIRST_RELEASE);
const nextCalls = await callsOf(NEXT_RELEASE);

let first: Rehearsed;
let next: Rehearsed;
beforeAll(async () => {
  const program = await buildCli();
  first = await rehearse(program, FIRST_RELEASE);
  next = await rehearse(program, NEXT_RELEASE);
});
afterAll(() => Promise.all([first?.cloud.close(), next?.cloud.close()]));

let work: Workplace | undefined;
afterEach(() => work?.remove());

const PASSING: readonly FaultKind[] = ['reset-before', 'reset-after-apply', '500', 'throttle'];

describe.each(PASSING)('%s', (kind) => {
  it.each(firstCalls)('at $operation #$nth does not stop a first release', async (call) => {
    work = await first.begin();
    first.cloud.control.addFault({ ...call, kind });
    await expectRelease(first, work);
  });

  it.each(nextCalls.filter(({ operation }) => operation.startsWith('batch:')))(
    'at $operation #$nth does not stop a release that carries a revision forward',
    async (call) => {
      work = await next.begin();
      next.cloud.control.addFault({ ...call, kind });
      await expectRelease(next, work);
    },
  );
});

async function expectRelease({ cloud, state, arguments: args }: Rehearsed, place: Workplace): Promise<void> {
  const { code, stderr } = await place.run(args);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const hit = cloud.control.requests().filter(({ fault }) => fault !== undefined);
  expect(hit).toHaveLength(1);
  expect(cloud.control.state()).toEqual(state);
}

describe('throttling that does not end', () => {
  it.each([
    ['sts:GetCallerIdentity', 'AWS throttles sts:GetCallerIdentity'],
    ['ecr:CreateRepository', 'AWS throttles ecr:CreateRepository'],
    ['registry:PutManifest', 'storing the manifest'],
    ['s3:PutObject', 'AWS throttles s3:PutObject'],
    ['batch:DescribeJobDefinitions', 'AWS throttles batch:DescribeJobDefinitions'],
    ['batch:RegisterJobDefinition', 'AWS throttles batch:RegisterJobDefinition'],
  ])('of %s is told, with the call and what to do, and exit code 4', async (operation, told) => {
    work = await first.begin();
    first.cloud.control.addFault({ operation, kind: 'throttle', times: 1000 });
    const { code, stderr } = await work.run(first.arguments, { AWS_MAX_ATTEMPTS: '2' });
    expect({ code, stderr }).toMatchObject({ code: 4, stderr: expect.stringContaining(told) });
    expect(stderr).toContain('Suggestions:');
    const attempts = first.cloud.calls().filter((called) => called === operation).length;
    expect(attempts).toBeGreaterThan(1);
  });
});
