import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../src/core/clock.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { CONTAINER, withContainer } from '../../support/definitions.ts';
import { awsEnvironment, localAwsForTests, operationsOf, REGION } from '../../support/local-aws-world.ts';
import { pausingProxy, type PausingProxy } from '../../support/pausing-proxy.ts';
import { resultOf, runCli, type CliRun } from '../../support/run-cli.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const localAws = localAwsForTests();

/** Its requests can be held up, so that the other release comes in between at a certain place. */
let slow: PausingProxy;

beforeEach(async () => {
  slow = await pausingProxy(localAws().endpoint);
});

const REGISTER = '/registerjobdefinition';
const DESCRIBE = '/describejobdefinitions';

/** Waits between attempts take no time. */
const impatient = { ...systemClock, sleep: () => Promise.resolve() };

interface Release {
  pipeline?: number;
  /** The whole truth; without it the newest revision is carried forward. */
  file?: JsonObject;
  args?: readonly string[];
  through?: PausingProxy;
}

async function release({ pipeline, file, args = [], through }: Release): Promise<CliRun> {
  const number: Record<string, string> = pipeline === undefined ? {} : { AWS_DEPLOY_PIPELINE_NUMBER: String(pipeline) };
  const env = await awsEnvironment(through ?? localAws(), number);
  const cwd = await tempFolder();
  if (file) await writeFile(join(cwd, 'job.json'), JSON.stringify(file));
  const what = file ? ['--job-definition', 'job.json'] : ['--job-definition-name', 'crawl'];
  return runCli(['register-job-definition', '--output', 'json', ...what, ...args], { env, cwd, clock: impatient });
}

interface Stored {
  revision: number;
  tags: Record<string, string>;
  containerProperties: { command: string[]; environment: { name: string; value: string }[] };
}

function stored(): Stored[] {
  const state = localAws().control.state() as unknown as {
    batch: Record<string, { jobDefinitions: { crawl: Stored[] } }>;
  };
  return state.batch[REGION]?.jobDefinitions.crawl ?? [];
}

function environmentOfNewest(): Record<string, string> {
  const { environment } = stored().at(-1)!.containerProperties;
  return Object.fromEntries(environment.map(({ name, value }) => [name, value]));
}

const withCommand = (command: string): JsonObject => withContainer(CONTAINER, { command: [command] });

describe('two releases that carry the newest revision forward', () => {
  it.each([
    ['before the first registers', REGISTER, 1],
    ['before the first reads back', DESCRIBE, 2],
  ])('the second comes %s: in the end both changes are there', async (_when, pathEnd, nth) => {
    await release({ file: CONTAINER });
    let second: CliRun | undefined;
    slow.before(pathEnd, nth, async () => {
      second = await release({ args: ['--environment', 'SECOND=2'] });
    });
    const first = await release({ args: ['--environment', 'FIRST=1'], through: slow });
    expect(environmentOfNewest()).toEqual({ FIRST: '1', SECOND: '2' });
    expect([first.exitCode, second?.exitCode]).toEqual([0, 0]);
    expect(resultOf(first).outputs['revision']).toBe(stored().at(-1)?.revision);
  });

  it('that ask for the same: one revision more than needed at most, and both succeed', async () => {
    await release({ file: CONTAINER });
    let second: CliRun | undefined;
    slow.before(REGISTER, 1, async () => {
      second = await release({ args: ['--environment', 'A=1'] });
    });
    const first = await release({ args: ['--environment', 'A=1'], through: slow });
    expect([first.exitCode, second?.exitCode]).toEqual([0, 0]);
    expect(environmentOfNewest()).toEqual({ A: '1' });
    expect(stored()).toHaveLength(3);
  });

  it('that ask for different values of one variable: the later one stands, the other one says superseded', async () => {
    await release({ file: CONTAINER });
    slow.before(DESCRIBE, 2, () => release({ args: ['--environment', 'A=later'] }));
    const first = await release({ args: ['--environment', 'A=1'], through: slow });
    expect(first.exitCode).toBe(11);
    expect(environmentOfNewest()).toEqual({ A: 'later' });
  });

  it('four others in a row are all taken along', async () => {
    await release({ file: CONTAINER });
    for (let round = 1; round <= 4; round++) {
      slow.before(REGISTER, round, () => release({ args: ['--environment', `OTHER_${round}=x`] }));
    }
    expect((await release({ args: ['--environment', 'FIRST=1'], through: slow })).exitCode).toBe(0);
    expect(Object.keys(environmentOfNewest()).toSorted()).toEqual([
      'FIRST',
      'OTHER_1',
      'OTHER_2',
      'OTHER_3',
      'OTHER_4',
    ]);
  });

  it('gives up with exit code 11 when others keep coming in between', async () => {
    await release({ file: CONTAINER });
    for (let round = 1; round <= 5; round++) {
      slow.before(REGISTER, round, () => release({ args: ['--environment', `OTHER=${round}`] }));
    }
    const run = await release({ args: ['--environment', 'FIRST=1'], through: slow });
    expect(resultOf(run)).toMatchObject({ exitCode: 11, error: { code: 'batch.contended' } });
  });
});

