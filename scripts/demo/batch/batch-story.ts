import { mustHold, type Story } from '../story.ts';
import type { AwsView, Revision } from './aws-view.ts';
import type { JobWork } from './job-work.ts';
import { JOB } from './platform.ts';

/** What every chapter of the story of the nightly job has at hand. */
export interface BatchStory extends Story {
  aws: AwsView;
  work: JobWork;
}

/** @throws StoryError when the newest revision has another number */
export async function newestRevision({ aws }: Pick<BatchStory, 'aws'>, expected: number): Promise<Revision> {
  const revision = (await aws.revisions(JOB)).at(-1);
  mustHold(revision?.number === expected, `the newest revision is ${revision?.number ?? 'not there'}, not ${expected}`);
  return revision;
}
