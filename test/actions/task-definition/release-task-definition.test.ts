import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { checkTaskDefinitionInputs } from '../../../src/actions/task-definition/check-inputs.ts';
import {
  releaseTaskDefinition,
  type ReleasedTaskDefinition,
  type TaskDefinitionRelease,
} from '../../../src/actions/task-definition/release-task-definition.ts';
import { badArgument } from '../../../src/core/errors.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { imagesByContainer } from '../../../src/plan/task-definition/containers.ts';
import { rejectionOf } from '../../support/failures.ts';
import { operationsOf } from '../../support/local-aws-world.ts';
import { ON_FARGATE } from '../../support/task-definitions.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { NOTHING, quietContext, taskDefinitionsForTests } from './task-definition-world.ts';

const world = taskDefinitionsForTests();

/** As another action calls it: a release of `web` that carries forward. */
async function release(
  inputs: Partial<typeof NOTHING>,
  more: Partial<TaskDefinitionRelease> = {},
  cwd = '/',
): Promise<ReleasedTaskDefinition> {
  const { context } = quietContext({ cwd });
  const checked = await checkTaskDefinitionInputs({ ...NOTHING, ...inputs }, context);
  return releaseTaskDefinition({ family: 'web', checked, dryRun: false, ...more }, world().session, context);
}

describe('demands of who releases', () => {
  it.each<[string, Partial<typeof NOTHING>]>([
    ['when something is to be registered', { cpu: '512', memory: '1024' }],
    ['when there is nothing to do', {}],
  ])('are made before anything is registered: %s', async (_what, inputs) => {
    const seen: JsonObject[] = [];
    const check = (desired: JsonObject): void => {
      seen.push(desired);
      throw badArgument('the service can not use this');
    };
    const error = await rejectionOf(release(inputs, { check }));
    expect(error.title).toBe('the service can not use this');
    expect(seen).toMatchObject([{ family: 'web', cpu: inputs.cpu ?? '256' }]);
    expect(operationsOf(world().stage.localAws)).not.toContain('ecs:RegisterTaskDefinition');
  });
});

it('tells the definition as it is registered, without our tags', async () => {
  const released = await release({ image: ['app=ghcr.io/acme/web:2'], tags: { team: 'web' } });
  expect(imagesByContainer(released.definition)).toEqual({
    app: 'ghcr.io/acme/web:2',
    sidecar: 'ghcr.io/acme/sidecar:1',
  });
  expect(released.definition['tags']).toEqual([{ key: 'team', value: 'web' }]);
  expect(released.arn).toBe((await world().newest()).arn);
});

it('a file without a family is for the family of who releases', async () => {
  const { family: _none, ...nameless } = ON_FARGATE;
  const cwd = await tempFolder();
  await writeFile(join(cwd, 'task.json'), JSON.stringify(nameless));
  expect(await release({ taskDefinition: 'task.json' }, {}, cwd)).toMatchObject({ family: 'web', revision: 2 });
});

it('a file of another family is refused, before anything is called', async () => {
  const cwd = await tempFolder();
  await writeFile(join(cwd, 'task.json'), JSON.stringify({ ...ON_FARGATE, family: 'api' }));
  expect(await rejectionOf(release({ taskDefinition: 'task.json' }, {}, cwd))).toMatchObject({ exitCode: 2 });
  expect(operationsOf(world().stage.localAws)).toEqual([]);
});
