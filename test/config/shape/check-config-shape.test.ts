import { describe, expect, it } from '@jest/globals';
import { Report } from '../../../src/config/problem.ts';
import { checkConfigShape } from '../../../src/config/shape/check-config-shape.ts';
import { checkOrbShape } from '../../../src/config/shape/check-orb-shape.ts';
import { readYaml } from '../../../src/config/yaml/read-yaml.ts';
import { errorTexts, warningTexts } from '../support/problems.ts';

function check(text: string, how: typeof checkConfigShape = checkConfigShape) {
  const report = new Report();
  const root = readYaml({ name: 'config.yml', text }, report);
  if (root === undefined) throw new Error(JSON.stringify(report.problems.map(({ message }) => message)));
  how(root, report);
  return { report, errors: errorTexts(report), warnings: warningTexts(report) };
}

/** A config with one job, whose steps are given. */
function withSteps(steps: string): string {
  const lines = steps.split('\n').map((line) => `      ${line}`);
  return `version: 2.1\njobs:\n  build:\n    docker: [{image: a}]\n    steps:\n${lines.join('\n')}\n`;
}

function inFile(message: string): string {
  return `ERROR IN CONFIG FILE:\n${message}`;
}

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

describe('keys that CircleCI refuses', () => {
  it('are an error at the key, with the permitted keys and the nearest name', () => {
    const { report } = check(
      'version: 2.1\njobs:\n  build:\n    docker: [{image: a}]\n    stpes: [checkout]\n    steps: []\n',
    );
    expect(report.problems).toMatchObject([
      {
        code: 'extraneous-key',
        severity: 'error',
        at: { line: 5, column: 5 },
        hints: ['Did you mean steps?'],
      },
    ]);
    expect(report.problems[0]?.message).toMatch(
      /^ERROR IN CONFIG FILE:\n\[#\/jobs\/build\] extraneous key \[stpes\] is not permitted\nPermitted keys:\n {2}- description\n {2}- docker\n/,
    );
  });

  it.each<[string, string, string]>([
    ['a command', 'version: 2.1\ncommands: {c: {step: [], steps: []}}\n', '[#/commands/c] extraneous key [step]'],
    ['an executor', 'version: 2.1\nexecutors: {e: {image: a}}\n', '[#/executors/e] extraneous key [image]'],
    [
      'a docker entry',
      'version: 2.1\nexecutors: {e: {docker: [{image: a, env: {}}]}}\n',
      '[#/executors/e/docker/0] extraneous key [env]',
    ],
    ['machine', 'version: 2.1\nexecutors: {e: {machine: {img: a}}}\n', '[#/executors/e/machine] extraneous key [img]'],
    ['macos', 'version: 2.1\nexecutors: {e: {macos: {xcode: 1, x: 2}}}\n', '[#/executors/e/macos] extraneous key [x]'],
    [
      'when (CircleCI-Public/docker-orb#68)',
      withSteps('- when: {name: x, condition: true, steps: []}'),
      '[#/jobs/build/steps/0/when] extraneous key [name]',
    ],
    [
      'branches of filters',
      'version: 2.1\nworkflows: {w: {jobs: [{a: {filters: {branches: {exclude: x}}}}]}}\n',
      '[#/workflows/w/jobs/0/a/filters/branches] extraneous key [exclude]',
    ],
  ])('of %s', (_name, text, message) => {
    expect(check(text).errors.map((error) => error.split('\n')[1])).toEqual([`${message} is not permitted`]);
  });
});

describe('keys that CircleCI drops in silence are a warning', () => {
  it('at the top level, with the nearest name', () => {
    const { report } = check('version: 2.1\nworkflow: {}\nanchors: {}\n');
    expect(report.problems).toMatchObject([
      {
        severity: 'warning',
        message: 'CircleCI does not know the top-level key workflow and drops it in silence',
        hints: ['Did you mean workflows?'],
        at: { line: 2, column: 1 },
      },
      { severity: 'warning', hints: [] },
    ]);
  });

  it.each([
    ['store_artifacts: {path: a, prefix: b}', 'store_artifacts has no prefix option, so this is ignored.'],
    ['run: {command: a, comand: b}', 'run has no comand option, so this is ignored.'],
  ])('in a built-in step: %s', (step, message) => {
    expect(check(withSteps(`- ${step}`))).toMatchObject({ errors: [], warnings: [message] });
  });
});

describe('keys that are missing', () => {
  it.each<[string, string, string]>([
    [
      'steps of a job',
      'version: 2.1\njobs: {build: {machine: true}}\n',
      '[#/jobs/build] required key [steps] not found',
    ],
    ['steps of a command', 'version: 2.1\ncommands: {c: {}}\n', '[#/commands/c] required key [steps] not found'],
    [
      'image of docker',
      'version: 2.1\nexecutors: {e: {docker: [{name: a}]}}\n',
      '[#/executors/e/docker/0] required key [image] not found',
    ],
    [
      'xcode of macos',
      'version: 2.1\nexecutors: {e: {macos: {}}}\n',
      '[#/executors/e/macos] required key [xcode] not found',
    ],
    [
      'plan_name of a release',
      'version: 2.1\njobs: {r: {type: release}}\n',
      '[#/jobs/r] required key [plan_name] not found',
    ],
    ['key of a lock', 'version: 2.1\njobs: {r: {type: lock}}\n', '[#/jobs/r] required key [key] not found'],
    [
      'jobs of a workflow',
      'version: 2.1\nworkflows: {w: {when: true}}\n',
      '[#/workflows/w] required key [jobs] not found',
    ],
    [
      'cron of a schedule',
      'version: 2.1\nworkflows: {w: {jobs: [a], triggers: [{schedule: {}}]}}\n',
      '[#/workflows/w/triggers/0/schedule] required key [cron] not found',
    ],
    ['command of run', withSteps('- run: {name: a}'), '[#/jobs/build/steps/0/run] required key [command] not found'],
    [
      'condition of when',
      withSteps('- when: {steps: []}'),
      '[#/jobs/build/steps/0/when] required key [condition] not found',
    ],
    [
      'key of restore_cache',
      withSteps('- restore_cache: {name: a}'),
      '[#/jobs/build/steps/0/restore_cache] required key [key] not found',
    ],
  ])('%s', (_name, text, message) => {
    expect(check(text).errors).toEqual([inFile(message)]);
  });
});

describe('values of a wrong type', () => {
  it.each<[string, string, string]>([
    ['a config', '- a\n', '[#] expected type: Mapping, found: Sequence'],
    ['jobs', 'version: 2.1\njobs: [a]\n', '[#/jobs] expected type: Mapping, found: Sequence'],
    [
      'docker',
      'version: 2.1\nexecutors: {e: {docker: a}}\n',
      '[#/executors/e/docker] expected type: Sequence, found: String',
    ],
    [
      'a docker entry',
      'version: 2.1\nexecutors: {e: {docker: [a]}}\n',
      '[#/executors/e/docker/0] expected type: Mapping, found: String',
    ],
    [
      'an environment value',
      'version: 2.1\nexecutors: {e: {environment: {A: [1]}}}\n',
      '[#/executors/e/environment/A] expected type: String, found: Sequence',
    ],
    [
      'steps',
      'version: 2.1\njobs: {b: {machine: true, steps: checkout}}\n',
      '[#/jobs/b/steps] expected type: Sequence, found: String',
    ],
    ['a workflow', 'version: 2.1\nworkflows: {w: [a]}\n', '[#/workflows/w] expected type: Mapping, found: Sequence'],
    [
      'an empty job of a workflow',
      'version: 2.1\nworkflows: {w: {jobs: [null]}}\n',
      '[#/workflows/w/jobs/0] expected type: String or Mapping, found: Null',
    ],
  ])('%s', (_name, text, message) => {
    expect(check(text).errors).toEqual([inFile(message)]);
  });

  it('a type of a job that there is not', () => {
    const { report } = check('version: 2.1\njobs: {a: {type: aproval}}\n');
    expect(report.problems).toMatchObject([{ hints: ['Did you mean approval?'] }]);
    expect(errorTexts(report)).toEqual([
      inFile(
        '[#/jobs/a/type] Input not a valid enum value\nenum:\n  - build\n  - release\n  - lock\n  - unlock\n  - approval\n  - no-op',
      ),
    ]);
  });
});

describe('steps', () => {
  it('a built-in step with its options beside it is an error that says how to indent them', () => {
    const { report } = check(withSteps('- run:\n  command: echo hi'));
    expect(report.problems).toMatchObject([
      {
        severity: 'error',
        message: inFile('[#/jobs/build/steps/0] maximum size: [1], found: [2]'),
        hints: ['Indent command deeper than run, or start a step of its own with `- `.'],
        at: { line: 6, column: 9 },
      },
    ]);
  });

  it('a command with its arguments beside it is called without them, which is a warning', () => {
    const { errors, warnings } = check(withSteps('- greet:\n  to: world'));
    expect(errors).toEqual([]);
    expect(warnings[0]).toMatch(
      /^Step 'greet' has 1 sibling key\(s\) at the same indentation \(to\)\. Keeping 'greet' /,
    );
  });

  it.each<[string, string, string]>([
    ['an empty item', '-', '[#/jobs/build/steps/0] expected type: String or Mapping, found: Null'],
    ['a number', '- 1', '[#/jobs/build/steps/0] expected type: String or Mapping, found: Integer'],
    ['a blank text', "- ' '", '[#/jobs/build/steps/0] The step has no name'],
    ['an empty map', '- {}', '[#/jobs/build/steps/0] minimum size: [1], found: [0]'],
    ['an empty run', '- run:', '[#/jobs/build/steps/0/run] expected type: Mapping, found: Null'],
    [
      'an empty command of run',
      '- run: {command: }',
      '[#/jobs/build/steps/0/run/command] expected type: String, found: Null',
    ],
    ['a list for run', '- run: [a]', '[#/jobs/build/steps/0/run] expected type: String or Mapping, found: Sequence'],
    [
      'a text for save_cache',
      '- save_cache: a',
      '[#/jobs/build/steps/0/save_cache] expected type: Mapping, found: String',
    ],
    ['a list for a command', '- greet: [a]', '[#/jobs/build/steps/0/greet] expected type: Mapping, found: Sequence'],
    [
      'a step in a when',
      '- when: {condition: true, steps: [{run: }]}',
      '[#/jobs/build/steps/0/when/steps/0/run] expected type: Mapping, found: Null',
    ],
  ])('%s is an error', (_name, steps, message) => {
    expect(check(withSteps(steps)).errors).toEqual([inFile(message)]);
  });

  it.each(['checkout', 'setup_remote_docker', 'greet'])('%s with nothing after its colon is a warning', (name) => {
    expect(check(withSteps(`- ${name}:`))).toMatchObject({
      errors: [],
      warnings: [`Step '${name}' has a null body; treating as a no-argument invocation. Write \`- ${name}\` instead.`],
    });
  });

  it('a command of the config with the name of a built-in step has its own arguments', () => {
    const commands = 'commands: {store_artifacts: {parameters: {to: {type: string}}, steps: [checkout]}}\n';
    expect(check(withSteps('- store_artifacts: {to: x}') + commands).errors).toEqual([]);
  });

  it('pre-steps of a workflow are steps', () => {
    expect(check('version: 2.1\nworkflows: {w: {jobs: [{a: {pre-steps: [{run: }]}}]}}\n').errors).toHaveLength(1);
  });
});

describe('a job of a workflow', () => {
  it('with its keys beside it is an error (CircleCI-Public/aws-ecr-orb#75)', () => {
    const text = 'version: 2.1\nworkflows:\n  w:\n    jobs:\n      - build:\n        context: a\n';
    expect(check(text).errors).toEqual([inFile('[#/workflows/w/jobs/0] maximum size: [1], found: [2]')]);
  });
});

describe('version', () => {
  it.each(['2.1', '"2.1"'])('%s is fine', (version) => {
    expect(check(`version: ${version}\n`)).toMatchObject({ errors: [], warnings: [] });
  });

  it.each(['2', '2.0', '"2.0"'])('%s is a warning: it stops working', (version) => {
    expect(check(`version: ${version}\n`)).toMatchObject({
      errors: [],
      warnings: ['CircleCI has announced the end of configuration version 2: pipelines with it stop compiling in 2026'],
    });
  });

  it.each(['version: 3\n', 'version: 1\n', 'version: abc\n', 'jobs: {}\n'])('%j is an error', (text) => {
    expect(check(text).errors).toEqual(['Unsupported or missing workflows config version']);
  });
});

describe('names', () => {
  it('of commands and executors that break the documented rule are a warning', () => {
    const { errors, warnings } = check(
      'version: 2.1\ncommands: {Do It: {steps: []}}\nexecutors: {py3.8: {machine: true}}\n',
    );
    expect(errors).toEqual([]);
    expect(warnings).toEqual([
      'The name of the command "Do It" is not of the form that CircleCI documents: ^[a-z][a-z0-9_-]*$',
      'The name of the executor "py3.8" is not of the form that CircleCI documents: ^[a-z][a-z0-9_-]*$',
    ]);
  });

  it('of jobs may have capitals and blanks', () => {
    expect(check('version: 2.1\njobs: {Build it: {machine: true, steps: []}}\n').warnings).toEqual([]);
  });

  it('of jobs that differ only by case are a warning', () => {
    const { report } = check('version: 2.1\njobs:\n  build: {type: no-op}\n  Build: {type: no-op}\n');
    expect(report.problems).toMatchObject([
      {
        severity: 'warning',
        message: 'The jobs build and Build differ only by case; CircleCI asks for names that are unique without it',
        at: { line: 4 },
      },
    ]);
  });
});

it('branches of a job are a warning', () => {
  expect(check('version: 2.1\njobs: {b: {machine: true, steps: [], branches: {only: a}}}\n')).toMatchObject({
    errors: [],
    warnings: ['The key branches of a job is deprecated'],
  });
});

describe('an orb', () => {
  it('may have examples and display', () => {
    const text = `
version: 2.1
description: An orb
display: {home_url: a, source_url: b}
examples: {simple: {description: d, usage: {version: 2.1}, result: {version: 2}}}
commands: {greet: {steps: [run: hi]}}
`;
    expect(check(text, checkOrbShape)).toMatchObject({ errors: [], warnings: [] });
  });

  it.each<[string, string]>([
    ['examples: {simple: {useage: {}, usage: {}}}', '[#/examples/simple] extraneous key [useage] is not permitted'],
    ['examples: {simple: {}}', '[#/examples/simple] required key [usage] not found'],
    ['jobs: {j: {machine: true}}', '[#/jobs/j] required key [steps] not found'],
  ])('%s is an error', (text, message) => {
    expect(check(`version: 2.1\n${text}\n`, checkOrbShape).errors.map((error) => error.split('\n')[1])).toEqual([
      message,
    ]);
  });

  it('has no workflows: a warning', () => {
    expect(check('version: 2.1\nworkflows: {}\n', checkOrbShape).warnings).toHaveLength(1);
  });
});

describe('aliases of YAML', () => {
  it('are checked once, however often they are used', () => {
    const levels = Array.from({ length: 40 }, (_, index) => `s${index + 1}: &s${index + 1} [*s${index}, *s${index}]`);
    const text = `version: 2.1\ns0: &s0 [run: a]\n${levels.join('\n')}\njobs: {b: {machine: true, steps: *s40}}\n`;
    expect(check(text).errors).toEqual([]);
  });
});
