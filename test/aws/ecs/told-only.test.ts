import { expect, it } from '@jest/globals';
import { toldOnly } from '../../../src/aws/ecs/told-only.ts';
import { ON_FARGATE } from '../../support/task-definitions.ts';

it('members that only ECS can tell are known from those that can be sent, and from those that nobody knows', () => {
  const told = { taskDefinitionArn: 'arn', revision: 1, status: 'ACTIVE', requiresAttributes: [], registeredAt: 1 };
  expect(toldOnly({ ...ON_FARGATE, ...told, zeitgeist: 1, pidMode: null })).toEqual(Object.keys(told));
});
