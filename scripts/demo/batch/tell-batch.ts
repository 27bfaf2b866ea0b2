import { join } from 'node:path';
import { DeployError } from '../../../src/core/errors.ts';
import { probeEngine } from '../../../src/image/docker-engine.ts';
import { openStage, type Stage } from '../stage.ts';
import type { Telling } from '../story.ts';
import { AwsView } from './aws-view.ts';
import { buildWithDocker, dockerEnvironment } from './docker-build.ts';
import { removeImages } from './docker-images.ts';
import { type JobWork, prepareJobWork } from './job-work.ts';
import { tellNights } from './night-story.ts';
import { BUCKET, QUEUE, REPOSITORY } from './platform.ts';
import { tellReleases } from './release-story.ts';

export const BATCH_TITLE =
  'aws-deploy: pipelines and nights of an AWS Batch job, without an account and without a network';

/** @throws DeployError when no engine answers */
export async function checkEngine({ env, signal }: Pick<Telling, 'env' | 'signal'>): Promise<void> {
  const engine = await probeEngine(env, signal);
  if (engine instanceof DeployError) throw engine;
}

/** Releases and nights of examples/nightly-batch. */
export async function tellBatch(telling: Telling, { withDocker }: { withDocker: boolean }): Promise<void> {
  const { root, workshop, narrator, pages, signal } = telling;
  const env = withDocker ? await dockerEnvironment(telling.env) : telling.env;
  const stage = await openStage(workshop, join(root, 'examples/nightly-batch'), { env, signal });
  const aws = new AwsView(stage.aws.endpoint);
  try {
    if (withDocker) await buildWithDocker(stage);
    await stage.project.commit('First commit');
    const work = await prepareJobWork(stage.aws, stage.project.folder, workshop.temp);
    introduce(telling, { stage, work, withDocker });
    const story = { stage, aws, narrator, work, pages };
    await tellNights(story, await tellReleases(story));
  } finally {
    aws.close();
    if (withDocker) await removeImages(new URL(stage.aws.endpoint).host, telling.env);
    await stage.close();
  }
}

function introduce(
  { narrator }: Telling,
  { stage: { aws, project }, work: { simulatedWhy }, withDocker }: { stage: Stage; work: JobWork; withDocker: boolean },
): void {
  narrator.say(
    `The local AWS answers at ${aws.endpoint}. What a platform team makes once is there, as .circleci/local-aws.yml of the ` +
      `sample says: the ECR repository ${REPOSITORY}, the bucket ${BUCKET}, the job queue ${QUEUE}, the role of CircleCI. ` +
      'It lives through all that follows, and what it holds is read with the AWS SDK.',
  );
  narrator.say(
    `The project is a git repository with a copy of examples/nightly-batch: ${project.folder}. Its pipelines, ` +
      '.circleci/config.yml first, are compiled with the orb that is generated from these sources, and their jobs run step ' +
      'by step on this machine, each in a fresh clone, as "aws-deploy local run" does it.' +
      (withDocker ? ' Other than in the sample, they ask for a Docker engine and build with it.' : ''),
  );
  const jobs =
    simulatedWhy === undefined
      ? 'So a job of AWS Batch unpacks the image and runs its entry point as a process of this machine, which fetches the ' +
        'script from S3, checks it, and runs it.'
      : `And fetch-and-run.sh can not run on this machine (${simulatedWhy}): what the jobs of AWS Batch do is simulated, ` +
        'and their logs say so.';
  narrator.say(
    'One thing is not real: the base image. Amazon Linux can not be pulled without a network, so the image is built on ' +
      `a stand-in with two files. ${jobs}`,
  );
}
