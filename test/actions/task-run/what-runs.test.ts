import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DeregisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { describe, expect, it } from '@jest/globals';
import { registeredRevision } from '../../../src/actions/task-run/choose-task-definition.ts';
import type { RecordEntry } from '../../../src/circleci/release-record.ts';
import { failureOf } from '../../support/failures.ts';
import { awsEnvironment } from '../../support/local-aws-world.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { REGION, taskRunWorldForTests } from './task-run-world.ts';

const world = taskRunWorldForTests();

const PLACE = ['--launch-type', 'FARGATE', '--subnets', 'subnet-1'];
const ARN = 'arn:aws:ecs:eu-central-1:123456789012:task-definition';

describe('the task definition', () => {
  it.each([
    ['a family: its newest revision', 'web', 'web:2'],
    ['family:revision', 'web:1', 'web:1'],
    ['an ARN', `${ARN}/web:1`, 'web:1'],
  ])('%s', async (_what, given, ran) => {
    await world().stage.register();
    const { result } = await world().run(['--task-definition', given, ...PLACE], { bare: true });
    expect(result.outputs['taskDefinitionArn']).toBe(`${ARN}/${ran}`);
  });

  it.each([
    ['a family that is misspelt', 'wbe', 'there is no active revision of task definition wbe', ['Did you mean web?']],
    ['a revision that is not there', 'web:7', 'there is no revision 7 of task definition web', []],
  ])('%s is exit code 5', async (_what, given, title, hints) => {
    const { result } = await world().run(['--task-definition', given, ...PLACE], { bare: true });
    expect(result).toMatchObject({
      exitCode: 5,
      error: {
        code: 'ecs.task_definition_not_found',
        title,
        hints: [...hints, expect.stringContaining('register it first')],
      },
    });
  });

  it('a revision that was deregistered is told to be INACTIVE', async () => {
    await world().stage.register();
    await world().stage.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: 'web:1' }));
    const { result } = await world().run(['--task-definition', 'web:1', ...PLACE], { bare: true });
    expect(result).toMatchObject({
      exitCode: 5,
      error: { title: expect.stringContaining('revision web:1 is INACTIVE: it was deregistered') },
    });
    expect(world().calls('RunTask')).toBe(0);
  });
});

describe('without a parameter, it is what this workflow registered', () => {
  const registered = (arn: string) => ({ env: { AWS_DEPLOY_TASK_DEFINITION_ARN: arn }, bare: true });

  it('in this job', async () => {
    await world().stage.register();
    await world().stage.createService();
    const { result } = await world().run(['--service', 'web'], registered(`${ARN}/web:2`));
    expect(result).toMatchObject({ exitCode: 0, outputs: { taskDefinitionArn: `${ARN}/web:2` } });
  });

  const entry = (action: string, arn: string): RecordEntry => ({
    action,
    component: 'x',
    outputs: { taskDefinitionArn: arn },
    finishedAt: '2026-01-01T00:00:00Z',
  });

  it.each([
    ['nothing', [], undefined],
    ['by an earlier job', [entry('register-task-definition', `${ARN}/web:3`)], `${ARN}/web:3`],
    [
      'several revisions: the newest',
      [entry('register-task-definition', `${ARN}/web:3`), entry('release-ecs-service', `${ARN}/web:4`)],
      `${ARN}/web:4`,
    ],
    ['what only ran or was gone back to does not count', [entry('rollback-service', `${ARN}/web:1`)], undefined],
  ])('%s', (_what, record, expected) => {
    expect(registeredRevision(record, { env: {} })).toBe(expected);
  });

  it('of several families it is exit code 2, with their names', () => {
    const record = [
      entry('register-task-definition', `${ARN}/web:3`),
      entry('register-task-definition', `${ARN}/jobs:1`),
    ];
    expect(failureOf(() => registeredRevision(record, { env: {} }))).toMatchObject({
      exitCode: 2,
      hints: ['This workflow registered: web, jobs.'],
    });
  });

  it('and the parameter wins', async () => {
    await world().stage.register();
    const { result } = await world().run(['--task-definition', 'web:1', ...PLACE], registered(`${ARN}/web:2`));
    expect(result.outputs['taskDefinitionArn']).toBe(`${ARN}/web:1`);
  });
});

