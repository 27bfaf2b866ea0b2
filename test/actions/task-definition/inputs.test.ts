import { describe, expect, it } from '@jest/globals';
import type { JsonValue } from '../../../src/core/json.ts';
import { containersOf } from '../../../src/plan/task-definition/containers.ts';
import { operationsOf } from '../../support/local-aws-world.ts';
import { resultOf } from '../../support/run-cli.ts';
import { ON_EC2 } from '../../support/task-definitions.ts';
import { taskDefinitionsForTests } from './task-definition-world.ts';

const world = taskDefinitionsForTests();
const web = (...args: string[]): string[] => ['--family', 'web', ...args];
const containers = (value: JsonValue): string[] => ['--containers', JSON.stringify(value)];

describe('what can not be right is exit code 2 before anything is called', () => {
  it.each<[string, string[], string]>([
    ['neither a file nor a family', [], 'neither task_definition nor family is given'],
    ['a family with a revision', ['--family', 'web:3'], 'must be a name of letters'],
    ['an image that is none', web('--image', 'app=UPPER CASE'), 'UPPER CASE'],
    ['an image with an equals sign', web('--image', 'app=ghcr.io/a=b'), '"ghcr.io/a=b" is not an image name'],
    ['an image without its container', web('--image', '=ghcr.io/acme/web:1'), 'image must be CONTAINER=IMAGE or IMAGE'],
    ['no image', web('--image', 'app='), 'is not an image name: it is empty'],
    [
      'two images of one container',
      web('--image', 'app=a:1', '--image', 'app=a:2'),
      'image of container app is given twice',
    ],
    ['two bare images', web('--image', 'a:1', '--image', 'a:2'), 'image of the container is given twice'],
    [
      'an image in two parameters',
      web('--image', 'app=a:1', ...containers({ app: { image: 'a:2' } })),
      'image of container app is given twice',
    ],
    [
      'a variable in two parameters',
      web('--container', 'app', '--environment', 'A=1', ...containers({ app: { environment: { A: '2' } } })),
      'A of container app is given twice',
    ],
    [
      'a variable of both kinds',
      web('--container', 'app', '--environment', 'A=1', '--secrets', 'A=arn:x'),
      'A of container app is given both in environment and in secrets',
    ],
    ['a part of a CPU unit', web('--cpu', '0.3 vCPU'), 'cpu must be whole CPU units'],
    ['a size that is none', web('--memory', 'much'), 'memory must be MiB'],
    ['a tag with a character that AWS does not take', web('--tags', 'team#=x'), 'tags: team#'],
    ['containers as a list', web(...containers([])), 'containers must be a JSON object by container name'],
    [
      'a container that is no object',
      web(...containers({ app: 'x' })),
      'containers: app must be an object (got: a string)',
    ],
    ['an unknown member', web(...containers({ app: { imgae: 'a:1' } })), 'Did you mean image?'],
    ['a member of Object', web(...containers({ app: { toString: 'a' } })), 'unknown member "toString"'],
    [
      'a number as a value',
      web(...containers({ app: { environment: { PORT: 80 } } })),
      'app.environment must be an object of texts',
    ],
    ['a size in words', web(...containers({ app: { memory: '1 GB' } })), 'app.memory must be a whole number'],
    [
      'a command as one text',
      web(...containers({ app: { command: 'run it' } })),
      'app.command must be a list of texts',
    ],
    [
      'logging without a driver',
      web(...containers({ app: { logging: { options: {} } } })),
      'app.logging must be a logConfiguration',
    ],
  ])('%s', async (_what, args, message) => {
    const run = await world().register(args);
    expect(run.stderr).toContain(message);
    expect(run.exitCode).toBe(2);
    expect(operationsOf(world().stage.localAws)).toEqual([]);
  });

  it('values of a wrong type are not printed, because they may be secret', async () => {
    const run = await world().register(web(...containers({ app: { environment: { PIN: 4711 } } })));
    expect(run.stderr).not.toContain('4711');
  });
});

