import { describe, expect, it } from '@jest/globals';
import { changesText } from '../../../src/report/local-run/outcome/changes-text.ts';
import { dryRunText } from '../../../src/report/local-run/pipeline/dry-run-text.ts';
import { listText } from '../../../src/report/local-run/pipeline/list-text.ts';
import type { WorkflowJob } from '../../../src/runner/pipeline/pipeline.ts';
import { pipelineOf } from '../../runner/support/pipeline-of.ts';

const PIPELINE = pipelineOf(`
jobs:
  build:
    docker: [{image: cimg/node:20.19}, {image: postgres:17}]
    environment: {NODE_ENV: test, NPM_TOKEN: hunter2}
    steps:
      - checkout: {path: app}
      - restore_cache: {keys: [v1-a, v1-]}
      - run: {name: Serve, command: ./serve, background: true, working_directory: app, shell: /bin/sh}
      - run:
          name: Test
          command: "npm ci\\n\\nnpm test\\n"
          no_output_timeout: 5m
          max_auto_reruns: 2
          auto_rerun_delay: 10s
          environment: {CI_MODE: "1", LINES: "a\\nb"}
      - run: {name: Clean, command: make clean, when: always}
      - run: {name: Mourn, command: "false", when: on_fail}
      - save_cache: {key: v1-a, paths: [~/.npm, x]}
      - persist_to_workspace: {root: ., paths: [dist]}
      - store_artifacts: {path: dist, destination: out}
      - store_test_results: {path: results}
      - setup_remote_docker
  test: {machine: {image: ubuntu-2404:current}, parallelism: 2, steps: [{attach_workspace: {at: .}}]}
  deploy: {macos: {xcode: "16.4"}, steps: []}
  notify: {type: no-op}
workflows:
  release:
    jobs:
      - deploy: {requires: [hold, build], context: [aws, slack]}
      - hold: {type: approval, requires: [test]}
      - build
      - test: {requires: [build]}
      - notify: {requires: [{build: [failed, canceled]}, {deploy: terminal}, gone]}
  empty: {jobs: []}
`);

describe('the list', () => {
  it('shows each job below one that it comes after', () => {
    expect(listText(PIPELINE)).toBe(`release
  build           docker cimg/node:20.19 with postgres:17
    test          machine ubuntu-2404:current, on 2 nodes; after build
      hold        approval; after test
        deploy    macos 16.4; after hold, build; contexts aws, slack
          notify  runs nothing (no-op); after build (failed or canceled), deploy (however it ends)

empty
`);
  });

  it('says when there is nothing', () => {
    expect(listText({ workflows: [] })).toBe('No workflow runs with these pipeline values.\n');
  });
});

describe('a dry run', () => {
  const redact = (all: string): string => all.replaceAll('postgres', '****');
  const variablesOf = ({ contexts }: WorkflowJob): string[] => (contexts.includes('aws') ? ['AWS_ROLE_ARN'] : []);
  const text = dryRunText(PIPELINE, { redact, variablesOf });
  const jobs = text.split('\n\n');

  it('tells a job step by step, with what it runs', () => {
    expect(jobs[0]).toBe(`release / build: docker cimg/node:20.19 with ****:17
  working directory ~/project, shell /bin/bash -eo pipefail
  NODE_ENV=test
  NPM_TOKEN (secret)
   1. Checkout code
      to app
   2. Restoring cache
      v1-a
      or v1-
   3. Serve (in the background; in app; shell /bin/sh)
        | ./serve
   4. Test (up to 2 reruns, 10s apart; ends after 5m of silence)
      CI_MODE=1
      LINES=a
        b
        | npm ci
        |
        | npm test
   5. Clean (always)
        | make clean
   6. Mourn (only after a failure)
        | false
   7. Saving cache
      ~/.npm, x as v1-a
   8. Persisting to workspace
      dist in .
   9. Uploading artifacts
      dist as out
  10. Uploading test results
      results
  11. Setup a remote Docker engine
      nothing happens on this machine`);
  });

  it('tells the jobs in an order in which they can run', () => {
    expect(jobs.map((job) => job.split(':')[0]?.trim())).toEqual([
      'release / build',
      'release / test',
      'release / hold',
      'release / deploy',
      'release / notify',
    ]);
  });

  it('names the variables of contexts, without values', () => {
    expect(jobs[3]).toContain('\n  AWS_ROLE_ARN (of a context or the project)');
  });

  it('says when there is nothing', () => {
    expect(dryRunText({ workflows: [] }, { redact: String, variablesOf: () => [] })).toMatch(/^No workflow runs/);
  });
});

it.each([
  [[], 'Nothing changed in the local AWS.\n'],
  [
    ['batch: a revision', 's3: \u001B[2Jan object'],
    'Changed in the local AWS:\n  batch: a revision\n  s3: an object\n',
  ],
])('the changes %j', (changes, text) => {
  expect(changesText(changes)).toBe(text);
});
