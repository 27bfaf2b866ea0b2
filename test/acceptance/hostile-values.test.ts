import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from '../../src/core/json.ts';
import { succeeded } from './support/child-process.ts';
import { asLines, HOSTILE, hostileJobForTests, WITH_LINE_BREAKS } from './support/hostile-job.ts';
import { BUCKET, REGION } from './support/local-cloud.ts';

// What a shell, CircleCI's templates or YAML would take for something else arrives as it was written.

const job = hostileJobForTests();

const register = (values: Record<string, JsonValue>) =>
  job().run('register_job_definition', { job_definition: 'job-definition.json', image: job().cloud.base, ...values });

function definition(): JsonObject {
  const batch = job().cloud.control.state()['batch'] as Record<
    string,
    { jobDefinitions: Record<string, JsonObject[]> }
  >;
  return batch[REGION]?.jobDefinitions['crawl']?.at(-1) ?? {};
}

function environment(): Record<string, JsonValue> {
  const { environment: entries } = definition()['containerProperties'] as JsonObject;
  return Object.fromEntries((entries as JsonObject[]).map(({ name, value }) => [String(name), value ?? null]));
}

describe('a map of KEY=VALUE lines', () => {
  it('arrives in the environment of the container', async () => {
    succeeded(await register({ environment: asLines(HOSTILE) }));
    expect(environment()).toMatchObject(HOSTILE);
    await job().expectNothingRun();
  });

  it('arrives in the parameters of the definition', async () => {
    succeeded(await register({ parameters: asLines(HOSTILE) }));
    expect(definition()).toMatchObject({ parameters: HOSTILE });
    await job().expectNothingRun();
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
    await job().expectNothingRun();
  });

  it('arrives in the parameters of the definition', async () => {
    succeeded(await register({ parameters: JSON.stringify(WITH_LINE_BREAKS) }));
    expect(definition()).toMatchObject({ parameters: WITH_LINE_BREAKS });
    await job().expectNothingRun();
  });
});

describe('build arguments', () => {
  it('arrive in the image', async () => {
    const names = Object.keys(WITH_LINE_BREAKS);
    const lines = ['FROM scratch', ...names.flatMap((name) => [`ARG ${name}`, `ENV GIVEN_${name}="$${name}"`])];
    await writeFile(join(job().work.project, 'Dockerfile'), `${lines.join('\n')}\n`);
    const build_args = JSON.stringify(WITH_LINE_BREAKS);
    succeeded(await job().run('build_and_push_image', { repository: 'base', builder: 'embedded', build_args }));
    const { bytes } = await job().cloud.registry.getManifest('base', job().work.env['CIRCLE_SHA1'] ?? '');
    const { config } = JSON.parse(bytes.toString()) as { config: { digest: string; size: number; mediaType: string } };
    const image = JSON.parse((await job().cloud.registry.readBlob('base', config)).toString()) as {
      config: { Env: string[] };
    };
    const given = Object.entries(WITH_LINE_BREAKS).map(([name, value]) => `GIVEN_${name}=${value}`);
    expect(image.config.Env).toEqual(expect.arrayContaining(given));
    await job().expectNothingRun();
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
    await writeFile(join(job().work.project, 'job', name), 'echo\n');
    // A dollar sign that is meant literally is written so.
    succeeded(
      await job().run('upload_script', {
        script: `job/${name.replaceAll('$', '\\$')}`,
        script_destination: `s3://${BUCKET}`,
      }),
    );
    const s3 = job().cloud.control.state()['s3'] as Record<string, { objects: JsonObject }>;
    expect(Object.keys(s3[BUCKET]?.objects ?? {})).toEqual([expect.stringMatching(/^[0-9a-f]{64}\//)]);
    expect(Object.keys(s3[BUCKET]?.objects ?? {})[0]?.slice(65)).toBe(name);
    await job().expectNothingRun();
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
    const { code, output } = await job().run(command, values);
    expect({ code, output }).toMatchObject({ code: 2, output: expect.stringContaining('error: ') });
    expect(job().cloud.calls()).toEqual([]);
    await job().expectNothingRun();
  });
});

describe('what a variable holds', () => {
  it('is not looked at again: a branch named like a secret is its name', async () => {
    const { output } = succeeded(await register({ environment: 'BRANCH=$CIRCLE_BRANCH\nTITLE=${TITLE}' }));
    expect(environment()).toMatchObject({ BRANCH: '$SLACK_TOKEN', TITLE: '$(touch x)' });
    await job().expectSecretNowhere(output);
    await job().expectNothingRun();
  });

  it('stays where it is when its name says secret, and that is said', async () => {
    const { output } = succeeded(await register({ environment: 'TOKEN=$SLACK_TOKEN' }));
    expect(environment()).toMatchObject({ TOKEN: '$SLACK_TOKEN' });
    expect(output).toContain('warning: environment: $SLACK_TOKEN was left as it is written');
    await job().expectSecretNowhere(output);
  });
});
