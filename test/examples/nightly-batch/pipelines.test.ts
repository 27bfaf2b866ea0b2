import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AwsView } from '../../../scripts/demo/batch/aws-view.ts';
import { QUEUE } from '../../../scripts/demo/batch/platform.ts';
import { openStage, type Stage } from '../../../scripts/demo/stage.ts';
import { openWorkshop, type Workshop } from '../../../scripts/demo/workshop.ts';
import { missingPrograms } from './job-fixture.ts';
import { SAMPLE } from './sample-configs.ts';

const missing = missingPrograms();
const describeWithPrograms = missing === undefined ? describe : describe.skip;

const DAY_MS = 24 * 3600 * 1000;

let workshop: Workshop;
let stage: Stage;
let aws: AwsView;

beforeAll(async () => {
  const env = { PATH: process.env['PATH'] };
  const { signal } = new AbortController();
  workshop = await openWorkshop(process.cwd(), signal);
  stage = await openStage(workshop, SAMPLE, { env, signal });
  aws = new AwsView(stage.aws.endpoint);
  // Nobody pays for a look at a job here.
  await edit('config.yml', (text) => text.replace('smoke_test: true', '$&\n          poll_interval: 1s'));
  await edit('multi-job.yml', (text) => text.replace('mark_verified: true', '$&\n          poll_interval: 1s'));
  await stage.project.commit('Look every second');
});
afterAll(async () => {
  aws?.close();
  await stage?.close();
  await workshop?.close(false);
});
afterEach(() => stage.aws.control.reset());

async function edit(file: string, change: (text: string) => string): Promise<void> {
  const path = join(stage.project.folder, '.circleci', file);
  const text = await readFile(path, 'utf8');
  expect(change(text)).not.toBe(text);
  await writeFile(path, change(text));
}

interface RunEnd {
  exitCode: number;
  /** By the name of the job. */
  statuses: Readonly<Record<string, string>>;
  output: string;
}

async function run(flags: Readonly<Record<string, readonly string[]>> = {}): Promise<RunEnd> {
  const lines: string[] = [];
  const { exitCode, record } = await stage.runPipeline(flags, {
    onLine: (line) => lines.push(line),
    onSummary: () => undefined,
  });
  const jobs = record.workflows.flatMap((workflow) => workflow.jobs);
  return {
    exitCode,
    statuses: Object.fromEntries(jobs.map(({ name, status }) => [name, status])),
    output: lines.join('\n'),
  };
}

const MULTI_JOB = { config: ['.circleci/multi-job.yml'], approve: ['approve'] };
const REBUILD = {
  config: ['.circleci/multi-job.yml'],
  pipelineValue: ['trigger_source=scheduled_pipeline', 'schedule.name=weekly-rebuild'],
};

async function succeeds(flags?: Readonly<Record<string, readonly string[]>>): Promise<void> {
  const { exitCode, output } = await run(flags);
  expect({ exitCode, output: exitCode === 0 ? '' : output }).toEqual({ exitCode: 0, output: '' });
}

describeWithPrograms(`the pipelines of the sample, on the local AWS${missing ? ` (${missing})` : ''}`, () => {
  it('release in one job, and run the revision once', async () => {
    await succeeds();
    expect(await aws.newestJob(QUEUE)).toMatchObject({ revision: 1, status: 'SUCCEEDED', exitCode: 0 });
  });

  it('release in jobs of their own, after which the job runs at three in the night', async () => {
    await succeeds(MULTI_JOB);
    const smoke = await aws.newestJob(QUEUE);
    expect(smoke).toMatchObject({ revision: 1, exitCode: 0, log: expect.arrayContaining(['crawl: done']) });
    expect(smoke?.log.filter((line) => line.includes('products'))).toHaveLength(2);

    await stage.aws.control.advance(DAY_MS, { settle: true });
    const night = await aws.newestJob(QUEUE);
    expect(night).toMatchObject({ revision: 1, status: 'SUCCEEDED', exitCode: 0 });
    expect(night?.log.filter((line) => line.includes('products'))).toHaveLength(5);
    expect(night?.createdAt.toLocaleTimeString('sv-SE', { timeZone: 'Europe/Berlin' })).toBe('03:00:00');
  });

  it('rebuild on a base that has changed, and move the schedule to what has succeeded', async () => {
    await succeeds(MULTI_JOB);
    const [before] = await aws.revisions('nightly-crawl');
    await changeBase();
    await succeeds(REBUILD);
    const [, after] = await aws.revisions('nightly-crawl');
    expect(after?.image).not.toBe(before?.image);
    expect(after?.environment).toEqual(before?.environment);
    expect(await aws.scheduledDefinition('nightly-crawl')).toMatch(/:job-definition\/nightly-crawl:2$/);
  });

  it('leave the schedule where it is when the smoke run fails', async () => {
    await edit('multi-job.yml', (text) => text.replace('CRAWL_PAGES=2', 'CRAWL_PAGES=many'));
    await stage.project.commit('Visit many pages');
    const { exitCode, statuses, output } = await run(MULTI_JOB);
    expect({ exitCode, statuses }).toEqual({
      exitCode: 1,
      statuses: {
        build: 'success',
        upload: 'success',
        register: 'success',
        smoke_run: 'failed',
        approve: 'not_run',
        schedule: 'not_run',
      },
    });
    expect(output).toContain('must be numbers');
    await expect(aws.scheduledDefinition('nightly-crawl')).rejects.toThrow('nightly-crawl');
  });
});

/** As when Amazon has made a new one. */
async function changeBase(): Promise<void> {
  const path = join(workshop.temp, 'newer-base');
  await mkdir(path);
  await writeFile(join(path, 'Dockerfile'), 'FROM scratch\nCOPY os-release /etc/os-release\n');
  await writeFile(join(path, 'os-release'), 'PRETTY_NAME="a newer stand-in"\n');
  const repository = ['--repository', 'public.ecr.aws/amazonlinux/amazonlinux', '--tags', '2023'];
  const lines: string[] = [];
  const words = ['build-and-push-image', ...repository, '--builder', 'embedded', '--path', path];
  const { exitCode } = await stage.runCommand(words, (line) => lines.push(line));
  expect({ exitCode, lines: exitCode === 0 ? [] : lines }).toEqual({ exitCode: 0, lines: [] });
}
