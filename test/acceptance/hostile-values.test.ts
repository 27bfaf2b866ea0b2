import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from '../../src/core/json.ts';
import { buildCli } from './support/built-cli.ts';
import { succeeded } from './support/child-process.ts';
import { runSteps, startContainer, type JobContainer, type JobEnd } from './support/circleci-job.ts';
import { BUCKET, REGION, startLocalCloud, type LocalCloud } from './support/local-cloud.ts';
import { compileOwnSteps, type CompilerOptions } from './support/orb-compiler.ts';
import { currentOrb, writeMirror } from './support/orb-under-test.ts';
import { makeWorkplace, type Workplace } from './support/workplace.ts';

// What a shell, CircleCI's templates or YAML would take for something else arrives as it was written.

let program: string;
let cloud: LocalCloud;
let mirror: string;
let compiler: CompilerOptions;
beforeAll(async () => {
  const orb = await currentOrb();
  compiler = { orb, prefix: 'aws-deploy', pipelineNumber: 7, booleans: 'words' };
  program = await buildCli();
  mirror = await writeMirror();
  cloud = await startLocalCloud();
});
afterAll(() => cloud?.close());

const SECRET = 'xoxb-planted-slack-token';

/** By what they try. None has a line break, so that each may stand in a line of a map or list. */
const HOSTILE: Readonly<Record<string, string>> = {
  SUBSHELL: '$(touch x)',
  BACKTICKS: '`touch x`',
  SINGLE_QUOTE: `'; touch x; '`,
  DOUBLE_QUOTE: `"; touch x; "`,
  SEMICOLON: '; touch x;',
  AND: '&& touch x &&',
  PIPE: '| tee x',
  REDIRECT: '> x',
  GLOB: '* ? [a-z]',
  TILDE: '~',
  HASH: '# no comment',
  BACKSLASH: 'a\\nb\\',
  HEREDOC: '<<EOF',
  TEMPLATE: '<< parameters.region >>',
  EQUALS: 'a=b=c',
  LEADING_DASH: '--dry-run',
  PERCENT: '%s%n',
  BRACES: '{a,b} ${ }',
  ARITHMETIC: '$((1+1)) $1 $@ $?',
  JSON_LIKE: '["a"]',
  YAML_LIKE: '- no: !!yes',
  UNICODE: 'zoë 🚀 \u202e\u00a0',
  BANG: '!!',
};

/** With what only JSON can carry in a map. */
const WITH_LINE_BREAKS: Readonly<Record<string, string>> = {
  ...HOSTILE,
  LINES: 'one\ntouch x\n\nthree\n',
  TAB: '\ta\t',
};

let work: Workplace;
let container: JobContainer;
beforeEach(async () => {
  await cloud.restart();
  work = await makeWorkplace(program, cloud);
  const { PATH: _path, HOME: _home, TMPDIR: _temp, ...inherited } = work.env;
  container = await startContainer({
    ...inherited,
    AWS_DEPLOY_MIRROR: mirror,
    CIRCLE_BRANCH: '$SLACK_TOKEN',
    SLACK_TOKEN: SECRET,
    TITLE: HOSTILE['SUBSHELL'] ?? '',
  });
});
afterEach(() => Promise.all([work.remove(), container.remove()]));

async function runCommand(command: string, given: Record<string, JsonValue>): Promise<JobEnd> {
  const values = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, inConfig(value)]));
  const steps = compileOwnSteps(compiler, [
    'checkout',
    'aws-deploy/install',
    { [`aws-deploy/${command}`]: values },
    { run: 'true' },
  ]);
  return runSteps(steps, container, { project: work.project, workspace: work.temp });
}

/** As the author of a config has to write it, or CircleCI itself refuses the config. */
function inConfig(value: JsonValue): JsonValue {
  return typeof value === 'string' ? value.replaceAll('<<', '\\<<') : value;
}

const register = (values: Record<string, JsonValue>) =>
  runCommand('register_job_definition', { job_definition: 'job-definition.json', image: cloud.base, ...values });

function definition(): JsonObject {
  const batch = cloud.control.state()['batch'] as Record<string, { jobDefinitions: Record<string, JsonObject[]> }>;
  return batch[REGION]?.jobDefinitions['crawl']?.at(-1) ?? {};
}

