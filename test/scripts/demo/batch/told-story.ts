import { AwsView } from '../../../../scripts/demo/batch/aws-view.ts';
import type { BatchStory } from '../../../../scripts/demo/batch/batch-story.ts';
import type { LocalAws } from '../../../../src/local-aws/server.ts';
import { idleStory } from '../idle-story.ts';

/** The story with pipelines that say that they ended so, and do nothing. */
export async function storyWith(aws: LocalAws, exitCode: number): Promise<BatchStory> {
  return {
    ...(await idleStory('examples/nightly-batch', aws, exitCode)),
    aws: new AwsView(aws.endpoint),
    work: { simulatedWhy: undefined, expect: () => undefined },
  };
}
