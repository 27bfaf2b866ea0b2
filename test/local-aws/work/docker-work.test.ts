import type { JobDetail } from '@aws-sdk/client-batch';
import { TerminateJobCommand } from '@aws-sdk/client-batch';
import { GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { type JobStage, startJobStage } from '../batch/jobs/job-stage.ts';
import { logsClient } from '../logs/logs-client.ts';
import { pushScriptImage } from './script-image.ts';

/*
 * A program named docker that writes down how it was called, as a real engine is not everywhere. What it is told here is
 * what test/image/docker-driver.test.ts tries on a real one.
 */
const DOCKER = `#!${process.execPath}
const { appendFileSync, existsSync, readFileSync } = require('node:fs');
const folder = __dirname;
const args = process.argv.slice(2);
const config = args[0] === '--config' ? JSON.parse(readFileSync(args[1] + '/config.json', 'utf8')) : undefined;
const words = config ? args.slice(2) : args;
appendFileSync(folder + '/calls', JSON.stringify({ words, config }) + '\\n');
const answers = JSON.parse(readFileSync(folder + '/answers.json', 'utf8'));
const answer = answers[words[0]] ?? {};
if (words[0] === 'kill') appendFileSync(folder + '/killed', '');
if (answer.untilKilled) {
  console.log('ready');
  setInterval(() => existsSync(folder + '/killed') && process.exit(143), 20);
} else {
  if (answer.out) console.log(answer.out);
  if (answer.err) console.error(answer.err);
  process.exitCode = answer.code ?? 0;
}
`;

interface Call {
  words: string[];
  config?: { auths: Record<string, { auth: string }> };
}

let stage: JobStage;
let folder: string;
const path = process.env['PATH'];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aws-deploy-docker-test-'));
  writeFileSync(join(folder, 'package.json'), '{"type": "commonjs"}');
  writeFileSync(join(folder, 'docker'), DOCKER, { mode: 0o755 });
  process.env['PATH'] = `${folder}${delimiter}${path}`;
  stage = await startJobStage();
});
beforeEach(async () => {
  for (const file of ['calls', 'killed']) rmSync(join(folder, file), { force: true });
  await stage.restart({ batch: { work: ['docker', 'host'] } });
});
afterAll(async () => {
  await stage.localAws.close();
  process.env['PATH'] = path;
  rmSync(folder, { recursive: true });
});

/** What docker says to each of its sub-commands. */
function engine(answers: Record<string, { code?: number; out?: string; err?: string; untilKilled?: boolean }>): void {
  writeFileSync(join(folder, 'answers.json'), JSON.stringify(answers));
}

function calls(name: string): Call[] {
  if (!existsSync(join(folder, 'calls'))) return [];
  const lines = readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Call).filter(({ words }) => words[0] === name);
}

async function define(image?: string): Promise<string> {
  const files = { run: '#!/bin/sh\necho by the host\n' };
  const pushed = image ?? (await pushScriptImage(stage.localAws, 'work', [files], { Entrypoint: ['/run'] }));
  await stage.register({ containerProperties: { image: pushed, vcpus: 1, memory: 512 } });
  return pushed;
}

async function run(input: Parameters<JobStage['submit']>[0] = {}): Promise<JobDetail> {
  const jobId = await stage.submit(input);
  await stage.localAws.control.advance(60_000, { settle: true });
  return stage.describe(jobId);
}

async function logOf(job: JobDetail): Promise<(string | undefined)[]> {
  const { events } = await logsClient(stage.localAws).send(
    new GetLogEventsCommand({ logGroupName: '/aws/batch/job', logStreamName: job.container!.logStreamName! }),
  );
  return events!.map(({ message }) => message);
}

describe('with a docker engine', () => {
  it('an image of the local registry is pulled with a login of its own and run', async () => {
    engine({ run: { out: 'by docker', code: 3 } });
    const image = await define();
    const job = await run({ containerOverrides: { command: ['a b', '$(id)'] } });
    expect([job.container?.exitCode, await logOf(job)]).toEqual([3, ['by docker']]);
    const [pull] = calls('pull');
    const { host } = new URL(stage.localAws.endpoint);
    expect(pull?.words).toEqual(['pull', '--quiet', '--', image]);
    expect(Buffer.from(pull!.config!.auths[host]!.auth, 'base64').toString()).toMatch(/^AWS:/);
  });

  it('a container gets its variables and words as they are, on the network of the host', async () => {
    engine({});
    const image = await define();
    const job = await run({
      containerOverrides: { command: ['a b', '$(id)'], environment: [{ name: 'A', value: 'x; y' }] },
    });
    const { words } = calls('run')[0]!;
    expect(words.slice(words.indexOf('--'))).toEqual(['--', image, 'a b', '$(id)']);
    expect(words.join(' ')).toContain('--rm --pull never --network host');
    expect(words).toEqual(expect.arrayContaining(['--env', 'A=x; y', `AWS_BATCH_JOB_ID=${job.jobId}`]));
  });

  it('an image from elsewhere is run when docker has it or can pull it', async () => {
    engine({ image: { code: 1 }, run: { out: 'from afar' } });
    await define('busybox:1');
    const job = await run();
    expect([job.status, await logOf(job)]).toEqual(['SUCCEEDED', ['from afar']]);
    expect(calls('pull').map(({ words }) => words.at(-1))).toEqual(['busybox:1']);
  });

  it('an image from elsewhere that docker cannot pull is simulated', async () => {
    engine({ image: { code: 1 }, pull: { code: 1 } });
    await define('busybox:1');
    const job = await run();
    await stage.pass(60);
    expect((await stage.describe(job.jobId!)).status).toBe('SUCCEEDED');
    expect(calls('run')).toEqual([]);
  });

  it('that does not reach this registry, the machine itself runs the script', async () => {
    engine({ pull: { code: 1, err: 'connection refused' } });
    await define();
    expect(await logOf(await run())).toEqual(['by the host']);
  });

  it('a container that cannot be run has no exit code', async () => {
    engine({ run: { code: 125, err: 'docker: no such runtime' } });
    await define();
    const job = await run();
    expect(job).toMatchObject({ status: 'FAILED', statusReason: 'Task failed to start' });
    expect([job.container?.exitCode, job.container?.reason]).toEqual([
      undefined,
      'CannotStartContainerError: docker: no such runtime',
    ]);
  });

  it('a container is stopped by its name', async () => {
    engine({ run: { untilKilled: true } });
    await define();
    const wrote = stage.localAws.control.waitForRequest(({ operation }) => operation === 'logs:PutLogEvents');
    const jobId = await stage.submit();
    await stage.pass(13);
    await wrote;
    await stage.batch.send(new TerminateJobCommand({ jobId, reason: 'enough' }));
    await stage.localAws.control.settled();
    const { words } = calls('run')[0]!;
    expect(calls('kill')[0]?.words).toEqual(['kill', '--signal', 'SIGTERM', words[words.indexOf('--name') + 1]]);
    expect(await stage.describe(jobId)).toMatchObject({ statusReason: 'enough', container: { exitCode: 143 } });
  });

  it('no docker is called when the scenario leaves it out', async () => {
    await stage.restart({ batch: { work: ['host'] } });
    await define();
    expect(await logOf(await run())).toEqual(['by the host']);
    expect(calls('run')).toEqual([]);
  });
});