function environment(): Record<string, JsonValue> {
  const { environment: entries } = definition()['containerProperties'] as JsonObject;
  return Object.fromEntries((entries as JsonObject[]).map(({ name, value }) => [String(name), value ?? null]));
}

async function expectNothingRun(): Promise<void> {
  const names = await readdir(container.folder, { recursive: true });
  expect(names.filter((name) => /(^|\/)x$/.test(name))).toEqual([]);
}

const asLines = (values: Readonly<Record<string, string>>) =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');

describe('a map of KEY=VALUE lines', () => {
  it('arrives in the environment of the container', async () => {
    succeeded(await register({ environment: asLines(HOSTILE) }));
    expect(environment()).toMatchObject(HOSTILE);
    await expectNothingRun();
  });

  it('arrives in the parameters of the definition', async () => {
    succeeded(await register({ parameters: asLines(HOSTILE) }));
    expect(definition()).toMatchObject({ parameters: HOSTILE });
    await expectNothingRun();
  });

  it('arrives in the tags of the definition, as far as tags can hold it', async () => {
    const tags = { DASH: '--dry-run', EQUALS: 'a=b=c', FILE: '@/etc/hostname', LETTERS: 'zoë 大', URL: 'file:///x' };
    succeeded(await register({ tags: asLines(tags) }));
    expect(definition()).toMatchObject({ tags });
  });
});

describe('a map in JSON', () => {
  it('arrives in the environment of the container, line breaks included', async () => {
    succeeded(await register({ environment: JSON.stringify(WITH_LINE_BREAKS) }));
    expect(environment()).toMatchObject(WITH_LINE_BREAKS);
    await expectNothingRun();
  });

  it('arrives in the parameters of the definition', async () => {
    succeeded(await register({ parameters: JSON.stringify(WITH_LINE_BREAKS) }));
    expect(definition()).toMatchObject({ parameters: WITH_LINE_BREAKS });
    await expectNothingRun();
  });
});

describe('what a schedule overrides', () => {
  const schedule = async (values: Record<string, JsonValue>): Promise<JsonObject> => {
    succeeded(await register({}));
    const given = {
      schedule_name: 'nightly',
      job_definition_name: 'crawl',
      schedule: 'cron(0 3 * * ? *)',
      job_queue: 'nights',
      schedule_role_arn: 'arn:aws:iam::123456789012:role/scheduler',
      ...values,
    };
    succeeded(await runCommand('schedule_job', given));
    const { regions } = cloud.control.state()['scheduler'] as { regions: Record<string, { schedules: JsonObject }> };
    const created = regions[REGION]?.schedules['default/nightly'] as { Target: { Input: string } };
    return JSON.parse(created.Target.Input) as JsonObject;
  };

  it('arrives in the environment of the jobs, line breaks included', async () => {
    const { ContainerOverrides: overrides } = await schedule({ environment: JSON.stringify(WITH_LINE_BREAKS) });
    const { Environment: entries } = overrides as { Environment: { Name: string; Value: string }[] };
    expect(Object.fromEntries(entries.map(({ Name, Value }) => [Name, Value]))).toEqual(WITH_LINE_BREAKS);
    await expectNothingRun();
  });

  it('arrives in their parameters', async () => {
    expect(await schedule({ parameters: asLines(HOSTILE) })).toMatchObject({ Parameters: HOSTILE });
    await expectNothingRun();
  });

  it('arrives in their command, word by word', async () => {
    const words = Object.values(WITH_LINE_BREAKS);
    // A dollar sign that is meant literally is written so.
    const command = JSON.stringify(words.map((word) => word.replaceAll('$', '\\$')));
    expect(await schedule({ command })).toMatchObject({ ContainerOverrides: { Command: words } });
    await expectNothingRun();
  });
});

