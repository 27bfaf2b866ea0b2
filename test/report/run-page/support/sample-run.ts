import type { JobRecord, NodeRecord, RunRecord, StepRecord } from '../../../../src/runner/run-record.ts';

const START = Date.parse('2026-11-20T10:30:06.000Z');

/** The time so many seconds after the start of the run. */
export function after(seconds: number): string {
  return new Date(START + Math.round(seconds * 1000)).toISOString();
}

type StepPart = Partial<StepRecord> & { readonly took?: number };

/** Steps one after the other: name, seconds, and what differs from success. */
function steps(start: number, ...parts: [name: string, took: number, more?: StepPart][]): StepRecord[] {
  let at = start + 0.2;
  return parts.map(([name, took, more]) => {
    const begin = at;
    at += took;
    return {
      name,
      kind: 'run',
      status: 'success',
      exitCode: 0,
      startedAt: after(begin),
      finishedAt: after(at),
      reruns: 0,
      ...more,
    };
  });
}

function node(list: readonly StepRecord[], folder: string, artifacts: readonly string[] = []): NodeRecord {
  return {
    steps: list.map((step, index) => ({ log: `logs/${folder}/${index}.log`, ...step })),
    artifacts: artifacts.map((path) => `artifacts/${folder}/${path}`),
  };
}

function job(name: string, from: number, to: number, more: Partial<JobRecord> = {}): JobRecord {
  return {
    name,
    type: 'build',
    status: 'success',
    requires: [],
    startedAt: after(from),
    finishedAt: after(to),
    nodes: [],
    ...more,
  };
}

function neverRan(name: string, status: JobRecord['status'], more: Partial<JobRecord> = {}): JobRecord {
  return { name, type: 'build', status, requires: [], nodes: [], ...more };
}

function needs(...names: string[]): JobRecord['requires'] {
  return names.map((name) => ({ job: name, statuses: ['success'] }));
}

const SKIPPED = { status: 'skipped', reason: 'an earlier step failed' } as const;

const RELEASE: readonly JobRecord[] = [
  job('lint', 0.1, 9.4, {
    nodes: [
      node(
        steps(0.1, ['Checkout code', 0.6, { kind: 'checkout' }], ['npm ci', 5.9], ['npm run lint', 2.5]),
        'release/lint',
      ),
    ],
  }),
  ...['18', '20', '22'].map((version, index) =>
    job(`unit-tests-node-${version}-debian-bookworm-with-coverage`, 0.2, 21.4 + 3 * index, {
      nodes: [
        node(
          steps(
            0.2,
            ['Checkout code', 0.7, { kind: 'checkout' }],
            ['Restore cache', 0.8, { kind: 'restore_cache' }],
            ['npm ci', 5.2],
            ['npm test -- --coverage', 12 + 3 * index, index === 2 ? { reruns: 1 } : {}],
            ['Store test results', 0.4, { kind: 'store_test_results' }],
            ['Store artifacts', 0.3, { kind: 'store_artifacts' }],
          ),
          `release/unit-${version}`,
          ['coverage/index.html', 'coverage/lcov.info'],
        ),
      ],
    }),
  ),
  job('browser-tests', 0.3, 33, {
    requires: [],
    nodes: [0, 1, 2].map((index) =>
      node(
        [
          ...steps(0.3, ['Checkout code', 0.6, { kind: 'checkout' }]),
          ...steps(0.9, ['Start the server', 24 + 4 * index, { background: true, reason: 'ended with the job' }]),
          ...steps(
            1.1,
            ['npm ci', 5 + index],
            ['Run browser tests', 18 + 3 * index],
            ['Store artifacts', 0.4, { kind: 'store_artifacts' }],
          ),
        ],
        `release/browser/${index}`,
        [`screenshots/${index}/start page.png`],
      ),
    ),
  }),
  job('build-and-push-image', 28, 66, {
    requires: needs(
      'lint',
      'unit-tests-node-18-debian-bookworm-with-coverage',
      'unit-tests-node-20-debian-bookworm-with-coverage',
      'unit-tests-node-22-debian-bookworm-with-coverage',
    ),
    nodes: [
      node(
        steps(
          28,
          ['Checkout code', 0.6, { kind: 'checkout' }],
          ['Install the CLI of aws-deploy', 0.9],
          ['Assume the role arn:aws:iam::123456789012:role/deployer', 0.5],
          ['Build and push crawl:7', 35],
          ['Persist the release record', 0.2, { kind: 'persist_to_workspace' }],
        ),
        'release/build',
      ),
    ],
  }),
  job('upload-script', 28.1, 32, {
    requires: needs('lint'),
    nodes: [
      node(steps(28.1, ['Checkout code', 0.6, { kind: 'checkout' }], ['Upload jobs/crawl.sh', 2.9]), 'release/upload'),
    ],
  }),
  job('approve-release', 66, 81, {
    type: 'approval',
    requires: needs('build-and-push-image', 'upload-script', 'browser-tests'),
  }),
  job('register-job-definition', 81, 97.5, {
    status: 'failed',
    requires: needs('approve-release'),
    nodes: [
      node(
        steps(
          81,
          ['Checkout code', 0.5, { kind: 'checkout' }],
          ['Attach the workspace', 0.3, { kind: 'attach_workspace' }],
          ['Register the job definition nightly-crawl', 14.2, { status: 'failed', exitCode: 5, reruns: 2 }],
          ['Tell the release channel', 0, { ...SKIPPED }],
          ['Store artifacts', 0.6, { kind: 'store_artifacts' }],
        ),
        'release/register',
        ['plan.json'],
      ),
    ],
  }),
  neverRan('schedule-job', 'not_run', {
    requires: needs('register-job-definition'),
    reason: 'register-job-definition ended as failed, and only success is wanted',
  }),
  job('roll-back', 98, 104, {
    requires: [{ job: 'register-job-definition', statuses: ['failed', 'canceled'] }],
    nodes: [
      node(steps(98, ['Install the CLI of aws-deploy', 0.9], ['Roll back nightly-crawl', 4.8]), 'release/rollback'),
    ],
  }),
  job('notify', 104.2, 106, {
    requires: [
      { job: 'roll-back', statuses: ['success', 'failed', 'canceled', 'unauthorized', 'not_run'] },
      { job: 'schedule-job', statuses: ['success', 'failed', 'canceled', 'unauthorized', 'not_run'] },
    ],
    nodes: [node(steps(104.2, ['Tell the release channel', 1.4]), 'release/notify')],
  }),
];

