import { describe, expect, it } from '@jest/globals';
import { modelFindings } from '../../src/aws/batch-model.ts';
import { CONTAINER, ECS, EKS, MULTINODE, withContainer } from '../support/definitions.ts';

function found(definition: Parameters<typeof modelFindings>[0]): string[] {
  return modelFindings(definition).map(({ kind, path, message }) => `${kind}: ${path.join('.')} ${message}`);
}

describe('modelFindings', () => {
  it.each([
    ['containerProperties', CONTAINER],
    ['ecsProperties', ECS],
    ['eksProperties', EKS],
    ['nodeProperties', MULTINODE],
    ['members that are null', withContainer(CONTAINER, { environment: null })],
  ])('finds nothing in a right definition: %s', (_what, definition) => {
    expect(found(definition)).toEqual([]);
  });

  it.each([
    [
      'a misspelt member',
      { enviroment: [] },
      'unknown: containerProperties.enviroment is not known to this version of aws-deploy (did you mean environment?)',
    ],
    [
      'a member like none',
      { quantumCores: 1 },
      'unknown: containerProperties.quantumCores is not known to this version of aws-deploy',
    ],
    ['a number where text is meant', { image: 1 }, 'wrong-type: containerProperties.image must be a string (got: 1)'],
    [
      'text where a number is meant',
      { vcpus: '1' },
      'wrong-type: containerProperties.vcpus must be a number (got: "1")',
    ],
    [
      'text where true or false is meant',
      { privileged: 'yes' },
      'wrong-type: containerProperties.privileged must be true or false (got: "yes")',
    ],
    [
      'a map where a list is meant',
      { environment: { A: '1' } },
      'wrong-type: containerProperties.environment must be a list (got: {"A":"1"})',
    ],
    [
      'text in a list of objects',
      { secrets: ['A'] },
      'wrong-type: containerProperties.secrets.0 must be an object (got: "A")',
    ],
    [
      'a list where a map is meant',
      { logConfiguration: { options: [] } },
      'wrong-type: containerProperties.logConfiguration.options must be a map (got: [])',
    ],
  ])('%s', (_what, members, expected) => {
    expect(found(withContainer(CONTAINER, members))).toEqual([expected]);
  });
});