describe('build arguments', () => {
  it('arrive in the image', async () => {
    const names = Object.keys(WITH_LINE_BREAKS);
    const lines = ['FROM scratch', ...names.flatMap((name) => [`ARG ${name}`, `ENV GIVEN_${name}="$${name}"`])];
    await writeFile(join(work.project, 'Dockerfile'), `${lines.join('\n')}\n`);
    const build_args = JSON.stringify(WITH_LINE_BREAKS);
    succeeded(await runCommand('build_and_push_image', { repository: 'base', builder: 'embedded', build_args }));
    const { bytes } = await cloud.registry.getManifest('base', work.env['CIRCLE_SHA1'] ?? '');
    const { config } = JSON.parse(bytes.toString()) as { config: { digest: string; size: number; mediaType: string } };
    const image = JSON.parse((await cloud.registry.readBlob('base', config)).toString()) as {
      config: { Env: string[] };
    };
    const given = Object.entries(WITH_LINE_BREAKS).map(([name, value]) => `GIVEN_${name}=${value}`);
    expect(image.config.Env).toEqual(expect.arrayContaining(given));
    await expectNothingRun();
  });
});

describe('the name of a script', () => {
  it.each([
    '$(touch x).sh',
    '`touch x`',
    "'; touch x;'",
    '&& touch x',
    '--help',
    'zoë 🚀.sh',
    '* ?',
    '<< parameters.region >>',
  ])('%s arrives in the key of the object', async (name) => {
    await writeFile(join(work.project, 'job', name), 'echo\n');
    // A dollar sign that is meant literally is written so.
    succeeded(
      await runCommand('upload_script', {
        script: `job/${name.replaceAll('$', '\\$')}`,
        script_destination: `s3://${BUCKET}`,
      }),
    );
    const s3 = cloud.control.state()['s3'] as Record<string, { objects: JsonObject }>;
    expect(Object.keys(s3[BUCKET]?.objects ?? {})).toEqual([expect.stringMatching(/^[0-9a-f]{64}\//)]);
    expect(Object.keys(s3[BUCKET]?.objects ?? {})[0]?.slice(65)).toBe(name);
    await expectNothingRun();
  });
});

describe('a parameter that can not hold it', () => {
  const refused: [string, string, Record<string, JsonValue>][] = [
    ['the tags of an image', 'build_and_push_image', { repository: 'base', tags: '$(touch x)', builder: 'embedded' }],
    ['an image', 'register_job_definition', { job_definition: 'job-definition.json', image: '`touch x`' }],
    ['a bucket', 'upload_script', { script: 'job', script_destination: 's3://$(touch x)/' }],
    ['tags', 'register_job_definition', { job_definition: 'job-definition.json', tags: 'a=$(touch x)' }],
    ['a role', 'assume_role', { role_arn: '; touch x' }],
    ['a schedule', 'schedule_job', { schedule_name: '$(touch x)' }],
    ['an expression', 'schedule_job', { schedule_name: 'nightly', schedule: 'cron(`touch x`)' }],
    ['a zone', 'schedule_job', { schedule_name: 'nightly', timezone: '../../etc/passwd' }],
    [
      'an account',
      'upload_script',
      { script: 'job', script_destination: `s3://${BUCKET}`, expected_account_id: '&& touch x' },
    ],
  ];

  it.each(refused)('%s refuses it before AWS is called', async (_what, command, values) => {
    const { code, stderr } = await runCommand(command, values);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('error: ') });
    expect(cloud.calls()).toEqual([]);
    await expectNothingRun();
  });
});

describe('what a variable holds', () => {
  it('is not looked at again: a branch named like a secret is its name', async () => {
    const { stdout, stderr } = succeeded(await register({ environment: 'BRANCH=$CIRCLE_BRANCH\nTITLE=${TITLE}' }));
    expect(environment()).toMatchObject({ BRANCH: '$SLACK_TOKEN', TITLE: '$(touch x)' });
    await expectSecretNowhere(stdout + stderr);
    await expectNothingRun();
  });

  it('stays where it is when its name says secret, and that is said', async () => {
    const { stdout, stderr } = succeeded(await register({ environment: 'TOKEN=$SLACK_TOKEN' }));
    expect(environment()).toMatchObject({ TOKEN: '$SLACK_TOKEN' });
    expect(stderr).toContain('warning: environment: $SLACK_TOKEN was left as it is written');
    await expectSecretNowhere(stdout + stderr);
  });
});

async function expectSecretNowhere(output: string): Promise<void> {
  expect(output).not.toContain(SECRET);
  expect(JSON.stringify(cloud.control.state())).not.toContain(SECRET);
  const entries = await readdir(container.folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const texts = await Promise.all(files.map((file) => readFile(file, 'latin1')));
  expect(files.filter((_file, index) => texts[index]?.includes(SECRET))).toEqual([]);
}
