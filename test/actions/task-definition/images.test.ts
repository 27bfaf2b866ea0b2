import { join } from 'node:path';
import { CreateRepositoryCommand, ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { checkTaskDefinitionInputs } from '../../../src/actions/task-definition/check-inputs.ts';
import { releaseTaskDefinition } from '../../../src/actions/task-definition/release-task-definition.ts';
import { writeResultFile } from '../../../src/circleci/release-record.ts';
import { DIGEST } from '../../support/definitions.ts';
import { operationsOf } from '../../support/local-aws-world.ts';
import { resultOf, type CliRun } from '../../support/run-cli.ts';
import { ON_EC2 } from '../../support/task-definitions.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { NOTHING, quietContext, taskDefinitionsForTests } from './task-definition-world.ts';

const world = taskDefinitionsForTests();
const web = (...args: string[]): Promise<CliRun> => world().register(['--family', 'web', ...args]);

const MANIFEST = JSON.stringify({
  schemaVersion: 2,
  mediaType: 'application/vnd.oci.image.index.v1+json',
  manifests: [],
});

describe('an image in ECR', () => {
  let repository: string;
  let digest: string;

  beforeEach(async () => {
    const ecr = new ECRClient({
      endpoint: world().stage.localAws.endpoint,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    });
    const created = await ecr.send(new CreateRepositoryCommand({ repositoryName: 'team/web' }));
    repository = created.repository?.repositoryUri ?? '';
    const put = await ecr.send(
      new PutImageCommand({ repositoryName: 'team/web', imageManifest: MANIFEST, imageTag: '7' }),
    );
    digest = put.image?.imageId?.imageDigest ?? '';
    ecr.destroy();
    world().stage.localAws.control.clearRequests();
  });

  it('by tag is registered by digest', async () => {
    const run = await web('--image', `app=${repository}:7`);
    expect(resultOf(run).outputs['images']).toEqual([`app=${repository}@${digest}`, 'sidecar=ghcr.io/acme/sidecar:1']);
  });

  it('in containers, too', async () => {
    const run = await web('--containers', JSON.stringify({ sidecar: { image: `${repository}:7` } }));
    expect(resultOf(run).outputs['images']).toContain(`sidecar=${repository}@${digest}`);
  });

  it.each([
    ['a digest', () => `@${DIGEST}`],
    ['a tag', () => ':8'],
  ])('by %s that is not there is exit code 5, and nothing is registered', async (_what, rest) => {
    const run = await web('--image', `app=${repository}${rest()}`);
    expect(run.exitCode).toBe(5);
    expect(run.stderr).toContain(`no such image in ECR: ${repository}${rest()}`);
    expect(await world().revisions()).toHaveLength(1);
  });

  it('by tag in a file is resolved, too; carried forward it stays as it runs', async () => {
    const file = { ...ON_EC2, containerDefinitions: [{ name: 'app', image: `${repository}:7`, memory: 8 }] };
    expect(resultOf(await world().register([], { file })).outputs['images']).toEqual([`app=${repository}@${digest}`]);
    world().stage.localAws.control.clearRequests();
    await web('--environment', 'A=1');
    expect(operationsOf(world().stage.localAws).filter((name) => name.startsWith('ecr:'))).toEqual([]);
  });

  it('that is in two containers is asked about once', async () => {
    await web('--image', `app=${repository}:7`, '--image', `sidecar=${repository}:7`);
    const asked = operationsOf(world().stage.localAws).filter((name) => name === 'ecr:DescribeImages');
    expect(asked).toHaveLength(1);
  });

  it('that can not be looked up is taken, and that is said', async () => {
    world().stage.localAws.control.setScenario({ iam: { deny: [{ action: 'ecr:GetAuthorizationToken' }] } });
    const run = await web('--image', `app=${repository}@${DIGEST}`);
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toContain('warning: ECR can not be read');
  });

  it('that would be pushed in a dry run is not looked for', async () => {
    const { context } = quietContext();
    const plannedImage = `${repository}:to-come`;
    const inputs = { ...NOTHING, image: [`app=${plannedImage}`] };
    const checked = await checkTaskDefinitionInputs(inputs, context);
    const release = { family: 'web', checked, plannedImage, dryRun: true };
    const planned = await releaseTaskDefinition(release, world().session, context);
    expect(planned).toMatchObject({ status: 'planned', revision: 1, family: 'web' });
    expect(planned.change.diff).toContain(`+ containerDefinitions[app].image: "${plannedImage}"`);
  });
});

it('other registries are not asked, and a tag there is warned about', async () => {
  const run = await web('--image', 'app=ghcr.io/acme/web:2');
  expect(run.stderr).toContain('ghcr.io was not asked whether it has this image');
  expect(run.stderr).toContain('warning: ghcr.io/acme/web:2 is a tag, which can be moved');
  expect(operationsOf(world().stage.localAws).filter((name) => name.startsWith('ecr:'))).toEqual([]);
});

describe('images that earlier jobs of the workflow pushed', () => {
  let home: string;
  let seconds = 0;
  beforeEach(async () => {
    home = await tempFolder();
  });

  const image = (name: string, digit: string): string => `ghcr.io/acme/${name}@sha256:${digit.repeat(64)}`;
  const pushed = async (name: string, digit: string): Promise<void> => {
    const at = new Date(Date.UTC(2026, 10, 20) + 1000 * seconds++).toISOString();
    await writeResultFile(join(home, '.aws-deploy', 'record'), 'earlier', {
      schema: 'aws-deploy/result@1',
      action: 'build-and-push-image',
      component: name,
      status: 'changed',
      exitCode: 0,
      account: null,
      region: null,
      changes: [],
      outputs: { image: image(name, digit) },
      events: [],
      startedAt: at,
      finishedAt: at,
    });
  };
  const onCircleci = (...args: string[]): Promise<CliRun> =>
    world().register(['--family', 'web', ...args], { env: { CIRCLECI: 'true', HOME: home } });

  it('each container gets the newest image of the repository that it runs', async () => {
    await pushed('sidecar', 'b');
    await pushed('web', 'a');
    await pushed('web', 'c');
    expect(resultOf(await onCircleci()).outputs['images']).toEqual([
      `app=${image('web', 'c')}`,
      `sidecar=${image('sidecar', 'b')}`,
    ]);
  });

  it('one image of another repository goes to the container that is named', async () => {
    await pushed('renamed', 'a');
    const run = await onCircleci('--container', 'app');
    expect(resultOf(run).outputs['images']).toEqual([`app=${image('renamed', 'a')}`, 'sidecar=ghcr.io/acme/sidecar:1']);
  });

  it('where it is not clear, exit code 2 with the candidates', async () => {
    await pushed('other', 'a');
    const run = await onCircleci();
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain(`Images of this workflow: ${image('other', 'a')}.`);
    expect(run.stderr).toContain('Containers: app (ghcr.io/acme/web:1), sidecar (ghcr.io/acme/sidecar:1).');
  });

  it('an image that is given wins', async () => {
    await pushed('web', 'a');
    const run = await onCircleci('--image', `app=${image('web', 'd')}`);
    expect(resultOf(run).outputs['images']).toContain(`app=${image('web', 'd')}`);
  });

  it('fills in what a file leaves open', async () => {
    await pushed('web', 'a');
    const file = { ...ON_EC2, containerDefinitions: [{ name: 'app', image: 'TO COME', memory: 8 }] };
    const run = await world().register([], { file, env: { CIRCLECI: 'true', HOME: home } });
    expect(resultOf(run).outputs['images']).toEqual([`app=${image('web', 'a')}`]);
  });

  it('count outside of CircleCI only when that is asked for', async () => {
    await pushed('web', 'a');
    const run = (...args: string[]): Promise<CliRun> =>
      world().register(['--family', 'web', ...args], { env: { HOME: home } });
    expect(resultOf(await run()).status).toBe('unchanged');
    expect(resultOf(await run('--record')).status).toBe('changed');
  });
});
