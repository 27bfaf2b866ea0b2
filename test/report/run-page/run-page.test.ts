import { describe, expect, it } from '@jest/globals';
import type { StepRecord } from '../../../src/runner/run-record.ts';
import { runPage } from '../../../src/report/run-page/run-page.ts';
import { SAMPLE_RUN } from './support/sample-run.ts';
import { SAMPLE_LOGS, step, job, run, pageOf, textOf } from './support/page-of.ts';

describe('the page', () => {
  const page = runPage(SAMPLE_RUN, SAMPLE_LOGS);
  const text = textOf(page);

  it.each([
    ['the number and how it ended', 'Local run 7 failed'],
    ['the config', 'Config .circleci/config.yml'],
    ['the branch', 'Branch feature/nightly-crawl-every-hour'],
    ['the commit, and that there was more', 'Commit c0ffee000000 with uncommitted files'],
    ['when it began', 'Started 20 Nov 2026, 10:30:06 UTC'],
    ['how long it took', 'Duration 1m 46s'],
    [
      'how many jobs ended how',
      '16 jobs: 1 failed, 1 unauthorized, 1 canceled, 1 on hold, 1 waiting, 10 success, 1 not run',
    ],
    ['which statuses an edge asks for', 'failed, canceled'],
    ['edges for every end', 'any end'],
    ['an approval as one', 'approval · approved · 15s'],
    ['how many nodes a job had', 'success · 33s · 3 nodes'],
    ['why a job did not run', 'register-job-definition ended as failed, and only success is wanted'],
    ['what a job requires', 'after roll-back (any end), schedule-job (any end)'],
    ['why a step was skipped', 'skipped an earlier step failed'],
    ['that a step was run again', 'run again once'],
    ['how to go on after an approval that nobody gave', 'run again with --approve publish-report'],
    ['what changed in the local AWS', 'batch: job definition nightly-crawl: revision 4 registered'],
  ])('says %s', (_what, words) => {
    expect(text).toContain(words);
  });

  it('tells the failed step before all else: which, why, and the end of its log', () => {
    const first = text.slice(text.indexOf('What failed'), text.indexOf('Graph'));
    expect(first).toContain(
      'build-and-release › register-job-definition › Register the job definition nightly-crawl after 14s: exit code 5, run again 2 times',
    );
    expect(first).toContain('error: no such image in ECR');
    expect(first).toContain('nightly › audit the context audit-keys is not there; its steps use AUDIT_TOKEN');
  });

  it('links to artifacts and logs by relative addresses', () => {
    expect(page).toContain('<a href="./artifacts/release/browser/0/screenshots/0/start%20page.png">');
    expect(page).toContain('<a href="./logs/release/register/2.log">');
  });

  it('has for every link inside of it the place that it goes to', () => {
    const links = [...page.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id);
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(links.filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('is the same each time', () => {
    expect(runPage(structuredClone(SAMPLE_RUN), SAMPLE_LOGS)).toBe(page);
  });

  it('shows times in the time zone that is asked for', () => {
    expect(textOf(runPage(SAMPLE_RUN, { ...SAMPLE_LOGS, timeZone: 'Europe/Berlin' }))).toContain(
      '20 Nov 2026, 11:30:06 Europe/Berlin',
    );
  });

  it('shows times in UTC when there is no such time zone', () => {
    expect(textOf(runPage(SAMPLE_RUN, { ...SAMPLE_LOGS, timeZone: 'Etc/Unknown' }))).toContain('10:30:06 UTC');
  });

  it('tells of each node that failed, and of no step in the background', () => {
    const nodes = ['failed', 'success', 'failed'].map((status) => ({
      steps: [
        step({ name: 'Serve', status: 'failed', background: true }),
        step({ status: status as StepRecord['status'], exitCode: 1 }),
      ],
      artifacts: [],
    }));
    const shown = textOf(pageOf(run([job({ status: 'failed', nodes })])));
    const first = shown.slice(shown.indexOf('What failed'), shown.indexOf('Graph'));
    expect(first.match(/build.*?›.*?after/g)).toEqual([
      'build (node 0) › Run tests after',
      'build (node 2) › Run tests after',
    ]);
  });

  it('says what is not known by saying nothing of it', () => {
    const bare = textOf(pageOf(run([job()], { exitCode: 0 })));
    expect(bare).not.toMatch(/Branch|Commit|undefined|NaN|What failed|local AWS/);
  });

  it('of a run without jobs is a page', () => {
    expect(textOf(pageOf(run([])))).toContain('It has no jobs.');
    expect(textOf(pageOf(run([], { workflows: [] })))).toContain('0 jobs');
  });

  it.each([
    [{ exitCode: 0 }, 'success'],
    [{ exitCode: 1 }, 'failed'],
    [{ exitCode: 6 }, 'canceled'],
    [{ exitCode: 12 }, 'on hold'],
    [{ exitCode: 5 }, 'failed'],
  ])('of a run with %p says %s', (more, words) => {
    expect(textOf(pageOf(run([job()], more)))).toContain(`Local run 7 ${words}`);
  });

  it('of a run that has not ended says so', () => {
    const { exitCode: _code, finishedAt: _end, ...open } = run([job({ status: 'running' })]);
    expect(textOf(pageOf(open))).toContain('Local run 7 running');
  });

  it('has the results of tests, and those that failed', () => {
    const results = {
      workflow: 'main',
      job: 'build',
      passed: 11,
      failed: 1,
      skipped: 2,
      failures: [{ name: 'adds', message: '1 is not 2' }],
    };
    const shown = textOf(pageOf(run([job()]), '', { testResults: [results] }));
    expect(shown).toContain('Tests: 11 passed, 1 failed, 2 skipped');
    expect(shown).toContain('adds 1 is not 2');
  });
});

describe('folds', () => {
  it('show the steps of all jobs when there are few, and logs never', () => {
    const page = pageOf(run([job({}, step({ log: 'logs/a.log' }))]), 'the log');
    expect(page).toContain('<details class="card job" id="w1j1" open>');
    expect(page).toContain('<li><details><summary class="row">');
  });

  it('hide the steps of jobs that went well when there are many', () => {
    const steps = Array.from({ length: 60 }, () => step());
    const page = pageOf(run([job({}, ...steps), job({ name: 'bad', status: 'failed' }, step({ status: 'failed' }))]));
    expect(page).toContain('<details class="card job" id="w1j1"><');
    expect(page).toContain('<details class="card job" id="w1j2" open>');
  });

  it('are none for steps that wrote nothing', () => {
    expect(pageOf(run([job({}, step({ log: 'logs/a.log' }))]), '')).toContain('<li class="row" id="w1j1n1s1">');
  });
});
