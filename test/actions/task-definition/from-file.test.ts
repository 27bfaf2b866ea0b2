import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import { tagMap } from '../../../src/plan/task-definition/tags.ts';
import { operationsOf } from '../../support/local-aws-world.ts';
import { resultOf } from '../../support/run-cli.ts';
import { ON_EC2, ON_FARGATE, withTaskContainer } from '../../support/task-definitions.ts';
import { taskDefinitionsForTests } from './task-definition-world.ts';

const world = taskDefinitionsForTests();
const API: JsonObject = { ...ON_FARGATE, family: 'api' };
const text = (definition: JsonObject): string => JSON.stringify(definition, null, 2);

describe('from a file, which is the whole truth', () => {
  it('registers the first revision, and says what came of it', async () => {
    const run = await world().register([], { file: API, pipeline: 12, env: { CIRCLE_SHA1: 'abc' } });
    const arn = 'arn:aws:ecs:eu-central-1:123456789012:task-definition/api:1';
    const { definitionHash } = resultOf(run).outputs;
    expect(resultOf(run)).toMatchObject({
      component: 'api',
      status: 'changed',
      exitCode: 0,
      changes: [{ resource: arn, kind: 'created' }],
      outputs: {
        family: 'api',
        taskDefinitionArn: arn,
        revision: 1,
        images: [expect.stringMatching(/^web=ghcr.io\/acme\/web@sha256:/), 'proxy=ghcr.io/acme/proxy:1'],
      },
    });
    expect(tagMap((await world().newest('api')).definition)).toMatchObject({
      'aws-deploy:git-sha': 'abc',
      'aws-deploy:pipeline': '12',
      'aws-deploy:definition-hash': definitionHash,
    });
  });

  it('takes four calls', async () => {
    await world().register([], { file: API });
    expect(operationsOf(world().stage.localAws)).toEqual([
      'sts:GetCallerIdentity',
      'ecs:DescribeTaskDefinition',
      'ecs:RegisterTaskDefinition',
      'ecs:DescribeTaskDefinition',
    ]);
  });

  it('a second time there is nothing to do, and nothing is registered', async () => {
    const first = await world().register([], { file: API });
    world().stage.localAws.control.clearRequests();
    const run = await world().register([], { file: API, env: { CIRCLE_SHA1: 'another commit' } });
    expect(resultOf(run)).toMatchObject({ status: 'unchanged', outputs: resultOf(first).outputs });
    expect(operationsOf(world().stage.localAws)).toEqual(['sts:GetCallerIdentity', 'ecs:DescribeTaskDefinition']);
  });

  it('YAML and JSON that say the same are the same', async () => {
    await world().register([], { file: { ...ON_EC2, family: 'api' } });
    const yaml = [
      'family: api # the back end',
      'containerDefinitions:',
      '  - name: web',
      '    image: ghcr.io/acme/web:1',
      '    memory: 256',
    ].join('\n');
    expect(resultOf(await world().register([], { file: yaml })).status).toBe('unchanged');
  });

  it('nothing is merged from AWS', async () => {
    await world().ecs.taskDefinitions.register({ ...API, taskRoleArn: 'arn:aws:iam::123456789012:role/task' });
    const run = await world().register([], { file: API });
    expect(resultOf(run).changes[0]?.diff).toEqual(['- taskRoleArn: "arn:aws:iam::123456789012:role/task"']);
    expect(run.stderr).toContain('warning: api:1 was not registered by aws-deploy. If Terraform');
    expect((await world().newest('api')).definition['taskRoleArn']).toBeUndefined();
  });

  it('what the parameters ask for is set over it', async () => {
    const args = [
      '--image',
      'proxy=ghcr.io/acme/proxy:2',
      '--container',
      'web',
      '--environment',
      'A=2',
      '--cpu',
      '512',
    ];
    await world().register([...args, '--memory', '1 GB', '--tags', 'team=web'], { file: API });
    const { definition } = await world().newest('api');
    expect(definition).toMatchObject({
      cpu: '512',
      memory: '1024',
      containerDefinitions: [{ environment: [{ name: 'A', value: '2' }] }, { image: 'ghcr.io/acme/proxy:2' }],
    });
    expect(tagMap(definition)).toMatchObject({ team: 'web' });
  });

  it('an image that only the release sets may be missing in it', async () => {
    const definition = withTaskContainer({ ...ON_EC2, family: 'api' }, { image: 'SET BY THE RELEASE' });
    const run = await world().register(['--image', 'ghcr.io/acme/web:2'], { file: definition });
    expect(resultOf(run).outputs['images']).toEqual(['web=ghcr.io/acme/web:2']);
  });

  it('takes the family from the parameter where the file has none', async () => {
    const { family: _none, ...nameless } = API;
    expect(resultOf(await world().register(['--family', 'api'], { file: nameless })).outputs['family']).toBe('api');
  });

  it('what only ECS can tell is left out, so that an answer of it can be the file', async () => {
    const told = {
      taskDefinitionArn: 'arn',
      revision: 3,
      status: 'ACTIVE',
      requiresAttributes: [],
      compatibilities: [],
    };
    const run = await world().register([], { file: { ...API, ...told, registeredBy: 'me' } });
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toContain('taskDefinitionArn, revision, status, requiresAttributes, compatibilities');
  });

  it('a member that has no near name may be newer than this version: it is sent, and warned about', async () => {
    world().stage.localAws.control.setScenario({ ecs: { unknownMembers: 'keep' } });
    const run = await world().register([], { file: { ...API, zeitgeist: { deep: [1] } } });
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toMatch(/warning: task.yml:\d+:\d+: zeitgeist is not known to this version of aws-deploy\n/);
    expect((await world().newest('api')).definition['zeitgeist']).toEqual({ deep: [1] });
  });
});

