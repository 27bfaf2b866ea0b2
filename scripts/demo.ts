/** npm run demo: releases and nights of the sample on a local AWS, told step by step and checked at each. */
import { dirname, join } from 'node:path';
import { DeployError } from '../src/core/errors.ts';
import { probeEngine } from '../src/image/docker-engine.ts';
import { errorText } from '../src/report/error-text.ts';
import { AwsView } from './demo/aws-view.ts';
import { buildWithDocker, dockerEnvironment } from './demo/docker-build.ts';
import { removeImages } from './demo/docker-images.ts';
import { type JobWork, prepareJobWork } from './demo/job-work.ts';
import { createNarrator, type Narrator } from './demo/narrator.ts';
import { tellNights } from './demo/night-story.ts';
import { BUCKET, QUEUE, REPOSITORY } from './demo/platform.ts';
import { tellReleases } from './demo/release-story.ts';
import { openStage, type Stage } from './demo/stage.ts';
import { StoryError, type Story } from './demo/story.ts';

const USAGE = `Usage: npm run demo [-- --docker]

Runs the pipelines of examples/nightly-batch on this machine, step by step, in a local AWS that lives through two nights.
Needs git, but no account and no network. A temporary folder keeps the project and the page of each run.

  --docker  have the jobs build the image with the Docker engine instead of the embedded builder
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
  const stop = (signal: keyof typeof SIGNALS): void => {
    // A second one waits for nothing.
    if (stopped.signal.aborted) process.exit(SIGNALS[signal]);
    stopped.abort(signal);
  };
  for (const signal of Object.keys(SIGNALS)) process.on(signal, stop);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (stopped.signal.aborted) return;
    // The reader has left, as "head" does. Node ignores the signal and fails every write.
    if (error.code !== 'EPIPE') process.stderr.write(`error: the output could not be written: ${error.message}\n`);
    stop('SIGPIPE');
  });
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

type Builder = 'embedded' | 'docker';

async function play(root: string, builder: Builder, narrator: Narrator, signal: AbortSignal): Promise<void> {
  const startedAt = process.hrtime.bigint();
  if (builder === 'docker') {
    const engine = await probeEngine(process.env, signal);
    if (engine instanceof DeployError) throw engine;
  }
  narrator.title('aws-deploy: pipelines and nights of an AWS Batch job, without an account and without a network');
  narrator.say('Making the orb and the command line from these sources …');
  const env = builder === 'docker' ? await dockerEnvironment(process.env) : process.env;
  const stage = await openStage(root, join(root, 'examples/nightly-batch'), { env, signal });
  const aws = new AwsView(stage.aws.endpoint);
  const pages: Story['pages'] = [];
  try {
    if (builder === 'docker') await buildWithDocker(stage);
    await stage.project.commit('First commit');
    const work = await prepareJobWork(stage.aws, stage.project.folder, stage.temp);
    introduce(stage, work, builder, narrator);
    const story: Story = { stage, aws, narrator, work, pages };
    await tellNights(story, await tellReleases(story));
    const seconds = Number((process.hrtime.bigint() - startedAt) / 100_000_000n) / 10;
    narrator.say(`That was all, in ${seconds} s.`);
  } finally {
    aws.close();
    if (builder === 'docker') await removeImages(new URL(stage.aws.endpoint).host, process.env);
    const keepsProject = pages.length > 0 && !signal.aborted;
    await stage.close(keepsProject);
    if (keepsProject) sayWhatIsLeft(stage, pages, narrator);
  }
}

function introduce({ aws, project }: Stage, { simulatedWhy }: JobWork, builder: Builder, narrator: Narrator): void {
  narrator.say(
    `The local AWS answers at ${aws.endpoint}. What a platform team makes once is there, as .circleci/local-aws.yml of the ` +
      `sample says: the ECR repository ${REPOSITORY}, the bucket ${BUCKET}, the job queue ${QUEUE}, the role of CircleCI. ` +
      'It lives through all that follows, and what it holds is read with the AWS SDK.',
  );
  narrator.say(
    `The project is a git repository with a copy of examples/nightly-batch: ${project.folder}. Its pipelines, ` +
      '.circleci/config.yml first, are compiled with the orb that is generated from these sources, and their jobs run step ' +
      'by step on this machine, each in a fresh clone, as "aws-deploy local run" does it.' +
      (builder === 'docker' ? ' Other than in the sample, they ask for a Docker engine and build with it.' : ''),
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

function sayWhatIsLeft({ project }: Stage, pages: Story['pages'], narrator: Narrator): void {
  narrator.facts('Each run of a pipeline has a page with its graph, its timeline and the logs of its steps:', pages);
  narrator.say(
    'The local AWS has ended. The project with these pages is all that is left on this machine; to remove it:',
  );
  narrator.command(['rm', '-rf', dirname(project.folder)]);
}
