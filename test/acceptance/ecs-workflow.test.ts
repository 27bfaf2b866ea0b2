import { RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonValue } from '../../src/core/json.ts';
import { ecsClient, webDefinition } from '../local-aws/ecs/ecs-stage.ts';
import { succeeded } from './support/child-process.ts';
import { resultsIn, type JobContainer, type JobEnd } from './support/circleci-job.ts';
import {
  describedRevision,
  newestDeployment,
  PAUSING,
  prepareService,
  servedRevision,
  tasksRunOnce,
} from './support/ecs-world.ts';
import { whileTimePasses } from './support/passing-time.ts';
import { workflowForTests } from './support/workflow.ts';

// Jobs that know of each other by the release record in the workspace, and by nothing else.

const workflow = workflowForTests();

const PLACE = { cluster: 'demo', service: 'web' };

type RanJob = JobEnd & { container: JobContainer };

function job(name: string, values: Readonly<Record<string, JsonValue>>): Promise<RanJob> {
  const { cloud } = workflow();
  return whileTimePasses(cloud.control, () => workflow().job(name, values));
}

async function outputsOf({ container }: RanJob): Promise<unknown> {
  const [result] = await resultsIn(container.home);
  return result?.outputs;
}

describe('a release of a service in jobs of their own', () => {
  const MIGRATION = ['migrate', '--all'];
  const build = () => ({ repository: 'base', builder: 'embedded', build_args: `BASE=${workflow().cloud.base}` });
  const migrate = () => job('run_task', { ...PLACE, command: MIGRATION.join('\n') });

  beforeEach(() => prepareService(workflow().cloud, {}, workflow().cloud.base));

  /** What runs, what it is made of, and what ran before it; not when. */
  async function released(): Promise<unknown> {
    const { cloud } = workflow();
    const { registeredAt: _at, ...revision } = await describedRevision(cloud);
    const tasks = await tasksRunOnce(cloud);
    const commands = tasks.map(({ taskDefinitionArn, overrides }) => [
      taskDefinitionArn,
      overrides?.containerOverrides?.[0]?.command,
    ]);
    return { served: await servedRevision(cloud), revision, commands };
  }

  it('comes to what release_ecs_service comes to in one', async () => {
    const migration = { migration_command: MIGRATION.join('\n') };
    succeeded(await job('release_ecs_service', { ...PLACE, ...build(), container: 'app', ...migration }));
    const inOne = await released();
    await workflow().cloud.restart();
    await prepareService(workflow().cloud, {}, workflow().cloud.base);

    succeeded(await job('build_and_push_image', build()));
    succeeded(await job('register_task_definition', { family: 'web' }));
    succeeded(await migrate());
    succeeded(await job('deploy_service', PLACE));
    expect(await released()).toEqual(inOne);
    expect(inOne).toMatchObject({
      served: 'web:2',
      revision: { tagNames: expect.arrayContaining(['aws-deploy:verified']) },
      commands: [[expect.stringMatching(/\/web:2$/), MIGRATION]],
    });
  });

  it('is followed and verified by the job that watches it', async () => {
    succeeded(await job('build_and_push_image', build()));
    // No time passes for it: it starts the deployment and does not see more of it.
    succeeded(await workflow().job('deploy_service', { ...PLACE, wait_until: 'none' }));
    expect((await describedRevision(workflow().cloud)).tagNames).not.toContain('aws-deploy:verified');

    await workflow().cloud.control.advance(900_000);
    const watched = succeeded(await job('watch_deployment', { ...PLACE, mark_verified: true }));
    expect(watched.output).toContain('which an earlier job of this workflow has told of');
    const { id } = newestDeployment(workflow().cloud);
    expect(await outputsOf(watched)).toMatchObject({ deploymentId: id, deploymentStatus: 'SUCCEEDED', verified: true });
    expect(await describedRevision(workflow().cloud)).toMatchObject({
      revision: 2,
      tagNames: expect.arrayContaining(['aws-deploy:verified']),
    });
  });

  it('migrates and deploys the revision of the workflow, also when there is a newer one', async () => {
    succeeded(await job('build_and_push_image', build()));
    succeeded(await job('register_task_definition', { family: 'web' }));
    const ecs = ecsClient(workflow().cloud);
    await ecs.send(new RegisterTaskDefinitionCommand({ ...webDefinition(), cpu: '512', memory: '1024' }));
    ecs.destroy();

    succeeded(await migrate());
    succeeded(await job('deploy_service', PLACE));
    expect(await released()).toMatchObject({
      served: 'web:2',
      revision: { revision: 3 },
      commands: [[expect.stringMatching(/\/web:2$/), MIGRATION]],
    });
  });

  it('stops at a migration that fails, and leaves the service as it is', async () => {
    const rule = { match: 'web:2', exit: { after: '2s', exitCode: 3 } };
    workflow().cloud.control.setScenario({ ecs: { tasks: [rule] } });
    succeeded(await job('register_task_definition', { family: 'web', container: 'app', environment: 'A=1' }));
    expect(await migrate()).toMatchObject({ code: 10 });
    expect(await servedRevision(workflow().cloud)).toBe('web:1');
  });
});