const NIGHTLY: readonly JobRecord[] = [
  job('submit-job', 0.5, 40, {
    status: 'canceled',
    reason: 'canceled: Ctrl-C',
    nodes: [
      node(
        steps(
          0.5,
          ['Install the CLI of aws-deploy', 1.1],
          ['Submit nightly-crawl and follow it', 38, { status: 'canceled' }],
        ),
        'nightly/submit',
      ),
    ],
  }),
  neverRan('audit', 'unauthorized', { reason: 'the context audit-keys is not there; its steps use AUDIT_TOKEN' }),
  neverRan('publish-report', 'on_hold', { type: 'approval' }),
  neverRan('publish', 'waiting', { requires: needs('publish-report', 'submit-job') }),
];

/** A run with all that can be in one: failures, approvals, nodes, matrix names, reruns, skipped and canceled. */
export const SAMPLE_RUN: RunRecord = {
  schema: 'aws-deploy/local-run@1',
  number: 7,
  config: '.circleci/config.yml',
  commit: 'c0ffee0000000000000000000000000000000002',
  branch: 'feature/nightly-crawl-every-hour',
  dirty: true,
  startedAt: after(0),
  finishedAt: after(106.3),
  exitCode: 1,
  workflows: [
    { name: 'build-and-release', jobs: RELEASE },
    { name: 'nightly', jobs: NIGHTLY },
  ],
  localAws: [
    'ecr: repository crawl: image sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 (tag 7) added',
    's3: acme-scripts/jobs/fedc0ba98765/crawl.sh added (1.2 KiB)',
    'batch: job definition nightly-crawl: revision 4 registered',
    'batch: job definition nightly-crawl: revision 3 tagged aws-deploy:rejected',
  ],
};

const FAILED_LOG = `\u001b[1mRegister the job definition nightly-crawl\u001b[0m
  region eu-west-1, account 123456789012
  revision 3 is active, verified 2026-11-19T03:01:12Z
  image    123456789012.dkr.ecr.eu-west-1.amazonaws.com/crawl:7
\u001b[32m+\u001b[0m environment CRAWL_DEPTH=4
\u001b[31m-\u001b[0m environment CRAWL_DEPTH=3
waiting for ECR  1s\rwaiting for ECR  2s\rwaiting for ECR  3s
\u001b[31;1merror: no such image in ECR: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/crawl:7\u001b[0m
  Repository crawl in eu-west-1, account 123456789012.

Suggestions:
  Push it first (build_and_push_image), or correct the name. Nothing was registered.
`;

const TEST_LOG = Array.from(
  { length: 60 },
  (_, index) => `\u001b[30;42m PASS \u001b[0m test/part-${index}.test.ts \u001b[2m(${index * 3} ms)\u001b[0m`,
).join('\n');

/** Every colour, before and behind text. */
const COLOURS_LOG = [30, 40, 90, 100]
  .flatMap((first) =>
    Array.from({ length: 8 }, (_, index) => `\u001b[${first + index}mcolour ${first + index}\u001b[0m`),
  )
  .concat('\u001b[31;44mboth\u001b[0m', '\u001b[7mturned around\u001b[0m', '\u001b[2mdim\u001b[0m')
  .join('\n');

/** The logs of the sample, by path. */
export function sampleLog(path: string): string {
  if (path === 'logs/release/lint/2.log') return COLOURS_LOG;
  if (path === 'logs/release/register/2.log') return FAILED_LOG;
  if (path === 'logs/release/register/3.log') return '';
  if (path.includes('unit') && path.endsWith('3.log')) return TEST_LOG;
  if (path.endsWith('0.log')) return 'Cloning at c0ffee000000\nHEAD is now at c0ffee0 Crawl every hour\n';
  return `$ ${path}\nadded 312 packages in 5s\n\u001b[33m2 packages\u001b[0m are looking for funding\n`;
}
