import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { CreateScheduleCommand, GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/core/json.ts';
import { arnOf, byHand } from '../actions/scheduled-task/scheduled-task-world.ts';
import { ecsClient, webDefinition } from '../local-aws/ecs/ecs-stage.ts';
import { succeeded } from './support/child-process.ts';
import { REGION } from './support/local-cloud.ts';
import { compileJob } from './support/orb-compiler.ts';
import { workflowForTests } from './support/workflow.ts';

// The part of a defect that is about the orb itself: what a job asks for, what it knows of the jobs before it, and who it is.

const workflow = workflowForTests();

describe('E10: jobs needed a rule, found neither checkout nor workspace, and no named profile', () => {
  let scheduler: SchedulerClient;
  beforeEach(async () => {
    const { cloud } = workflow();
    const { endpoint } = cloud;
    scheduler = new SchedulerClient({
      endpoint,
      region: REGION,
      credentials: { accessKeyId: 'S', secretAccessKey: 's' },
    });
    const ecs = ecsClient(cloud);
    await ecs.send(new RegisterTaskDefinitionCommand(webDefinition()));
    ecs.destroy();
    await scheduler.send(new CreateScheduleCommand(byHand()));
    cloud.control.clearRequests();
  });
  afterEach(() => scheduler.destroy());

  async function scheduled(): Promise<string | undefined> {
    const { Target: target } = await scheduler.send(new GetScheduleCommand({ Name: 'nightly' }));
    return target?.EcsParameters?.TaskDefinitionArn;
  }

  it('no parameter of the jobs has to be given, and to register asks for no rule', () => {
    const jobs = workflow().compiler.orb['jobs'] as Record<string, { parameters: Record<string, JsonObject> }>;
    const [register, deploy] = [jobs['register_task_definition']!, jobs['deploy_scheduled_task']!];
    const all = [...Object.entries(register.parameters), ...Object.entries(deploy.parameters)];
    expect(all.filter(([, parameter]) => !Object.hasOwn(parameter, 'default'))).toEqual([]);
    expect(Object.keys(register.parameters).filter((name) => name.includes('rule'))).toEqual([]);
    expect(Object.keys(deploy.parameters)).toEqual(
      expect.arrayContaining(['schedule_name', 'rule_name', 'event_bus_name', 'group_name']),
    );
  });

  it('a schedule is moved to what the job before has registered, from a file of the checkout', async () => {
    const definition = { ...webDefinition(), cpu: '512', memory: '1024' };
    await writeFile(join(workflow().work.project, 'task-definition.json'), JSON.stringify(definition));
    succeeded(await workflow().job('register_task_definition', { task_definition: 'task-definition.json' }));
    succeeded(await workflow().job('deploy_scheduled_task', { schedule_name: 'nightly' }));
    expect(await scheduled()).toBe(arnOf('web:2'));
  });

  it('by a named profile', async () => {
    const config = join(workflow().work.folder, 'aws-config');
    await mkdir(config);
    const profile = '[profile deployer]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = of-the-profile\n';
    await writeFile(join(config, 'config'), profile);
    const job = compileJob(workflow().compiler, 'deploy_scheduled_task', {
      schedule_name: 'nightly',
      environment: 'NIGHT=1',
      container: 'app',
      auth: [{ 'aws-deploy/assume_role': { profile: 'deployer' } }],
    });
    const keyless = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };
    succeeded(await workflow().run(job, { ...keyless, AWS_CONFIG_FILE: join(config, 'config') }));
    const callers = workflow()
      .cloud.control.requests()
      .map(({ accessKeyId }) => accessKeyId);
    expect(new Set(callers)).toEqual(new Set(['AKIAPROFILE']));
    expect(await scheduled()).toBe(arnOf('web:2'));
  });
});