describe('which container is meant', () => {
  it.each<[string, string[], string[]]>([
    ['an image by the name of its container', ['--image', 'sidecar=ghcr.io/acme/sidecar:2'], ['1', '2']],
    ['a bare image with container', ['--container', 'app', '--image', 'ghcr.io/acme/web:2'], ['2', '1']],
    ['several images', ['--image', 'app=ghcr.io/acme/web:2', '--image', 'sidecar=ghcr.io/acme/sidecar:2'], ['2', '2']],
  ])('%s', async (_what, args, tags) => {
    await world().register(web(...args));
    const images = containersOf((await world().newest()).definition).map(({ image }) => String(image));
    expect(images.map((image) => image.split(':')[1])).toEqual(tags);
  });

  it('a bare image goes to the only container', async () => {
    await world().ecs.taskDefinitions.register({ ...ON_EC2, family: 'one' });
    const run = await world().register(['--family', 'one', '--image', 'ghcr.io/acme/web:2']);
    expect(resultOf(run).outputs['images']).toEqual(['web=ghcr.io/acme/web:2']);
  });

  it.each<[string, string[], string]>([
    ['a bare image', ['--image', 'ghcr.io/acme/web:2'], 'the task definition has 2 containers: say which one is meant'],
    ['a variable', ['--environment', 'A=1'], 'the task definition has 2 containers: say which one is meant'],
    ['a container that is not there', ['--container', 'ap', '--environment', 'A=1'], 'Did you mean app?'],
    ['one that is not there in containers', containers({ sidcar: { cpu: 1 } }), 'Did you mean sidecar?'],
  ])('%s that could be for several, or for none: exit code 2, nothing is registered', async (_what, args, message) => {
    const run = await world().register(web(...args));
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain(message);
    expect(await world().revisions()).toHaveLength(1);
  });
});

it('containers changes several at once, and all that is not named stays', async () => {
  const { definition: before } = await world().newest();
  const logging = { logDriver: 'json-file', options: { 'max-size': '1m', labels: 'a=b,c=d' } };
  await world().register(
    web(
      ...containers({
        app: { environment: { A: '1' }, cpu: 64, memory: 128, memoryReservation: 64, command: ['run', 'a b', ''] },
        sidecar: { image: 'localhost:5000/sidecar:2', logging },
      }),
    ),
  );
  const [app, sidecar] = containersOf(before);
  expect(containersOf((await world().newest()).definition)).toEqual([
    {
      ...app,
      environment: [{ name: 'A', value: '1' }],
      cpu: 64,
      memory: 128,
      memoryReservation: 64,
      command: ['run', 'a b', ''],
    },
    { ...sidecar, image: 'localhost:5000/sidecar:2', logConfiguration: logging },
  ]);
});

describe('variables', () => {
  it('are set, replaced and removed, whichever kind they are of', async () => {
    await world().ecs.taskDefinitions.register({
      ...ON_EC2,
      family: 'one',
      executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
      containerDefinitions: [
        {
          ...containersOf(ON_EC2)[0],
          environment: ['B', 'A', 'TURNS'].map((name) => ({ name, value: 'old' })),
          secrets: ['S', 'GOES'].map((name) => ({ name, valueFrom: `arn:${name}` })),
        },
      ],
    });
    const set = ['--environment', 'A=new', '--environment', 'C=3', '--secrets', 'TURNS=arn:aws:ssm:x:1:parameter/t'];
    const remove = ['--remove-environment', 'B', '--remove-environment', 'GOES'];
    expect((await world().register(['--family', 'one', ...set, ...remove])).exitCode).toBe(0);
    const [container] = containersOf((await world().newest('one')).definition);
    expect(container).toMatchObject({
      environment: [
        { name: 'A', value: 'new' },
        { name: 'C', value: '3' },
      ],
      secrets: [
        { name: 'S', valueFrom: 'arn:S' },
        { name: 'TURNS', valueFrom: 'arn:aws:ssm:x:1:parameter/t' },
      ],
    });
  });

  it('of the orb come through the environment, and $NAME of the job is put in, but not into JSON', async () => {
    const orb = {
      AWS_DEPLOY_ORB: '1',
      ORB_FAMILY: 'web',
      ORB_IMAGE: 'app=ghcr.io/acme/web:$BUILD',
      ORB_CONTAINER: 'app',
      ORB_ENVIRONMENT: 'A=$VALUE\nB=$(touch x)',
      ORB_CONTAINERS: '{"sidecar": {"environment": {"A": "$VALUE"}}}',
      BUILD: '7',
      VALUE: '<< x >>',
    };
    expect((await world().register([], { env: orb })).exitCode).toBe(0);
    const [app, sidecar] = containersOf((await world().newest()).definition);
    expect(app).toMatchObject({
      image: 'ghcr.io/acme/web:7',
      environment: [
        { name: 'A', value: '<< x >>' },
        { name: 'B', value: '$(touch x)' },
      ],
    });
    expect(sidecar).toMatchObject({ environment: [{ name: 'A', value: '$VALUE' }] });
  });
});
