import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import { containersOf } from '../../../src/plan/task-definition/containers.ts';
import { tagMap } from '../../../src/plan/task-definition/tags.ts';
import { DIGEST } from '../../support/definitions.ts';
import { operationsOf } from '../../support/local-aws-world.ts';
import { resultOf, type CliRun } from '../../support/run-cli.ts';
import { ON_FARGATE, withTaskContainer } from '../../support/task-definitions.ts';
import { alteringProxy } from '../../aws/altering-proxy.ts';
import { taskDefinitionsForTests } from './task-definition-world.ts';

const world = taskDefinitionsForTests();
const NEW_IMAGE = `ghcr.io/acme/web@${DIGEST}`;

/** A release of `web` that carries the newest revision forward, with another image unless something else is asked for. */
const carry = (args: readonly string[] = ['--image', `app=${NEW_IMAGE}`], pipeline?: number): Promise<CliRun> =>
  world().register(['--family', 'web', ...args], pipeline === undefined ? {} : { pipeline });

const variable = (name: string, value: string): string[] => ['--container', 'app', '--environment', `${name}=${value}`];

async function environmentOf(family = 'web'): Promise<unknown> {
  return containersOf((await world().newest(family)).definition)[0]?.['environment'];
}

describe('the newest revision is carried forward', () => {
  it('changes the image and keeps all the rest; once more there is nothing to do', async () => {
    const { definition: before } = await world().newest();
    const run = await carry();
    expect(resultOf(run)).toMatchObject({
      status: 'changed',
      outputs: { revision: 2, images: [`app=${NEW_IMAGE}`, 'sidecar=ghcr.io/acme/sidecar:1'] },
      changes: [
        {
          kind: 'updated',
          diff: [
            '- containerDefinitions[app].image: "ghcr.io/acme/web:1"',
            `+ containerDefinitions[app].image: "${NEW_IMAGE}"`,
          ],
        },
      ],
    });
    const { tags, ...definition } = (await world().newest()).definition;
    expect(definition).toEqual(withTaskContainer(before, { image: NEW_IMAGE }));
    expect(tagMap({ tags: tags! })).toMatchObject({ 'aws-deploy:image-digest': DIGEST });
    expect(resultOf(await carry())).toMatchObject({ status: 'unchanged', outputs: { revision: 2 } });
  });

  it('without anything to change it is left as it is', async () => {
    expect(resultOf(await carry([]))).toMatchObject({ status: 'unchanged', outputs: { revision: 1 } });
    expect(operationsOf(world().stage.localAws)).not.toContain('ecs:RegisterTaskDefinition');
  });

  it('tags of users go on, ours belong to one revision', async () => {
    const tags = { team: 'a=b @c', 'aws-deploy:verified': '2026-11-20T12:00:00Z', 'aws-deploy:git-sha': 'old' };
    await world().ecs.taskDefinitions.tag((await world().newest()).arn, tags);
    await carry();
    const { 'aws-deploy:definition-hash': hash, ...others } = tagMap((await world().newest()).definition);
    expect(others).toEqual({ team: 'a=b @c', 'aws-deploy:image-digest': DIGEST });
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('what ECS fills in and turns round never causes a revision', async () => {
    await world().ecs.taskDefinitions.register({ ...ON_FARGATE, cpu: '.25 vCPU', memory: '0.5 GB' });
    const same = ['--cpu', '256', '--memory', '512', '--container', 'web', '--environment', 'A=1'];
    expect(resultOf(await carry(same)).status).toBe('unchanged');
  });

  it('a family without a revision is exit code 5, with the name that is likely meant', async () => {
    const run = await world().register(['--family', 'wbe', '--image', NEW_IMAGE]);
    expect(resultOf(run)).toMatchObject({
      exitCode: 5,
      error: {
        code: 'ecs.family_not_found',
        title: 'there is no active revision of task definition wbe',
        hints: ['Did you mean web?', expect.any(String), expect.stringContaining('give task_definition')],
      },
    });
    expect(operationsOf(world().stage.localAws)).not.toContain('ecs:RegisterTaskDefinition');
  });

  it('that is exit code 5 also where families may not be listed', async () => {
    world().stage.localAws.control.setScenario({ iam: { deny: [{ action: 'ecs:ListTaskDefinitionFamilies' }] } });
    expect((await world().register(['--family', 'wbe'])).exitCode).toBe(5);
  });

  it('what ECS would refuse is stopped before it is sent', async () => {
    const run = await carry(['--memory', '513']);
    expect(run.exitCode).toBe(7);
    expect(run.stderr).toContain('ECS would refuse this task definition');
    expect(await world().revisions()).toHaveLength(1);
  });

  it('a refusal of ECS is told with its words, and not repeated', async () => {
    world().stage.localAws.control.setScenario({ iam: { deny: [{ action: 'ecs:RegisterTaskDefinition' }] } });
    expect(resultOf(await carry())).toMatchObject({
      exitCode: 3,
      error: { title: 'not allowed: ecs:RegisterTaskDefinition on web' },
    });
    expect(operationsOf(world().stage.localAws).filter((name) => name === 'ecs:RegisterTaskDefinition')).toHaveLength(
      1,
    );
  });
});

describe('a rejected revision is not carried forward', () => {
  const reject = async (): Promise<void> => {
    await world().ecs.taskDefinitions.tag((await world().newest()).arn, { 'aws-deploy:rejected': 'now' });
  };

  it('the newest one that is not is taken, and that is said', async () => {
    await carry(variable('BAD', '1'));
    await reject();
    await carry(variable('WORSE', '1'));
    await reject();
    const run = await carry(variable('GOOD', '1'));
    expect(run.stderr).toContain('warning: web:3 is tagged as rejected');
    expect(run.stderr).toContain('starting from web:1, the newest revision that is not');
    expect(resultOf(run).outputs['revision']).toBe(4);
    expect(await environmentOf()).toEqual([{ name: 'GOOD', value: '1' }]);
  });

  it('one that is just what is asked for is used again', async () => {
    await carry();
    await reject();
    const run = await carry();
    expect(resultOf(run)).toMatchObject({ status: 'unchanged', outputs: { revision: 2 } });
    expect(run.stderr).toContain('web:2 was rejected before; it is used again');
  });

  it('inactive ones between are passed over', async () => {
    const bad = await carry(variable('BAD', '1'));
    await carry(variable('BAD', '2'));
    await reject();
    await world().ecs.taskDefinitions.deregister(String(resultOf(bad).outputs['taskDefinitionArn']));
    expect((await carry()).stderr).toContain('starting from web:1');
  });

  it('when all are rejected, exit code 5 says how to go on; a file does', async () => {
    await reject();
    const run = await carry();
    expect(resultOf(run)).toMatchObject({ exitCode: 5, error: { code: 'ecs.all_rejected' } });
    expect(run.stderr).toContain('Give task_definition');
    expect((await world().register([], { file: ON_FARGATE })).exitCode).toBe(0);
  });

  it('no more than twenty are looked at', async () => {
    for (let count = 0; count < 22; count++) {
      await world().stage.register();
      await reject();
    }
    world().stage.localAws.control.clearRequests();
    expect((await carry()).exitCode).toBe(5);
    const described = operationsOf(world().stage.localAws).filter((name) => name === 'ecs:DescribeTaskDefinition');
    expect(described.length).toBeLessThanOrEqual(21);
  });
});

describe('a dry run', () => {
  it('shows the difference, is exit code 0 and changes nothing', async () => {
    const before = world().stage.localAws.control.state();
    const run = await carry(['--image', `app=${NEW_IMAGE}`, '--dry-run']);
    expect(resultOf(run)).toMatchObject({
      status: 'planned',
      exitCode: 0,
      outputs: { revision: 1, images: [`app=${NEW_IMAGE}`, 'sidecar=ghcr.io/acme/sidecar:1'] },
    });
    expect(run.stderr).toContain(`+ containerDefinitions[app].image: "${NEW_IMAGE}"`);
    expect(world().stage.localAws.control.state()).toEqual(before);
  });

  it('is exit code 0 also without a difference, and for a family that is not there yet', async () => {
    const runs = [
      await carry(['--dry-run']),
      await world().register(['--dry-run'], { file: { ...ON_FARGATE, family: 'api' } }),
    ];
    expect(runs.map((run) => [run.exitCode, resultOf(run).status])).toEqual([
      [0, 'unchanged'],
      [0, 'planned'],
    ]);
  });

  it('does not show values of variables that say that they are secret', async () => {
    const run = await carry([...variable('API_TOKEN', 'hunter2'), '--dry-run']);
    expect(run.stderr).toContain('containerDefinitions[app].environment[API_TOKEN]: ****');
    expect(run.stdout + run.stderr).not.toContain('hunter2');
  });
});

describe('a newer pipeline has released', () => {
  it('an older one is superseded: exit code 11, nothing registered', async () => {
    await carry(variable('A', 'new'), 11);
    const run = await carry(variable('A', 'old'), 10);
    expect(resultOf(run)).toMatchObject({ status: 'superseded', exitCode: 11 });
    expect(run.stderr).toContain('superseded: pipeline 11 has released web:2');
    expect(await world().revisions()).toHaveLength(2);
  });

  it('unless going back is what is wanted', async () => {
    await carry(variable('A', 'new'), 11);
    expect((await carry([...variable('A', 'old'), '--allow-older'], 10)).exitCode).toBe(0);
    expect(await environmentOf()).toEqual([{ name: 'A', value: 'old' }]);
  });
});

describe('a revision that ECS did not keep as it was sent', () => {
  const file: JsonObject = { ...ON_FARGATE, zeitgeist: 'the local AWS drops this' };

  it('is exit code 10, with what is missing', async () => {
    const run = await world().register([], { file });
    expect(run.exitCode).toBe(10);
    expect(run.stderr).toContain('ECS did not keep web:2 as it was sent');
    expect(run.stderr).toContain('- zeitgeist: "the local AWS drops this"');
  });

  it('is exit code 10 a second time, too, without another revision', async () => {
    await world().register([], { file });
    expect((await world().register([], { file })).exitCode).toBe(10);
    expect(await world().revisions()).toHaveLength(2);
  });

  it('a value that came back as another is exit code 10', async () => {
    const through = await alteringProxy(world().stage.localAws.endpoint, (answer) => {
      const told = answer['taskDefinition'] as JsonObject;
      return told?.['revision'] === 2 ? { ...answer, taskDefinition: { ...told, memory: '1024' } } : answer;
    });
    const run = await world().register(['--family', 'web', ...variable('A', '1')], { through });
    expect(run.exitCode).toBe(10);
    expect(run.stderr).toContain('- memory: "512"');
  });
});

it('another account than the expected one is exit code 3, before anything is looked at', async () => {
  expect((await carry(['--expected-account-id', '999999999999'])).exitCode).toBe(3);
  expect(operationsOf(world().stage.localAws)).toEqual(['sts:GetCallerIdentity']);
});
