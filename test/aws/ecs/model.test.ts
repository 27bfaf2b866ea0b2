import { expect, it } from '@jest/globals';
import { serviceFindings, taskDefinitionFindings } from '../../../src/aws/ecs/model.ts';
import { ON_FARGATE, withTaskContainer } from '../../support/task-definitions.ts';

it('a definition that fits has no findings', () => {
  expect(taskDefinitionFindings(ON_FARGATE)).toEqual([]);
});

it('a misspelt member is found with its place, and the right one is named', () => {
  expect(taskDefinitionFindings(withTaskContainer(ON_FARGATE, { enviroment: [] }))).toEqual([
    {
      path: ['containerDefinitions', 0, 'enviroment'],
      kind: 'unknown',
      nearest: 'environment',
      message: 'is not known to this version of aws-deploy (did you mean environment?)',
    },
  ]);
});

it('a wrong type is found in a service, too', () => {
  expect(serviceFindings({ serviceName: 'web', desiredCount: '2' })).toMatchObject([
    { path: ['desiredCount'], kind: 'wrong-type' },
  ]);
});
