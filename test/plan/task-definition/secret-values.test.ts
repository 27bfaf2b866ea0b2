import { expect, it } from '@jest/globals';
import { secretValues } from '../../../src/plan/task-definition/secret-values.ts';
import { ON_FARGATE, withTaskContainer } from '../../support/task-definitions.ts';

const environment = [
  { name: 'LOG_LEVEL', value: 'debug' },
  { name: 'API_TOKEN', value: 'of the first' },
];

it('secret are the values of variables whose names say so, of every container', () => {
  const first = withTaskContainer(ON_FARGATE, { environment });
  const both = withTaskContainer(first, { environment: [{ name: 'DB_PASSWORD', value: 'of the second' }] }, 1);
  expect(secretValues(both)).toEqual(['of the first', 'of the second']);
});

it('a reference to a secret is none', () => {
  expect(secretValues(ON_FARGATE)).toEqual([]);
});

it.each([[[]], [[{ name: 'API_TOKEN' }]], [null], ['API_TOKEN=1']])('there is none in %j', (odd) => {
  expect(secretValues(withTaskContainer(ON_FARGATE, { environment: odd }))).toEqual([]);
});
