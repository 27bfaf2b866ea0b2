import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { tellReleases } from '../../../../scripts/demo/batch/release-story.ts';
import { StoryError } from '../../../../scripts/demo/story.ts';
import { startLocalAws, type LocalAws } from '../../../../src/local-aws/server.ts';
import { storyWith } from './told-story.ts';

let localAws: LocalAws;

beforeEach(async () => {
  localAws = await startLocalAws({ scenario: 'examples/nightly-batch/.circleci/local-aws.yml' });
});

afterEach(() => localAws.close());

it.each([
  ['says that all went well and did nothing', 0, 'the newest revision is not there, not 1'],
  ['fails', 1, 'the pipeline ended with exit code 1, not 0'],
])('ends the story where the pipeline %s', async (_case, exitCode, message) => {
  const story = await storyWith(localAws, exitCode);
  const told = tellReleases(story);
  await expect(told).rejects.toThrow(StoryError);
  await expect(told).rejects.toThrow(message);
  story.aws.close();
});
