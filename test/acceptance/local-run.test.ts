import { describe, expect, it } from '@jest/globals';
import { localProjectForTests } from './support/local-project.ts';

const project = localProjectForTests();

const NOTHING = 'steps: [run: "true"]';

describe('exit codes of a local run', () => {
  it.each<[string, number, { jobs?: Record<string, string>; calls?: string; args?: string[]; says?: string }]>([
    ['all jobs succeeded', 0, {}],
    ['a job failed', 1, { jobs: { a: 'steps: [run: exit 3]' }, says: 'failed after 0s: exit 3: exit code 3' }],
    ['an argument is wrong', 2, { args: ['--jobs', 'many'], says: '--jobs must be a whole number' }],
    ['a job is not there', 5, { args: ['b'], says: 'neither a workflow nor a job named "b"' }],
    ['the config is invalid', 7, { calls: 'b', says: 'Cannot find a definition for job named b' }],
    ['nobody approved', 12, { calls: 'hold: { type: approval }, a: { requires: [hold] }', says: '--approve hold' }],
    ['an approval was given', 0, { calls: 'hold: { type: approval }', args: ['--approve', 'hold'] }],
  ])('%s: %i', async (_what, code, { jobs = { a: NOTHING }, calls = 'a', args = [], says = '' }) => {
    await project().commit(jobs, calls);
    const { stdout, stderr, ...end } = await project().run(args);
    expect({ ...end, said: stdout + stderr }).toMatchObject({ code, said: expect.stringContaining(says) });
  });
});

describe('the tools of jobs', () => {
  it.each<[string, string, string]>([
    ['circleci env subst', "A=1 circleci env subst 'x ${A}'", 'x 1\n'],
    ['circleci tests', "touch a.js b.js && circleci tests glob '*.js' | circleci tests split", 'a.js\nb.js\n'],
    ['circleci run oidc get', 'circleci run oidc get | tr -dc . | wc -c', '2\n'],
    ['circleci-agent step halt', 'circleci-agent step halt && echo halted', 'halted\n'],
  ])('%s', async (_what, command, says) => {
    await project().commit({ a: `steps: [run: ${JSON.stringify(command)}]` }, 'a');
    const { code, stdout } = await project().run();
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(`\n${says}<==`) });
  });

  it('deploy markers are told at the end and on the page, by their last word', async () => {
    const circleci = (what: string): string => `run: circleci run release ${what}`;
    const steps = [circleci('plan d --target-version 1.2 --component-name web'), circleci('update d --status SUCCESS')];
    await project().commit({ a: `steps: [${steps.join(', ')}]` }, 'a');
    const { stdout } = await project().run();
    expect(stdout).toContain('  deploys\n    web 1.2 to default: SUCCESS\n');
    expect(await project().read('.circleci/local/runs/1/index.html')).toContain('web 1.2 to default: SUCCESS');
  });
});

it('the nodes of a parallel job know who they are, and keep what they store apart', async () => {
  const steps = 'run: echo node $CIRCLE_NODE_INDEX of $CIRCLE_NODE_TOTAL > out, store_artifacts: { path: out }';
  await project().commit({ a: `parallelism: 2, steps: [${steps}]` }, 'a');
  expect(await project().run()).toMatchObject({ code: 0 });
  const artifacts = '.circleci/local/runs/1/artifacts/main/a';
  expect(await project().read(`${artifacts}/0/out`)).toBe('node 0 of 2\n');
  expect(await project().read(`${artifacts}/1/out`)).toBe('node 1 of 2\n');
});

it('services are named that run in Docker only', async () => {
  const body = 'docker: [{ image: cimg/base:current }, { image: cimg/postgres:17.2 }], steps: [run: "true"]';
  const config = `version: 2.1\njobs: { a: { ${body} } }\nworkflows: { main: { jobs: [a] } }\n`;
  await project().commit({ a: NOTHING }, 'a');
  await project().write('.circleci/config.yml', config);
  const { stdout } = await project().run();
  expect(stdout).toContain('a: The services cimg/postgres:17.2 are not started: they need --docker.\n');
});

it('what is secret is in no output and in no file of the run', async () => {
  await project().commit(
    {
      a: 'steps: [run: { name: tell, command: "echo $KEY | tee key; exit 1" }, store_test_results: { path: . }]',
      b: 'steps: [run: circleci run release log --target-version $KEY]',
    },
    'a: { context: prod }, b: { context: prod }',
  );
  await project().write('.circleci/local/contexts/prod.env', 'KEY=correct-horse\n');
  const { stdout, stderr } = await project().run();
  expect(stdout).toContain('****');
  expect(stdout + stderr + (await project().leftTexts())).not.toContain('correct-horse');
});

describe('workspaces', () => {
  const persist = 'persist_to_workspace: { root: ., paths: [out] }';
  const attach = 'attach_workspace: { at: . }';

  it('bring files from job to job', async () => {
    const a = `steps: [run: "echo from a > out", ${persist}]`;
    await project().commit({ a, b: `steps: [${attach}, run: cat out]` }, 'a, b: { requires: [a] }');
    const { code, stdout } = await project().run();
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('| from a\n') });
  });

  it('can not be attached when two parallel jobs persisted the same file', async () => {
    const a = `steps: [run: "echo $CIRCLE_JOB > out", ${persist}]`;
    await project().commit({ a, b: a, c: `steps: [${attach}]` }, 'a, b, c: { requires: [a, b] }');
    const { stdout } = await project().run();
    expect(await project().statuses()).toEqual({ a: 'success', b: 'success', c: 'failed' });
    expect(stdout).toContain('Concurrent upstream jobs persisted the same file(s)');
  });

  it('get nothing after a step that failed', async () => {
    const a = `steps: [run: "echo a > out", run: exit 1, ${persist}]`;
    const b = `steps: [${attach}, run: ls]`;
    await project().commit({ a, b }, 'a, b: { requires: [a: failed] }');
    const { stdout } = await project().run();
    expect(stdout).toContain('a | ==> Persisting to workspace: skipped: a step before it failed.\n');
    expect(stdout).not.toContain('b | out\n');
  });
});

it('caches last from run to run, and are never written over', async () => {
  const steps = [
    'restore_cache: { key: k1 }',
    'run: "cat kept/file || { mkdir kept && echo $CIRCLE_BUILD_NUM > kept/file; }"',
    'save_cache: { key: k1, paths: [kept] }',
  ];
  await project().commit({ a: `steps: [${steps.join(', ')}]` }, 'a');
  await project().run();
  const { stdout } = await project().run();
  expect(stdout).toContain('\n10001\n');
  expect(stdout).toContain('Skipping cache generation');
});