describe('the container that command and environment are for', () => {
  const two = [
    { name: 'app', image: 'ghcr.io/acme/web:1' },
    { name: 'worker', image: 'ghcr.io/acme/worker:1' },
  ];

  it('is the only essential one, and its command and variables arrive as they are', async () => {
    const hostile = [
      '$(touch x)',
      '`id`',
      "it's",
      '"',
      'a\nb',
      '<< parameters.x >>',
      '*',
      '--flag',
      '\\',
      '💥',
      'a,b=c',
    ];
    await world().run([
      '--command',
      JSON.stringify(hostile),
      '--environment',
      JSON.stringify(Object.fromEntries(hostile.map((value, index) => [`V${index}`, value]))),
    ]);
    const [task] = await world().tasks();
    expect(task!.overrides?.containerOverrides).toEqual([
      { name: 'app', command: hostile, environment: hostile.map((value, index) => ({ name: `V${index}`, value })) },
    ]);
  });

  it('has to be named when there are two', async () => {
    await world().stage.register({ containerDefinitions: two });
    const { result } = await world().run();
    expect(result).toMatchObject({
      exitCode: 2,
      error: {
        title: 'it is not clear which container decides how the task ends: give container',
        hints: ['Essential containers of the task definition: app, worker.'],
      },
    });
    world().play({ exit: { exitCodes: { worker: 0 } } });
    const named = await world().run(['--container', 'worker', '--command', 'migrate']);
    expect(named.result.exitCode).toBe(0);
    const [task] = await world().tasks();
    expect(task!.overrides?.containerOverrides).toEqual([{ name: 'worker', command: ['migrate'] }]);
  });

  it.each([
    ['--container', ['--container', 'ap']],
    ['--logs', ['--logs', 'ap']],
    ['--overrides', ['--overrides', '{"containerOverrides":[{"name":"ap"}]}']],
  ])('has to be there: %s', async (_flag, args) => {
    const { result } = await world().run(args);
    expect(result).toMatchObject({
      exitCode: 2,
      error: {
        title: 'the task definition has no container called "ap"',
        hints: ['Did you mean app?', 'Containers of the task definition: app, sidecar.'],
      },
    });
    expect(world().calls('RunTask')).toBe(0);
  });

  it('gets what overrides say, too, and command and environment win', async () => {
    const overrides = {
      cpu: '512',
      memory: '1024',
      containerOverrides: [
        {
          name: 'app',
          command: ['other'],
          environment: [
            { name: 'A', value: '1' },
            { name: 'B', value: '2' },
          ],
        },
        { name: 'sidecar', environment: [{ name: 'C', value: '3' }] },
      ],
    };
    const args = ['--overrides', JSON.stringify(overrides), '--command', 'migrate', '--environment', 'A=9'];
    expect((await world().run(args)).result.exitCode).toBe(0);
    const [task] = await world().tasks();
    expect(task).toMatchObject({ cpu: '512', memory: '1024' });
    expect(task!.overrides?.containerOverrides).toEqual([
      { name: 'sidecar', environment: [{ name: 'C', value: '3' }] },
      {
        name: 'app',
        command: ['migrate'],
        environment: [
          { name: 'B', value: '2' },
          { name: 'A', value: '9' },
        ],
      },
    ]);
  });

  it('can not get more than ECS takes', async () => {
    const { result } = await world().run(['--environment', `A=${'x'.repeat(9000)}`]);
    expect(result).toMatchObject({ exitCode: 2, error: { title: expect.stringContaining('ECS takes 8192') } });
  });
});

describe('E5: what is set for one run is kept nowhere, and breaks nothing after it', () => {
  const VALUE = "it's a 'secret' $(id)";

  it.each([
    ['a success', {}, []],
    ['a failure', { exit: { exitCode: 1 } }, []],
    ['a time-out', { durations: { RUNNING: '5h' } }, ['--timeout', '1m', '--on-timeout', 'leave']],
    ['a dry run', {}, ['--dry-run']],
    ['a run that is not waited for', {}, ['--no-wait']],
  ])('%s', async (_what, rule, args) => {
    world().play(rule);
    const env = await awsEnvironment(world().localAws, { AWS_REGION: REGION, CIRCLECI: 'true' });
    const bashEnv = join(env['HOME']!, 'bash-env');
    const overrides = { containerOverrides: [{ name: 'sidecar', environment: [{ name: 'B', value: VALUE }] }] };
    const run = await world().run(
      ['--environment', JSON.stringify({ A: VALUE }), '--overrides', JSON.stringify(overrides), ...args],
      { env: { ...env, BASH_ENV: bashEnv } },
    );
    const files = await Promise.all((await filesUnder(env['HOME']!)).map((file) => readFile(file, 'utf8')));
    expect(files.some((text) => text.includes('"action": "run-task"'))).toBe(true);
    for (const text of [...files, run.stdout, run.stderr]) expect(text).not.toMatch(/a 'secret'|\$\(id\)/);
  });

  it('the exports for later steps hold whatever AWS says, quotes too', async () => {
    world().play({ exit: { exitCode: 0, stoppedReason: 'It\'s "over" $(id)' } });
    const bashEnv = join(await tempFolder(), 'bash-env');
    await world().run([], { env: { CIRCLECI: 'true', BASH_ENV: bashEnv } });
    const script = 'source "$1" && echo "$AWS_DEPLOY_STOPPED_REASON|$AWS_DEPLOY_TASK_STATUS"';
    const { stdout } = await promisify(execFile)('bash', ['-c', script, 'bash', bashEnv]);
    expect(stdout).toBe(`It's "over" $(id)|SUCCEEDED\n`);
  });

  it('the task has it all the same', async () => {
    await world().run(['--no-wait', '--environment', JSON.stringify({ A: VALUE })]);
    const [task] = await world().tasks();
    expect(task!.overrides?.containerOverrides?.[0]?.environment).toEqual([{ name: 'A', value: VALUE }]);
  });

  it('what a task writes of a variable that says secret is masked', async () => {
    await world().registerWithLog();
    world().play({ log: ['connecting with hunter-2-hunter'] });
    const { stdout, stderr } = await world().run(['--environment', 'DB_PASSWORD=hunter-2-hunter']);
    expect(stderr).toContain('connecting with ****');
    expect(stdout + stderr).not.toContain('hunter-2');
  });
});

it('a dry run tells what it would run, and starts nothing', async () => {
  const { result, stderr } = await world().run(['--dry-run', '--command', 'migrate', '--environment', 'A=1']);
  expect(result).toMatchObject({ exitCode: 0, status: 'planned', component: 'web' });
  expect(result.changes[0]!.diff!.join('\n')).toMatch(/"migrate"[^]*"name": "A"[^]*"value": "\*{4}"/);
  expect(stderr).toContain('==> Would run web');
  expect(world().calls('RunTask')).toBe(0);
});

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
