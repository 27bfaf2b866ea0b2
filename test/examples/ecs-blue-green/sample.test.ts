import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { describeEcsSample } from '../describe-ecs-sample.ts';
import { readJson, setupInput } from '../ecs-samples.ts';
import { readSampleConfig, workflowJobs } from '../sample-config.ts';

const SAMPLE = 'examples/ecs-blue-green';

describeEcsSample(SAMPLE);

describe('the service', () => {
  const service = readJson(join(SAMPLE, 'service.json'));

  it('is in the local AWS as service.json has it', () => {
    expect(setupInput(SAMPLE, 'ecs:CreateService')).toEqual(service);
  });

  it('shifts the traffic of two target groups, and pauses when the new tasks have the test traffic', () => {
    expect(service).toMatchObject({
      loadBalancers: [
        {
          advancedConfiguration: { alternateTargetGroupArn: expect.any(String), testListenerRule: expect.any(String) },
        },
      ],
      deploymentConfiguration: {
        strategy: 'BLUE_GREEN',
        bakeTimeInMinutes: expect.any(Number),
        lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'] }],
      },
    });
  });
});

it('after the deployment, there are two decisions, each with a job of its own', () => {
  const jobs = workflowJobs(readSampleConfig(join(SAMPLE, '.circleci/config.yml')), 'release');
  expect(jobs.map(({ name, requires, arguments: { decision } }) => [name, requires, decision])).toEqual([
    ['build', [], undefined],
    ['deploy', ['build'], undefined],
    ['approve', ['deploy'], undefined],
    ['go_on', ['approve'], undefined],
    ['reject', ['deploy'], undefined],
    ['go_back', ['reject'], 'reject'],
  ]);
});
