/** npm run demo: releases and nights of the sample on a local AWS, told step by step and checked at each. */
import { join } from 'node:path';
import { DeployError } from '../src/core/errors.ts';
import { probeEngine } from '../src/image/docker-engine.ts';
import { errorText } from '../src/report/error-text.ts';
import { AwsView } from './demo/aws-view.ts';
import { removeImages } from './demo/docker-images.ts';
import { type JobWork, prepareJobWork } from './demo/job-work.ts';
import { createNarrator, type Narrator } from './demo/narrator.ts';
import { tellNights } from './demo/night-story.ts';
import { BUCKET, preparePlatform, QUEUE, REPOSITORY } from './demo/platform.ts';
import { makeStandInBase, tellReleases } from './demo/release-story.ts';
import { openStage, type Stage } from './demo/stage.ts';
import { StoryError } from './demo/story.ts';

const USAGE = `Usage: npm run demo [-- --docker]

Releases the sample in examples/nightly-batch on a local AWS, step by step, and lives through two of its nights.
Needs no account and no network.

  --docker  build the images with the Docker engine instead of the embedded builder
`;

/** What ends the demo early, and the exit code that a shell expects then. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGPIPE: 141 } as const;

export async function main(args: readonly string[], root: string): Promise<number> {
  const unknown = args.find((arg) => !['--docker', '--help', '-h'].includes(arg));
  if (unknown !== undefined) {
    process.stderr.write(`error: the demo does not know ${unknown}\n\n${USAGE}`);
    return 2;
  }
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(USAGE);
    return 0;
  }
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  const colours = process.stdout.isTTY && !process.env['NO_COLOR'];
  const narrator = createNarrator((text) => process.stdout.write(text), colours);
  const stopped = new AbortController();
  const stop = (signal: keyof typeof SIGNALS): void => stopped.abort(signal);
  for (const signal of Object.keys(SIGNALS)) process.on(signal, stop);
  // The reader has left, as "head" does. Node ignores the signal and fails the write.
  process.stdout.on('error', () => stop('SIGPIPE'));
  try {
    await play(root, args.includes('--docker') ? 'docker' : 'embedded', narrator, stopped.signal);
    return 0;
  } catch (error) {
    if (stopped.signal.aborted) {
      const signal = stopped.signal.reason as keyof typeof SIGNALS;
      process.stderr.write(`\nStopped by ${signal}; nothing was left behind.\n`);
      return SIGNALS[signal];
    }
    if (!(error instanceof StoryError || error instanceof DeployError)) throw error;
    process.stderr.write(error instanceof DeployError ? errorText(error) : `\nerror: ${error.message}\n`);
    return 1;
  } finally {
    for (const signal of Object.keys(SIGNALS)) process.off(signal, stop);
  }
}

async function play(
  root: string,
  builder: 'embedded' | 'docker',
  narrator: Narrator,
  signal: AbortSignal,
): Promise<void> {
  const startedAt = process.hrtime.bigint();
  if (builder === 'docker') {
    const engine = await probeEngine(process.env, signal);
    if (engine instanceof DeployError) throw engine;
  }
  narrator.title('aws-deploy: releases and nights of an AWS Batch job, without an account and without a network');
  const stage = await openStage(root, join(root, 'examples/nightly-batch'), signal);
  const aws = new AwsView(stage.aws.endpoint);
  try {
    const { base, work } = await prepare(stage, aws, narrator);
    const story = { stage, aws, narrator, builder, base, work };
    await tellNights(story, await tellReleases(story));
  } finally {
    aws.close();
    if (builder === 'docker') await removeImages(new URL(stage.aws.endpoint).host, process.env);
    await stage.close();
  }
  const seconds = Number((process.hrtime.bigint() - startedAt) / 100_000_000n) / 10;
  narrator.say(`That was all, in ${seconds} s. The local AWS has ended, and nothing was left on this machine.`);
}

async function prepare(stage: Stage, aws: AwsView, narrator: Narrator): Promise<{ base: string; work: JobWork }> {
  await preparePlatform(stage.aws.endpoint);
  const base = await makeStandInBase(stage, aws);
  const work = await prepareJobWork(stage.aws, stage.project, stage.temp);
  narrator.say(
    `The local AWS answers at ${stage.aws.endpoint}. What a platform team makes once is there: the ECR repository ` +
      `${REPOSITORY}, the bucket ${BUCKET}, the job queue ${QUEUE}. What follows is done by the real command line, on a ` +
      'copy of examples/nightly-batch; what the local AWS holds is then read with the AWS SDK.',
  );
  const jobs =
    work.simulatedWhy === undefined
      ? 'So a job unpacks the image and runs its entry point as a process of this machine, which fetches the script from ' +
        'S3, checks it, and runs it.'
      : `And fetch-and-run.sh can not run on this machine (${work.simulatedWhy}): what the jobs do is simulated, and ` +
        'their logs say so.';
  narrator.say(
    'One thing is not real: the base image. Amazon Linux can not be pulled without a network, so the image is built on ' +
      `a stand-in with two files. ${jobs}`,
  );
  return { base, work };
}
