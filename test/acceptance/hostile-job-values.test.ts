import { describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from '../../src/core/json.ts';
import { nightlySchedule, prepareBatch, SCHEDULER_ROLE } from './support/batch-world.ts';
import { succeeded } from './support/child-process.ts';
import { asLines, HOSTILE, hostileJobForTests, WITH_LINE_BREAKS } from './support/hostile-job.ts';
import { REGION } from './support/local-cloud.ts';
import { whileTimePasses } from './support/passing-time.ts';

// What a job or a schedule is given arrives as it was written, whatever a shell, CircleCI's templates, YAML, JSON or
// EventBridge would take it for.

const job = hostileJobForTests();

type Given = Record<string, JsonValue>;

const HOSTILE_WORDS = Object.values(WITH_LINE_BREAKS);
/** The branch is called `$SLACK_TOKEN`; the other two are those of the shell of the job. */
const BY_VARIABLES = { BRANCH: '$CIRCLE_BRANCH', TITLE: '${TITLE}', TOKEN: '$SLACK_TOKEN' };
const THEIR_VALUES = { BRANCH: '$SLACK_TOKEN', TITLE: '$(touch x)', TOKEN: '$SLACK_TOKEN' };

/** As an author writes a text in which a dollar sign is meant literally. */
function literal(text: string): string {
  return text.replaceAll('$', '\\$');
}

function valuesOf(entries: JsonValue | undefined, nameKey = 'name', valueKey = 'value'): JsonObject {
  return Object.fromEntries(
    (entries as JsonObject[]).map((entry) => [String(entry[nameKey]), entry[valueKey] ?? null]),
  );
}

describe('what a job is submitted with', () => {
  async function submitted(values: Given): Promise<JsonObject> {
    await prepareBatch(job().cloud);
    const { output } = succeeded(
      await job().run('submit_job', { job_definition_name: 'crawl', job_queue: 'nightly', wait: false, ...values }),
    );
    await job().expectNothingRun();
    await job().expectSecretNowhere(output);
    return onlyJob();
  }

  it('arrives as lines', async () => {
    const given = { environment: asLines(HOSTILE), parameters: asLines(HOSTILE), command: 'echo\n* ?\n`touch x`\n!!' };
    const { container, parameters } = await submitted(given);
    expect(valuesOf((container as JsonObject)['environment'])).toEqual(HOSTILE);
    expect(parameters).toEqual(HOSTILE);
    expect(container).toMatchObject({ command: ['echo', '* ?', '`touch x`', '!!'] });
  });

  it('arrives as JSON, line breaks included', async () => {
    const { container, parameters } = await submitted({
      environment: JSON.stringify(WITH_LINE_BREAKS),
      parameters: JSON.stringify(WITH_LINE_BREAKS),
      command: JSON.stringify(HOSTILE_WORDS.map(literal)),
    });
    expect(valuesOf((container as JsonObject)['environment'])).toEqual(WITH_LINE_BREAKS);
    expect(parameters).toEqual(WITH_LINE_BREAKS);
    expect(container).toMatchObject({ command: HOSTILE_WORDS });
  });

  it('is what the variables hold, and not what that would stand for', async () => {
    const { container, parameters } = await submitted({
      environment: asLines(BY_VARIABLES),
      parameters: asLines(BY_VARIABLES),
      command: Object.values(BY_VARIABLES).join('\n'),
      idempotency_key: '$CIRCLE_BRANCH $(touch x)',
    });
    expect(valuesOf((container as JsonObject)['environment'])).toEqual(THEIR_VALUES);
    expect(parameters).toEqual(THEIR_VALUES);
    expect(container).toMatchObject({ command: Object.values(THEIR_VALUES) });
  });
});

describe('what a smoke test is given', () => {
  it('arrives in its job', async () => {
    const { cloud } = job();
    await prepareBatch(cloud);
    const values = {
      job_definition: 'job-definition.json',
      smoke_test: true,
      job_queue: 'nightly',
      poll_interval: '1s',
      smoke_environment: JSON.stringify({ ...WITH_LINE_BREAKS, BRANCH: '$CIRCLE_BRANCH' }),
    };
    const { output } = succeeded(await whileTimePasses(cloud.control, () => job().run('release_batch_job', values)));
    const { container } = onlyJob();
    expect(valuesOf((container as JsonObject)['environment'])).toMatchObject({
      ...WITH_LINE_BREAKS,
      BRANCH: '$SLACK_TOKEN',
    });
    await job().expectNothingRun();
    await job().expectSecretNowhere(output);
  });
});

describe('what a schedule is given', () => {
  async function scheduled(values: Given): Promise<ReturnType<typeof nightlySchedule>> {
    await prepareBatch(job().cloud);
    const given = {
      schedule_name: 'nightly',
      job_definition_name: 'crawl',
      schedule: 'cron(0 3 * * ? *)',
      job_queue: 'nightly',
      schedule_role_arn: SCHEDULER_ROLE,
      ...values,
    };
    const { output } = succeeded(await job().run('schedule_job', given));
    await job().expectNothingRun();
    await job().expectSecretNowhere(output);
    return nightlySchedule(job().cloud.control);
  }

  it('arrives as lines', async () => {
    const { input } = await scheduled({ parameters: asLines(HOSTILE), command: 'echo\n* ?\n`touch x`\n!!' });
    expect(input).toMatchObject({
      Parameters: HOSTILE,
      ContainerOverrides: { Command: ['echo', '* ?', '`touch x`', '!!'] },
    });
  });

  it('arrives as JSON, line breaks included', async () => {
    const text = HOSTILE_WORDS.join(' ');
    const { input, description } = await scheduled({
      environment: JSON.stringify(WITH_LINE_BREAKS),
      command: JSON.stringify(HOSTILE_WORDS.map(literal)),
      description: literal(text),
    });
    const { Environment: environment, Command: command } = input['ContainerOverrides'] as JsonObject;
    expect(valuesOf(environment, 'Name', 'Value')).toEqual(WITH_LINE_BREAKS);
    expect(command).toEqual(HOSTILE_WORDS);
    expect(description).toBe(text);
  });

  it('is what the variables hold, and not what that would stand for', async () => {
    const { input, description } = await scheduled({
      environment: asLines(BY_VARIABLES),
      parameters: asLines(BY_VARIABLES),
      command: Object.values(BY_VARIABLES).join('\n'),
      description: 'Of $CIRCLE_BRANCH',
    });
    expect(input).toMatchObject({
      Parameters: THEIR_VALUES,
      ContainerOverrides: { Command: Object.values(THEIR_VALUES) },
    });
    const { Environment: environment } = input['ContainerOverrides'] as JsonObject;
    expect(valuesOf(environment, 'Name', 'Value')).toEqual(THEIR_VALUES);
    expect(description).toBe('Of $SLACK_TOKEN');
  });
});

/** The same in each of these parameters. */
function each(value: string, ...names: string[]): Given {
  return Object.fromEntries(names.map((name) => [name, value]));
}

describe('what can not hold it refuses it before AWS is called', () => {
  const refused: [string, Given, Given][] = [
    [
      'submit_job',
      each('$(touch x)', 'job_definition_name', 'job_name', 'timeout', 'runnable_timeout', 'poll_interval'),
      { job_queue: 'nightly' },
    ],
    [
      'schedule_job',
      each(
        '`touch x`',
        ...['schedule_name', 'rule_name', 'job_definition_name', 'job_queue', 'job_name', 'schedule_role_arn'],
        ...['dead_letter_queue_arn', 'maximum_retry_attempts', 'maximum_event_age', 'flexible_window', 'group_name'],
        ...['event_bus_name', 'rule_target_id'],
      ),
      {},
    ],
    ['schedule_job', each('; touch x', 'start_date'), { schedule_name: 'nightly' }],
    ['schedule_job', each('&& touch x', 'end_date'), { schedule_name: 'nightly' }],
    ['job_status', each("'; touch x; '", 'job_definition_name', 'expected_account_id'), {}],
    ['job_status', each('$(touch x)', 'region'), { job_definition_name: 'crawl' }],
    ['rollback_job_definition', each('| tee x', 'job_definition_name', 'expected_account_id'), {}],
    ['prune_job_definitions', each('$(touch x)', 'job_definition_name', 'expected_account_id'), {}],
    [
      'release_batch_job',
      each(
        '`touch x`',
        ...['job_queue', 'smoke_timeout', 'runnable_timeout', 'poll_interval', 'schedule_name'],
        ...['schedule_role_arn', 'dead_letter_queue_arn'],
      ),
      { job_definition: 'job-definition.json' },
    ],
  ];

  it.each(refused)('%s in %j', async (command, hostile, rest) => {
    const { code, output } = await job().run(command, { ...rest, ...hostile });
    expect({ code, output }).toMatchObject({ code: 2, output: expect.stringContaining('error: ') });
    for (const name of Object.keys(hostile)) expect(output).toContain(name);
    expect(job().cloud.calls()).toEqual([]);
    await job().expectNothingRun();
  });
});

describe('a name that nothing has is not found', () => {
  const missing: [string, Given][] = [
    ['submit_job', { job_definition_name: 'crawl', job_queue: '$(touch x)' }],
    ['job_status', { job_definition_name: 'crawl', job_queue: 'nightly\n`touch x`' }],
  ];

  it.each(missing)('%s with %j', async (command, values) => {
    await prepareBatch(job().cloud);
    const before = job().cloud.control.state();
    const { code, output } = await job().run(command, values);
    expect({ code, output }).toMatchObject({
      code: 5,
      output: expect.stringContaining('error: there is no job queue'),
    });
    expect(job().cloud.control.state()).toEqual(before);
    await job().expectNothingRun();
  });
});

function onlyJob(): JsonObject {
  const batch = job().cloud.control.state()['batch'] as Record<string, { jobs: Record<string, JsonObject> }>;
  const jobs = Object.values(batch[REGION]?.jobs ?? {});
  expect(jobs).toHaveLength(1);
  return (jobs[0]?.['detail'] ?? jobs[0]) as JsonObject;
}