describe('two pipelines with a file each: the newer one has the last word', () => {
  const older = { pipeline: 10, file: withCommand('older') };
  const newer = { pipeline: 11, file: withCommand('newer') };

  it.each([
    ['before the older one registers', REGISTER, 1],
    ['before the older one reads back', DESCRIBE, 2],
  ])('the newer one comes %s: the older one is superseded', async (_when, pathEnd, nth) => {
    let second: CliRun | undefined;
    slow.before(pathEnd, nth, async () => {
      second = await release(newer);
    });
    const first = await release({ ...older, through: slow });
    expect(resultOf(first)).toMatchObject({ exitCode: 11, status: 'superseded' });
    expect(second?.exitCode).toBe(0);
    expect(stored().at(-1)).toMatchObject({
      containerProperties: { command: ['newer'] },
      tags: { 'aws-deploy:pipeline': '11' },
    });
  });

  it.each([
    ['before the newer one registers', REGISTER, 1],
    ['before the newer one reads back', DESCRIBE, 2],
  ])('the older one comes %s: the newer one stands', async (_when, pathEnd, nth) => {
    await release({ pipeline: 9, file: withCommand('before') });
    slow.before(pathEnd, nth, () => release(older));
    const second = await release({ ...newer, through: slow });
    expect(second.exitCode).toBe(0);
    expect(stored().at(-1)?.containerProperties.command).toEqual(['newer']);
  });

  it('with allow_older the older one may lie over the newer', async () => {
    slow.before(REGISTER, 1, () => release(newer));
    expect((await release({ ...older, args: ['--allow-older'], through: slow })).exitCode).toBe(0);
    expect(stored().at(-1)?.containerProperties.command).toEqual(['older']);
  });
});

describe('an answer that is lost', () => {
  it.each([
    ['reset-before', 2],
    ['reset-after-apply', 1],
    ['500', 2],
  ] as const)('%s: registered exactly once', async (kind, calls) => {
    localAws().control.addFault({ operation: 'batch:RegisterJobDefinition', kind });
    const run = await release({ file: CONTAINER });
    expect(resultOf(run)).toMatchObject({ exitCode: 0, status: 'changed', outputs: { revision: 1 } });
    expect(run.stderr).toContain('warning: The answer to RegisterJobDefinition was lost');
    expect(stored()).toHaveLength(1);
    expect(operationsOf(localAws()).filter((name) => name === 'batch:RegisterJobDefinition')).toHaveLength(calls);
  });

  it('it is not taken for another’s revision that came in between', async () => {
    localAws().control.addFault({ operation: 'batch:RegisterJobDefinition', kind: 'reset-before' });
    slow.before(REGISTER, 1, async () => {
      // The fault is for the slow one: what comes in between goes before it is armed.
      localAws().control.clearFaults();
      await release({ file: withCommand('other') });
      localAws().control.addFault({ operation: 'batch:RegisterJobDefinition', kind: 'reset-before' });
    });
    expect(resultOf(await release({ file: withCommand('ours'), through: slow })).outputs['revision']).toBe(2);
    expect(stored().map(({ containerProperties }) => containerProperties.command)).toEqual([['other'], ['ours']]);
  });

  it('it is found also when another release has come after it', async () => {
    localAws().control.addFault({ operation: 'batch:RegisterJobDefinition', kind: 'reset-after-apply' });
    slow.before(DESCRIBE, 2, () => release({ file: withCommand('after') }));
    const run = await release({ file: withCommand('ours'), through: slow });
    expect(run.exitCode).toBe(11);
    expect(stored().map(({ containerProperties }) => containerProperties.command)).toEqual([['ours'], ['after']]);
  });

  it('a server that never answers well ends in exit code 4', async () => {
    localAws().control.addFault({ operation: 'batch:RegisterJobDefinition', kind: '500', times: 10 });
    const run = await release({ file: CONTAINER });
    expect(resultOf(run)).toMatchObject({
      exitCode: 4,
      error: { title: 'batch:RegisterJobDefinition failed on crawl' },
    });
  });

  it('a refusal is told, and not repeated', async () => {
    localAws().control.setScenario({ iam: { deny: [{ action: 'batch:RegisterJobDefinition' }] } });
    const run = await release({ file: CONTAINER });
    expect(resultOf(run)).toMatchObject({
      exitCode: 3,
      error: { title: 'not allowed: batch:RegisterJobDefinition on crawl' },
    });
    expect(operationsOf(localAws()).filter((name) => name === 'batch:RegisterJobDefinition')).toHaveLength(1);
  });
});
