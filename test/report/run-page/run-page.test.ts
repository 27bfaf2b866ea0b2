import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { JobRecord, RunRecord, StepRecord } from '../../../src/runner/run-record.ts';
import { logOfText } from './support/log-of-text.ts';
import { runPage } from '../../../src/report/run-page/run-page.ts';
import type { RunPageInput } from '../../../src/report/run-page/run-page-input.ts';
import { after, SAMPLE_RUN, sampleLog } from './support/sample-run.ts';

const SAMPLE_LOGS: RunPageInput = { logs: (path, most) => logOfText(sampleLog(path), most) };

function step(more: Partial<StepRecord> = {}): StepRecord {
  return {
    name: 'Run tests',
    kind: 'run',
    status: 'success',
    startedAt: after(0),
    finishedAt: after(2),
    reruns: 0,
    ...more,
  };
}

function job(more: Partial<JobRecord> = {}, ...steps: StepRecord[]): JobRecord {
  const nodes = steps.length === 0 ? [] : [{ steps, artifacts: [] }];
  return {
    name: 'build',
    type: 'build',
    status: 'success',
    requires: [],
    startedAt: after(0),
    finishedAt: after(3),
    nodes,
    ...more,
  };
}

function run(jobs: readonly JobRecord[], more: Partial<RunRecord> = {}): RunRecord {
  const { localAws: _none, commit: _commit, branch: _branch, ...sample } = SAMPLE_RUN;
  return { ...sample, dirty: false, workflows: [{ name: 'main', jobs }], ...more };
}

function pageOf(record: RunRecord, log = '', more: Partial<RunPageInput> = {}): string {
  return runPage(record, { logs: (_path, most) => logOfText(log, most), ...more });
}

