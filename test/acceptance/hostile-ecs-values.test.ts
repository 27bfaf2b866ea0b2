import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContainerDefinition, KeyValuePair } from '@aws-sdk/client-ecs';
import { describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from '../../src/core/json.ts';
import { webDefinition } from '../local-aws/ecs/ecs-stage.ts';
import { succeeded } from './support/child-process.ts';
import type { JobEnd } from './support/circleci-job.ts';
import {
  describedRevision,
  PAUSING,
  prepareScheduledTasks,
  prepareSecondRevision,
  prepareService,
  tasksRunOnce,
} from './support/ecs-world.ts';
import { asLines, HOSTILE, hostileJobForTests, WITH_LINE_BREAKS } from './support/hostile-job.ts';
import { whileTimePasses } from './support/passing-time.ts';

// What a task definition, a task or a service is given arrives as it was written, whatever a shell, CircleCI's templates,
// YAML, JSON or ECS would take it for.

const job = hostileJobForTests();

type Given = Record<string, JsonValue>;

const HOSTILE_WORDS = Object.values(WITH_LINE_BREAKS);
const LITERAL_WORDS = JSON.stringify(HOSTILE_WORDS.map((word) => word.replaceAll('$', '\\$')));
/** The branch is called `$SLACK_TOKEN`; the other two are those of the shell of the job. */
const BY_VARIABLES = { BRANCH: '$CIRCLE_BRANCH', TITLE: '${TITLE}', TOKEN: '$SLACK_TOKEN' };
const THEIR_VALUES = { BRANCH: '$SLACK_TOKEN', TITLE: '$(touch x)', TOKEN: '$SLACK_TOKEN' };
const COMMA = { COMMAS: 'a,b,,c', QUOTED: `it's "so", 'and' \\"so\\"` };

const PLACE = { cluster: 'demo', service: 'web' };
const APP = { container: 'app' };

async function run(command: string, given: Given): Promise<JobEnd> {
  const end = succeeded(await whileTimePasses(job().cloud.control, () => job().run(command, given)));
  await job().expectNothingRun();
  await job().expectSecretNowhere(end.output);
  return end;
}

async function app(): Promise<ContainerDefinition> {
  const { containerDefinitions = [] } = await describedRevision(job().cloud);
  return containerDefinitions.find(({ name }) => name === 'app')!;
}

function valuesOf(entries: readonly KeyValuePair[] = []): Record<string, string | undefined> {
  return Object.fromEntries(entries.map(({ name = '', value }) => [name, value]));
}

describe('what is set in a task definition', () => {
  const ways: [string, Given, () => Promise<unknown>][] = [
    ['register_task_definition', { family: 'web' }, () => prepareService(job().cloud)],
    ['deploy_service', PLACE, () => prepareService(job().cloud)],
    ['release_ecs_service', PLACE, () => prepareService(job().cloud)],
    ['deploy_scheduled_task', { schedule_name: 'nightly' }, () => prepareScheduledTasks(job().cloud)],
  ];

  describe.each(ways)('by %s', (command, values, prepare) => {
    it('arrives as lines', async () => {
      await prepare();
      await run(command, { ...values, ...APP, environment: asLines({ ...HOSTILE, ...COMMA }) });
      expect(valuesOf((await app()).environment)).toEqual({ ...HOSTILE, ...COMMA });
    });

    it('arrives as JSON, line breaks included', async () => {
      await prepare();
      const environment = JSON.stringify({ ...WITH_LINE_BREAKS, ...COMMA });
      await run(command, { ...values, ...APP, environment });
      expect(valuesOf((await app()).environment)).toEqual({ ...WITH_LINE_BREAKS, ...COMMA });
    });

    it('arrives by the name of a container, where a variable is no variable', async () => {
      await prepare();
      const given = { app: { environment: { ...WITH_LINE_BREAKS, ...BY_VARIABLES }, command: HOSTILE_WORDS } };
      await run(command, { ...values, containers: JSON.stringify(given) });
      const { environment, command: words } = await app();
      expect(valuesOf(environment)).toEqual({ ...WITH_LINE_BREAKS, ...BY_VARIABLES });
      expect(words).toEqual(HOSTILE_WORDS);
    });

    it('is what the variables hold, and not what that would stand for', async () => {
      await prepare();
      const { output } = await run(command, { ...values, ...APP, environment: asLines(BY_VARIABLES) });
      expect(valuesOf((await app()).environment)).toEqual(THEIR_VALUES);
      expect(output).toContain('warning: environment: $SLACK_TOKEN was left as it is written');
    });
  });

  it('arrives from a file, in which a variable is no variable', async () => {
    const environment = Object.entries({ ...WITH_LINE_BREAKS, ...BY_VARIABLES }).map(([name, value]) => ({
      name,
      value,
    }));
    const [container] = webDefinition().containerDefinitions ?? [];
    const definition = {
      ...webDefinition(),
      containerDefinitions: [{ ...container, environment, command: HOSTILE_WORDS }],
    };
    await writeFile(join(job().work.project, 'web.json'), JSON.stringify(definition));
    await run('register_task_definition', { task_definition: 'web.json' });
    expect(valuesOf((await app()).environment)).toEqual({ ...WITH_LINE_BREAKS, ...BY_VARIABLES });
    expect(await app()).toMatchObject({ command: HOSTILE_WORDS });
  });
});

describe('what a task is run with', () => {
  const override = async (): Promise<JsonObject> => {
    const [task, ...more] = await tasksRunOnce(job().cloud);
    expect(more).toEqual([]);
    return (task?.overrides?.containerOverrides?.[0] ?? {}) as JsonObject;
  };
  const environmentOf = ({ environment }: JsonObject) => valuesOf(environment as KeyValuePair[]);

  it('arrives as lines', async () => {
    await prepareService(job().cloud);
    const command = 'echo\n* ?\n`touch x`\n!!\na, b';
    await run('run_task', { ...PLACE, environment: asLines({ ...HOSTILE, ...COMMA }), command });
    expect(environmentOf(await override())).toEqual({ ...HOSTILE, ...COMMA });
    expect(await override()).toMatchObject({ command: ['echo', '* ?', '`touch x`', '!!', 'a, b'] });
  });

  it('arrives as JSON, line breaks included', async () => {
    await prepareService(job().cloud);
    await run('run_task', { ...PLACE, environment: JSON.stringify(WITH_LINE_BREAKS), command: LITERAL_WORDS });
    expect(environmentOf(await override())).toEqual(WITH_LINE_BREAKS);
    expect(await override()).toMatchObject({ command: HOSTILE_WORDS });
  });

  it('arrives as overrides', async () => {
    await prepareService(job().cloud);
    const environment = Object.entries(WITH_LINE_BREAKS).map(([name, value]) => ({ name, value }));
    const overrides = { containerOverrides: [{ name: 'app', command: HOSTILE_WORDS, environment }] };
    await run('run_task', { ...PLACE, overrides: JSON.stringify(overrides) });
    expect(await override()).toMatchObject({ command: HOSTILE_WORDS });
    expect(environmentOf(await override())).toEqual(WITH_LINE_BREAKS);
  });

  it('is what the variables hold, and not what that would stand for', async () => {
    await prepareService(job().cloud);
    const environment = asLines(BY_VARIABLES);
    const command = Object.values(BY_VARIABLES).join('\n');
    await run('run_task', { ...PLACE, environment, command, idempotency_key: '$CIRCLE_BRANCH $(touch x)' });
    expect(environmentOf(await override())).toEqual(THEIR_VALUES);
    expect(await override()).toMatchObject({ command: Object.values(THEIR_VALUES) });
  });

  it('arrives in a migration', async () => {
    await prepareService(job().cloud);
    const environment = JSON.stringify(WITH_LINE_BREAKS);
    await run('release_ecs_service', { ...PLACE, ...APP, environment, migration_command: LITERAL_WORDS });
    expect(await override()).toMatchObject({ command: HOSTILE_WORDS });
  });
});

/** The same in each of these parameters. */
function each(value: string, ...names: string[]): Given {
  return Object.fromEntries(names.map((name) => [name, value]));
}

describe('what can not hold it refuses it before AWS is called', () => {
  const refused: [string, Given, Given][] = [
    ['register_task_definition', each('$(touch x)', 'family', 'cpu', 'memory', 'containers'), {}],
    ['register_task_definition', each('`touch x`', 'image'), { family: 'web' }],
    ['register_task_definition', each('a=$(touch x)', 'tags'), { family: 'web' }],
    [
      'deploy_service',
      each(
        '; touch x',
        ...['cluster', 'service', 'task_definition_arn', 'desired_count', 'deployment_configuration'],
        ...['timeout', 'poll_interval'],
      ),
      {},
    ],
    ['watch_deployment', each('&& touch x', 'cluster', 'service', 'deployment', 'timeout', 'expected_account_id'), {}],
    ['continue_deployment', each('| tee x', 'cluster', 'service', 'deployment', 'timeout', 'poll_interval'), {}],
    ['rollback_service', each("'; touch x; '", 'cluster', 'service', 'to_task_definition'), {}],
    [
      'run_task',
      each('$(touch x)', 'cluster', 'service', 'task_definition', 'capacity_provider_strategy', 'overrides', 'timeout'),
      {},
    ],
    [
      'deploy_scheduled_task',
      each(
        '`touch x`',
        ...['schedule_name', 'rule_name', 'group_name', 'event_bus_name', 'rule_target_id', 'task_definition_arn'],
      ),
      {},
    ],
    [
      'release_ecs_service',
      each('$(touch x)', 'cluster', 'service', 'repository', 'desired_count', 'migration_timeout', 'timeout'),
      {},
    ],
    ['run_task', each('$(touch x)', 'region'), PLACE],
  ];

  it.each(refused)('%s in %j', async (command, hostile, rest) => {
    const { code, output } = await job().run(command, { ...rest, ...hostile });
    expect({ code, output }).toMatchObject({ code: 2, output: expect.stringContaining('error: ') });
    for (const name of Object.keys(hostile)) expect(output).toContain(name);
    expect(job().cloud.calls()).toEqual([]);
    await job().expectNothingRun();
  });
});

describe('a name that nothing has changes nothing', () => {
  const missing: [string, Given, number][] = [
    ['register_task_definition', { family: 'web', container: '$(touch x)', environment: 'A=1' }, 2],
    ['deploy_service', { ...PLACE, container: '`touch x`', environment: 'A=1' }, 2],
    ['run_task', { ...PLACE, container: '; touch x', command: 'a' }, 2],
    ['run_task', { ...PLACE, logs: '&& touch x' }, 2],
    ['continue_deployment', { ...PLACE, hook_id: '$(touch x)' }, 12],
    ['release_ecs_service', { ...PLACE, migration_container: '$(touch x)', migration_command: 'a' }, 2],
  ];

  it.each(missing)('%s with %j', async (command, values, expected) => {
    await prepareSecondRevision(job().cloud, PAUSING);
    const before = job().cloud.control.state();
    const { code, output } = await job().run(command, values);
    expect({ code, output }).toMatchObject({ code: expected, output: expect.stringContaining('error: ') });
    expect(job().cloud.control.state()).toEqual(before);
    await job().expectNothingRun();
  });
});