describe('a file that can not be right is refused before anything is called', () => {
  it.each<[string, string, number, string]>([
    ['broken', '{"family": "api",\n "cpu" "256"}', 7, 'task.yml:2:'],
    ['no object', '- api', 7, 'task.yml:1:1: an object with family and containerDefinitions is needed.'],
    [
      'a misspelt member, with its place and the right name',
      'family: api\ncontainerDefinitions:\n  - name: web\n    image: a\n    memory: 1\n    enviroment: []\n',
      7,
      'task.yml:6:17: containerDefinitions[0].enviroment is not known to this version of aws-deploy (did you mean environment?)',
    ],
    [
      'a wrong type',
      'family: api\ncontainerDefinitions:\n  - name: web\n    image: a\n    memory: "1"\n',
      7,
      'task.yml:5:13: containerDefinitions[0].memory must be a number (got: "1")',
    ],
    ['what ECS would refuse', text({ ...API, memory: '513' }), 7, 'memory and cpu do not go together'],
    [
      'an image that can not be pulled',
      text(withTaskContainer(API, { image: 'ghcr.io/Acme/web:1' })),
      7,
      'containerDefinitions[0].image can not be pulled: "ghcr.io/Acme/web:1" is not an image name',
    ],
    [
      'an answer of AWS as a whole',
      text({ taskDefinition: API }),
      7,
      'task.yml holds an answer of describe-task-definition',
    ],
    ['no containers', 'family: api', 7, 'containerDefinitions must be a list of at least one container'],
    ['no family', text({ containerDefinitions: ON_EC2['containerDefinitions']! }), 2, 'task.yml says no family'],
  ])('%s', async (_what, file, exitCode, message) => {
    const run = await world().register([], { file });
    expect(run.stderr).toContain(message);
    expect(run.exitCode).toBe(exitCode);
    expect(operationsOf(world().stage.localAws)).toEqual([]);
  });

  it('all that is wrong is told at once', async () => {
    const file = withTaskContainer({ ...API, memory: '513', networkMode: 'bridge' }, { name: 'a b' });
    const { stderr } = await world().register([], { file });
    expect(stderr.match(/^ {2}task.yml:.*/gm)).toHaveLength(3);
  });

  it('the file of another family', async () => {
    const run = await world().register(['--family', 'web'], { file: API });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('task.yml is for family "api", not "web"');
    expect(operationsOf(world().stage.localAws)).toEqual([]);
  });

  it('no such file: exit code 5', async () => {
    expect((await world().register(['--task-definition', 'nowhere.json'])).exitCode).toBe(5);
  });

  it('a container that it does not have', async () => {
    const run = await world().register(['--image', 'wbe=ghcr.io/acme/web:2'], { file: API });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('Did you mean web?');
    expect(operationsOf(world().stage.localAws)).toEqual([]);
  });
});
