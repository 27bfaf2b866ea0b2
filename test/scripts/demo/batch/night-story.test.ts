import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Revision } from '../../../../scripts/demo/batch/aws-view.ts';
import { prepareJobWork } from '../../../../scripts/demo/batch/job-work.ts';
import { tellNights } from '../../../../scripts/demo/batch/night-story.ts';
import { StoryError } from '../../../../scripts/demo/story.ts';
import { startLocalAws, type LocalAws } from '../../../../src/local-aws/server.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { storyWith } from './told-story.ts';

const RELEASED: Revision = { number: 2, image: 'image', environment: {}, definition: {} };

let localAws: LocalAws;

beforeEach(async () => {
  localAws = await startLocalAws({ scenario: 'examples/nightly-batch/.circleci/local-aws.yml' });
});

afterEach(() => localAws.close());

describe('tellNights', () => {
  it.each([
    ['says that all went well and did nothing', 0, 'the newest revision is not there, not 2'],
    ['fails', 1, 'the pipeline ended with exit code 1, not 0'],
  ])('ends where the pipeline %s', async (_case, exitCode, message) => {
    const story = await storyWith(localAws, exitCode);
    const told = tellNights(story, RELEASED);
    await expect(told).rejects.toThrow(StoryError);
    await expect(told).rejects.toThrow(message);
    story.aws.close();
  });
});

describe('prepareJobWork', () => {
  it('says what is missing, and then has jobs end as they are expected to, by the roles that there are', async () => {
    const path = process.env['PATH'];
    const folder = await tempFolder();
    const before = localAws.control.scenario();
    process.env['PATH'] = folder;
    try {
      const work = await prepareJobWork(localAws, 'examples/nightly-batch', folder);
      expect(work.simulatedWhy).toBe('there is no sh here');
      work.expect({ exitCode: 3, log: ['no'] });
      expect(localAws.control.scenario()).toEqual({
        ...before,
        batch: { work: ['host'], jobs: [{ match: '*', outcome: { exitCode: 3, log: ['no'] } }] },
      });
    } finally {
      process.env['PATH'] = path;
    }
  });
});