describe('a deployment that waits for an approval', () => {
  beforeEach(() => prepareService(workflow().cloud, PAUSING));

  /** Its first job: deployed until it is paused. */
  async function deployed(): Promise<RanJob> {
    const change = { container: 'app', environment: 'LOG_LEVEL=debug' };
    return succeeded(await job('deploy_service', { ...PLACE, ...change, wait_until: 'paused' }));
  }

  it('is paused for the next job, which goes on with it to its proof', async () => {
    expect(await outputsOf(await deployed())).toMatchObject({
      deploymentStatus: 'PAUSED',
      hookId: newestDeployment(workflow().cloud).hookId,
    });
    expect((await describedRevision(workflow().cloud)).tagNames).not.toContain('aws-deploy:verified');

    const continued = succeeded(await job('continue_deployment', PLACE));
    expect(continued.output).toContain('which an earlier job of this workflow has told of');
    expect(await outputsOf(continued)).toMatchObject({
      deploymentId: newestDeployment(workflow().cloud).id,
      deploymentStatus: 'SUCCEEDED',
      verified: true,
    });
    expect(await servedRevision(workflow().cloud)).toBe('web:2');
    expect((await describedRevision(workflow().cloud)).tagNames).toContain('aws-deploy:verified');
  });

  it('is rejected by the next job, which sees it rolled back', async () => {
    await deployed();
    const rejected = succeeded(await job('continue_deployment', { ...PLACE, decision: 'reject' }));
    expect(await outputsOf(rejected)).toMatchObject({ deploymentStatus: 'ROLLED_BACK' });
    expect(await servedRevision(workflow().cloud)).toBe('web:1');
    expect((await describedRevision(workflow().cloud)).tagNames).toContain('aws-deploy:rejected');
  });

  it('is not decided for another one that has taken its place', async () => {
    await deployed();
    const other = ['deploy-service', '--cluster', 'demo', '--service', 'web', '--wait-until', 'paused'];
    const change = ['--container', 'app', '--environment', 'LOG_LEVEL=trace'];
    const byHand = () => workflow().work.run([...other, ...change]);
    succeeded(await whileTimePasses(workflow().cloud.control, byHand));
    const { hookId } = newestDeployment(workflow().cloud);

    const { code, output } = await job('continue_deployment', PLACE);
    expect({ code, output }).toMatchObject({ code: 11, output: expect.stringContaining('error: ') });
    expect(workflow().cloud.calls()).not.toContain('ecs:ContinueServiceDeployment');
    expect(newestDeployment(workflow().cloud).hookId).toBe(hookId);
  });
});
