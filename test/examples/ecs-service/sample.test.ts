import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { isJsonObject } from '../../../src/core/json.ts';
import { containerName, containersOf } from '../../../src/plan/task-definition/containers.ts';
import { describeEcsSample } from '../describe-ecs-sample.ts';
import { readJson } from '../ecs-samples.ts';
import { readSampleConfig, workflowJobs } from '../sample-config.ts';

const SAMPLE = 'examples/ecs-service';

describeEcsSample(SAMPLE);

describe('the two containers', () => {
  const containers = containersOf(readJson(join(SAMPLE, 'task-definition.json')));

  it('are the one that is built, and one from another registry by its digest', () => {
    expect(containers.map(containerName)).toEqual(['web', 'collector']);
    expect(containers[1]?.['image']).toMatch(/^public\.ecr\.aws\/.+@sha256:[0-9a-f]{64}$/);
  });

  it('end when the first does: the second is not essential', () => {
    expect(containers.map(({ essential }) => essential)).toEqual([true, false]);
  });

  it('are told apart by the release, which names the one that gets the image', () => {
    const [release] = workflowJobs(readSampleConfig(join(SAMPLE, '.circleci/config.yml')), 'release');
    expect(isJsonObject(release?.arguments) && release.arguments['container']).toBe('web');
  });
});
