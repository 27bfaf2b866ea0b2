import { describe, expect, it } from '@jest/globals';
import { carryForward } from '../../../src/plan/job-definition/carry-forward.ts';
import { CONTAINER, withContainer } from '../../support/definitions.ts';

const DESCRIBED = {
  ...CONTAINER,
  jobDefinitionArn: 'arn:aws:batch:eu-west-1:123456789012:job-definition/crawl:7',
  revision: 7,
  status: 'ACTIVE',
  containerOrchestrationType: 'ECS',
};

describe('carryForward', () => {
  it('leaves out what only AWS can say', () => {
    expect(carryForward(DESCRIBED)).toEqual(CONTAINER);
  });

  it('keeps fields that this code has never heard of, at every depth', () => {
    const unknown = { ...withContainer(DESCRIBED, { brandNew: { deep: [null, ''] } }), alsoNew: 1 };
    expect(carryForward(unknown)).toEqual({
      ...withContainer(CONTAINER, { brandNew: { deep: [null, ''] } }),
      alsoNew: 1,
    });
  });

  it('keeps the tags of users, and none of ours', () => {
    const tags = { team: 'data', 'aws-deploy:git-sha': 'abc', 'aws-deploy:verified': 'x', 'aws-deploy-not-ours': 'y' };
    expect(carryForward({ ...DESCRIBED, tags })['tags']).toEqual({ team: 'data', 'aws-deploy-not-ours': 'y' });
  });

  it('has no tags where only ours were', () => {
    expect(carryForward({ ...DESCRIBED, tags: { 'aws-deploy:pipeline': '7' } })).toEqual(CONTAINER);
  });
});
