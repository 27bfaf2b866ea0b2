import { describe, expect, it } from '@jest/globals';
import { registerRevision } from '../../../src/actions/task-definition/register-revision.ts';
import type { TaskDefinitionOperations } from '../../../src/aws/ecs/task-definitions.ts';
import { rejectionOf } from '../../support/failures.ts';
import { ON_FARGATE } from '../../support/task-definitions.ts';
import { quietContext, taskDefinitionsForTests } from './task-definition-world.ts';

const world = taskDefinitionsForTests();

/** An ECS that is busy so many times before it takes a definition. Its text is that of public reports. */
function busy(times: number): { operations: TaskDefinitionOperations; calls: () => number } {
  const { taskDefinitions } = world().ecs;
  const text = 'Too many concurrent attempts to create a new revision of the specified family.';
  let calls = 0;
  const operations: TaskDefinitionOperations = {
    ...taskDefinitions,
    async register(definition) {
      calls += 1;
      if (calls <= times) throw Object.assign(new Error(text), { name: 'ClientException' });
      return taskDefinitions.register(definition);
    },
  };
  return { operations, calls: () => calls };
}

describe('while ECS registers other revisions of the family', () => {
  it('it is asked again, and does not have to be looked whether the revision exists', async () => {
    const { operations, calls } = busy(3);
    const { context, said } = quietContext();
    const { revision } = await registerRevision(operations, ON_FARGATE, 1, context);
    expect([revision, calls()]).toEqual([2, 4]);
    expect(said).toEqual(Array.from({ length: 3 }, () => 'ECS is registering other revisions of web; trying again'));
  });

  it('not for ever: exit code 4 with what ECS says', async () => {
    const { operations, calls } = busy(100);
    const error = await rejectionOf(registerRevision(operations, ON_FARGATE, 1, quietContext().context));
    expect(error).toMatchObject({ exitCode: 4, title: 'ecs:RegisterTaskDefinition failed on web' });
    expect(error.message).toContain('Too many concurrent attempts');
    expect(calls()).toBe(6);
  });
});
