import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { type EcsStage, startEcsStage } from './ecs-stage.ts';

let folder: string;
let stage: EcsStage;

/** The scenario of ECS that the documentation shows. */
function documentedScenario(): string {
  const [, section = ''] = readFileSync('docs/local-aws.md', 'utf8').split('\n## Services and tasks\n');
  const [, example = ''] = section.split('```yaml\n');
  return example.split('```')[0]!;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aws-deploy-ecs-documented-'));
  const scenario = join(folder, 'scenario.yml');
  writeFileSync(scenario, documentedScenario());
  stage = await startEcsStage({ scenario });
  stage.localAws.control.setRate(0);
});
afterAll(async () => {
  await stage.close();
  rmSync(folder, { recursive: true });
});

describe('the scenario in the documentation', () => {
  it('has a steady service, whose next revision ends in a rollback', async () => {
    expect(await stage.service()).toMatchObject({ runningCount: 2, deployments: [{ rolloutState: 'COMPLETED' }] });
    await stage.update({ taskDefinition: await stage.register() });
    await stage.pass(300);
    expect(await stage.deployment()).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' });
    expect(await stage.service()).toMatchObject({ runningCount: 2, taskDefinition: expect.stringMatching(/web:1$/) });
  });
});