/** What a reader sees: no tags, no style. */
function textOf(page: string): string {
  return page
    .replace(/<style>[^]*?<\/style>/, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');
}

/** The page's tags with the names of their attributes, and nothing of their values or of the text between. */
function skeleton(page: string): string[] {
  const body = page.slice(page.indexOf('<body>'));
  return [...body.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replaceAll(/"[^"]*"/g, '""'));
}

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

describe('what comes from outside', () => {
  const HOSTILE = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    `' onclick='alert(1)`,
    '</style><style>*{}',
    '</svg></title></pre><iframe>',
    '<!-- --> ]]> &lt;',
    'javascript:alert(1)',
    '{{x}} ${x} `x`',
    '\u0000\u001b]8;;x:y\u0007\ud800\u202e',
  ];

  /** The page of a run that says this wherever it says anything. */
  function hostilePage(text: string): string {
    const failed = step({ name: text, kind: text, status: 'failed', reason: text, log: `logs/${text}`, exitCode: 1 });
    const jobs: JobRecord[] = [
      {
        ...job({ name: text, type: text, status: 'failed', reason: text }),
        nodes: [0, 1].map(() => ({ steps: [failed], artifacts: [`artifacts/${text}`] })),
      },
      job({ name: 'held', type: 'approval', status: 'on_hold', requires: [{ job: text, statuses: ['failed'] }] }),
    ];
    const results = {
      workflow: text,
      job: text,
      passed: 0,
      failed: 1,
      skipped: 0,
      failures: [{ name: text, message: text }],
    };
    return pageOf(
      run([], {
        config: text,
        commit: text,
        branch: text,
        localAws: [text],
        workflows: [0, 1].map(() => ({ name: text, jobs })),
      }),
      text,
      { testResults: [results] },
    );
  }

  it.each(HOSTILE)('is never markup: %j', (text) => {
    // The same without anything special: letters, and the slashes that divide paths.
    const harmless = text.replaceAll(/\u001b\]8;;x:y\u0007/g, '').replaceAll(/[^/a-z ]/gu, 'x');
    expect(skeleton(hostilePage(text))).toEqual(skeleton(hostilePage(harmless)));
  });

  it.each(HOSTILE)('is no control character and no lone surrogate: %j', (text) => {
    expect(hostilePage(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\p{Surrogate}\u202a-\u202e]/u);
  });

  it('is never an address inside of the page, nor one outside of the folder', () => {
    const links = HOSTILE.flatMap((text) =>
      [...hostilePage(text).matchAll(/href="([^"]*)"/g)].map(([, link = '']) => link),
    );
    expect(
      links.filter((link) => !/^(#w\d+(j\d+(n\d+s\d+)?)?|#i-[a-z]+|\.\/(run\.json|(logs|artifacts)\/.+))$/.test(link)),
    ).toEqual([]);
  });
});

describe('the policy of the page', () => {
  const page = runPage(SAMPLE_RUN, SAMPLE_LOGS);
  const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(page)?.[1] ?? '';

  it('permits nothing but its own style sheet', () => {
    const style = /<style>([^]*?)<\/style>/.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(policy.replaceAll('&#39;', "'")).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
    );
  });

  it('comes before all that it is about', () => {
    expect(page.indexOf('Content-Security-Policy')).toBeLessThan(page.indexOf('<style>'));
  });

  it('is kept: there is no script, no style of its own on any element, and nothing that is loaded', () => {
    expect(page).not.toMatch(/<script|<link|<img|<iframe|<object|\sstyle=|\son[a-z]+=|src=|@import|https?:\/\//i);
  });
});

describe('limits', () => {
  const LONG = Array.from({ length: 20_000 }, (_, index) => `line ${index}\n`).join('');

  it('cut a long log in its middle, say so, and link to the file', () => {
    const page = pageOf(run([job({}, step({ log: 'logs/w/build/0.log' }))]), LONG);
    const text = textOf(page);
    expect(text).toMatch(
      /line 0 line 1 .* line \d+ \d+ KiB are left out here\. The whole: log file line \d+ .* line 19999/,
    );
    expect(page.length).toBeLessThan(100_000);
  });

  it('show the last lines of a failed step, also of a log that was cut', () => {
    const page = pageOf(run([job({ status: 'failed' }, step({ status: 'failed', log: 'logs/a.log' }))]), LONG);
    const end = textOf(page.slice(page.indexOf('Last lines of its log'), page.indexOf('</article>')));
    expect(end.match(/line \d+/g)).toEqual(Array.from({ length: 20 }, (_, index) => `line ${19_980 + index}`));
  });

  it('hold for a run of 500 jobs with 20 steps each and long logs', () => {
    const asked: number[] = [];
    const jobs = Array.from({ length: 500 }, (_, index) =>
      job(
        { name: `job-${index}`, requires: [{ job: `job-${index - 7}`, statuses: ['success'] }] },
        ...Array.from({ length: 20 }, (__, place) => step({ log: `logs/${index}/${place}.log` })),
      ),
    );
    const page = runPage(run(jobs), {
      logs: (_path, most) => {
        asked.push(most);
        return { head: '<'.repeat(most / 4), tail: '<'.repeat((3 * most) / 4), cutBytes: 100_000_000 };
      },
    });
    expect(page.length).toBeLessThan(8_000_000);
    expect(asked.length).toBeLessThan(100);
    const [, elsewhere = ''] = /the logs of (\d+) steps are not on it/.exec(page) ?? [];
    expect(Number(elsewhere)).toBe(10_000 - asked.length);
    expect(page.match(/>Run tests</g)).toHaveLength(10_000);
  });

  it('give the room of the page to the logs of failed steps first', () => {
    const asked: string[] = [];
    const jobs = [
      ...Array.from({ length: 300 }, (_, index) => job({ name: `good-${index}` }, step({ log: `good-${index}` }))),
      job({ name: 'bad', status: 'failed' }, step({ status: 'failed', log: 'bad' })),
    ];
    const page = runPage(run(jobs), {
      logs: (path, most) => {
        asked.push(path);
        return { head: `${'x'.repeat(most - 20)} of ${path}`, tail: '', cutBytes: 0 };
      },
    });
    expect(asked[0]).toBe('bad');
    expect(page).toContain(' of bad</pre>');
    expect(page).not.toContain(' of good-299</pre>');
  });

  it('are said: jobs, artifacts and changes that are not on the page are counted', () => {
    const many = Array.from({ length: 2100 }, (_, index) => job({ name: `job-${index}` }));
    const artifacts = Array.from({ length: 2500 }, (_, index) => `artifacts/${index}`);
    const withArtifacts = { ...job(), nodes: [{ steps: [], artifacts }] };
    const localAws = Array.from({ length: 1200 }, (_, index) => `change ${index}`);
    expect(textOf(pageOf(run(many)))).toContain('100 further jobs are in run.json');
    expect(textOf(pageOf(run([withArtifacts], { localAws })))).toMatch(/500 further artifacts.*200 further changes/);
  });

  it('shorten names and reasons of megabytes', () => {
    const long = 'x'.repeat(1_000_000);
    const page = pageOf(
      run([job({ name: long, status: 'failed', reason: long }, step({ name: long, reason: long, status: 'failed' }))], {
        config: long,
        branch: long,
        commit: long,
        localAws: [long],
      }),
    );
    expect(page.length).toBeLessThan(50_000);
  });
});
