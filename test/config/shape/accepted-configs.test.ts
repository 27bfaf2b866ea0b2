import { describe, expect, it } from '@jest/globals';
import { check } from './support/shape-check.ts';

describe('what CircleCI accepts', () => {
  it.each<[string, string]>([
    [
      'shapes that the JSON schema once refused (acceptance tests of the language server)',
      `
version: 2.1
experimental: {observability: {}}
executors:
  signing:
    machine: {image: ubuntu-2404:current, code_signing: [release-bundle]}
    resource_class: arm.medium
  gar:
    docker:
      - image: builder:1.0
        gcp_auth: {oidc_service_account: a, workload_identity_pool: b, workload_identity_provider: c}
jobs:
  sign:
    executor: signing
    steps:
      - restore_cache: {keys: v1-deps}
      - save_cache: {key: v1-deps, paths: ~/go/pkg/mod}
      - add_ssh_keys: {fingerprints: SHA256}
      - persist_to_workspace: {root: ., path: bin}
job-groups:
  2-stage-build: {jobs: [sign]}
workflows:
  main: {jobs: [2-stage-build]}
`,
    ],
    [
      'templates where another type is wanted',
      `
version: 2.1
jobs:
  test:
    docker: << parameters.images >>
    parallelism: << parameters.n >>
    environment: << parameters.env >>
    steps:
      - << parameters.step >>
      - run: << parameters.command >>
      - when: << parameters.condition >>
      - steps: << parameters.more >>
workflows:
  main: {max_auto_reruns: << pipeline.parameters.n >>, jobs: [test]}
`,
    ],
    [
      'an anchored list as one step',
      `
version: 2.1
jobs:
  build:
    machine: true
    steps:
      - &setup
        - run: a
        - run: b
      - *setup
`,
    ],
    [
      'environment as map, as list of maps and as list of texts',
      `
version: 2.1
jobs:
  a: {docker: [{image: a, environment: {A: 1, B: null}}], environment: {A: true}, steps: [checkout]}
  b: {docker: [{image: a}], environment: [{A: 1}, B=2], steps: [checkout]}
`,
    ],
    [
      'jobs of every type',
      `
version: 2.1
jobs:
  a: {type: release, plan_name: p}
  b: {type: lock, key: k}
  c: {type: unlock, key: k}
  d: {type: approval}
  e: {type: no-op, steps: [run: x]}
  f: {type: build, machine: default, steps: [checkout]}
  g: some-orb/job
`,
    ],
    [
      'jobs of a workflow with all keys',
      `
version: 2.1
workflows:
  version: 2
  main:
    when: pipeline.git.branch == "main"
    triggers: [{schedule: {cron: "0 0 * * *", filters: {branches: {only: [main]}}}}]
    jobs:
      - build
      - hold: {type: approval, requires: [build, {test: failed}, {lint: [failed, canceled]}]}
      - deploy:
          name: d
          context: [a]
          filters: {branches: {ignore: /x/}, tags: {only: [v1]}}
          matrix: {alias: m, parameters: {os: [linux]}, exclude: [{os: linux}]}
          pre-steps: [checkout]
          post-steps: [run: x]
          serial-group: s
          override-with: orb/job
          any-argument: {of: the job}
      - other: {filters: pipeline.git.branch == "main"}
`,
    ],
    [
      'inline orbs, aliases of elements, orbs that are filled in later',
      `
version: 2.1
orbs:
  node: circleci/node@5
  later: {}
  mine:
    orbs: {aws: circleci/aws-cli@4}
    commands: {greet: {steps: [run: hi]}, other: aws/install}
    executors: {default: {docker: [{image: a}]}, e: aws/default}
    jobs: {j: aws/job}
commands: {install: node/install}
`,
    ],
    ['a setup config', 'version: 2.1\nsetup: true\nworkflows: {setup: {jobs: [setup]}}\n'],
    ['functions and sections without values', 'version: 2.1\nfunctions: {f: a@1}\norbs:\ncommands:\njobs:\n'],
  ])('%s', (_name, text) => {
    expect(check(text)).toMatchObject({ errors: [], warnings: [] });
  });
});
