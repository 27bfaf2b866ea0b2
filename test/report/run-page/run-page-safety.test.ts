import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { JobRecord } from '../../../src/runner/run-record.ts';
import { runPage } from '../../../src/report/run-page/run-page.ts';
import { SAMPLE_RUN } from './support/sample-run.ts';
import { SAMPLE_LOGS, step, job, run, pageOf, textOf, skeleton } from './support/page-of.ts';

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
