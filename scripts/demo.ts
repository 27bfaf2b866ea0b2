/** npm run demo: stories of the samples on a local AWS, told step by step and checked at each. */
import { DeployError } from '../src/core/errors.ts';
import { errorText } from '../src/report/error-text.ts';
import { type StoryName, parseArguments, TITLES, USAGE } from './demo/arguments.ts';
import { checkEngine, tellBatch } from './demo/batch/tell-batch.ts';
import { tellEcs } from './demo/ecs/tell-ecs.ts';
import { createNarrator, type Narrator } from './demo/narrator.ts';
import { type Pages, StoryError } from './demo/story.ts';
import { openWorkshop } from './demo/workshop.ts';

/** What ends the demo early, and the exit code that a shell expects then. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGPIPE: 141 } as const;

export async function main(args: readonly string[], root: string): Promise<number> {
  const asked = parseArguments(args);
  if (asked === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  if ('problem' in asked) {
    process.stderr.write(`error: ${asked.problem}\n\n${USAGE}`);
    return 2;
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
    await play(asked, { root, narrator, signal: stopped.signal });
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
  { story, withDocker }: { story: StoryName; withDocker: boolean },
  { root, narrator, signal }: { root: string; narrator: Narrator; signal: AbortSignal },
): Promise<void> {
  const startedAt = process.hrtime.bigint();
  const { env } = process;
  if (withDocker) await checkEngine({ env, signal });
  narrator.title(TITLES[story]);
  narrator.say('Making the orb and the command line from these sources …');
  const workshop = await openWorkshop(root, signal);
  const pages: Pages = [];
  try {
    const telling = { root, workshop, env, signal, narrator, pages };
    await (story === 'ecs' ? tellEcs(telling) : tellBatch(telling, { withDocker }));
    const seconds = Number((process.hrtime.bigint() - startedAt) / 100_000_000n) / 10;
    narrator.say(`That was all, in ${seconds} s.`);
  } finally {
    const keepsProjects = pages.length > 0 && !signal.aborted;
    await workshop.close(keepsProjects);
    if (keepsProjects) sayWhatIsLeft(workshop.folder, pages, narrator);
  }
}

function sayWhatIsLeft(folder: string, pages: Pages, narrator: Narrator): void {
  narrator.facts('Each run of a pipeline has a page with its graph, its timeline and the logs of its steps:', pages);
  narrator.say(
    'The local AWS has ended. What was run, with these pages, is all that is left on this machine; to remove it:',
  );
  narrator.command(['rm', '-rf', folder]);
}
