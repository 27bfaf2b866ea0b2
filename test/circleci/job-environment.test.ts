import { describe, expect, it } from '@jest/globals';
import { jobEnvironment } from '../../src/circleci/job-environment.ts';

describe('jobEnvironment', () => {
  it('in a job of CircleCI', () => {
    expect(
      jobEnvironment({
        CIRCLECI: 'true',
        CIRCLE_WORKFLOW_JOB_ID: '9a3c',
        CIRCLE_SHA1: 'abc',
        AWS_DEPLOY_PIPELINE_NUMBER: '42',
        CIRCLE_PROJECT_REPONAME: 'crawler',
        CIRCLE_BUILD_NUM: '7',
      }),
    ).toEqual({
      onCircleCI: true,
      workflowJobId: '9a3c',
      commit: 'abc',
      pipelineNumber: 42,
      project: 'crawler',
      buildNumber: '7',
    });
  });

  it('elsewhere', () => {
    expect(jobEnvironment({})).toEqual({
      onCircleCI: false,
      workflowJobId: undefined,
      commit: undefined,
      pipelineNumber: undefined,
      project: undefined,
      buildNumber: undefined,
    });
  });

  it.each(['', ' ', '<< pipeline.number >>', '1.5', '-1', '0x10', '1e3'])('%j is no pipeline number', (text) => {
    expect(jobEnvironment({ AWS_DEPLOY_PIPELINE_NUMBER: text }).pipelineNumber).toBeUndefined();
  });

  it('an empty variable is not there', () => {
    expect(jobEnvironment({ CIRCLE_SHA1: '', CIRCLECI: '' })).toMatchObject({ commit: undefined, onCircleCI: false });
  });
});
