import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../../src/core/json.ts';
import { containerLogPlace } from '../../../../src/plan/rollout/telling/container-log.ts';
import { ON_FARGATE, withTaskContainer } from '../../../support/task-definitions.ts';

const TASK = 'arn:aws:ecs:eu-west-1:123456789012:task/demo/abc';

function place(logConfiguration: JsonObject, container = 'web'): ReturnType<typeof containerLogPlace> {
  return containerLogPlace(withTaskContainer(ON_FARGATE, { logConfiguration }), container, TASK);
}

describe('the output of a container', () => {
  const options = { 'awslogs-group': '/ecs/web', 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'ecs' };

  it('is in the stream of its prefix, name and task', () => {
    expect(place({ logDriver: 'awslogs', options })).toEqual({
      group: '/ecs/web',
      stream: 'ecs/web/abc',
      region: 'eu-west-1',
    });
  });

  it.each<[string, JsonObject, string]>([
    ['of another driver', { logDriver: 'awsfirelens', options }, 'web'],
    ['without a prefix, named by its machine', { logDriver: 'awslogs', options: { 'awslogs-group': 'g' } }, 'web'],
    ['without a group', { logDriver: 'awslogs', options: { 'awslogs-stream-prefix': 'ecs' } }, 'web'],
    ['without options', { logDriver: 'awslogs' }, 'web'],
    ['of a container that logs nothing', { logDriver: 'awslogs', options }, 'proxy'],
    ['of a container that is not there', { logDriver: 'awslogs', options }, 'db'],
  ])('%s is not to be found', (_what, configuration, container) => {
    expect(place(configuration, container)).toBeUndefined();
  });
});
