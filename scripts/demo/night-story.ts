import { join } from 'node:path';
import { stableStringify } from '../../src/core/json.ts';
import { nextTimes, parseScheduleExpression } from '../../src/core/schedule-expression.ts';
import type { JobRun, Revision } from './aws-view.ts';
import { QUEUE, SCHEDULER_ROLE } from './platform.ts';
import { editFile, JOB, mustHold, newestRevision, release, runAndShow, shortened, type Story } from './story.ts';

const CRON = 'cron(0 3 * * ? *)';
const ZONE = 'Europe/Berlin';
const SCHEDULE = 'nightly-crawl';

/** Nobody has to wait for the pauses between pages. */
const NO_PAUSE = ['--environment', 'CRAWL_PAUSE=0'];

const EXIT_ROLLED_BACK = 9;
/** From 03:00 until the job has come through the queue. */
const UNTIL_IT_RUNS_MS = 2000;

/** The edit of jobs/crawl.sh that does not work: the settings that it wants are not in the image. */
const GOOD_LINE = 'page=0\n';
const BAD_LINE = '[ -r /etc/crawl/shop.conf ] || { echo "crawl: no /etc/crawl/shop.conf" >&2; exit 3; }';

/** The chapters after a release: run it once, have it run every night, take back one that fails. */
export async function tellNights(story: Story, released: Revision): Promise<void> {
  await smokeRun(story, released);
  await putOnSchedule(story, released);
  await firstNight(story, released);
  await failingRelease(story, released);
  await nextNight(story, released);
}

async function smokeRun(story: Story, { number }: Revision): Promise<void> {
  const { narrator, aws, work } = story;
  narrator.chapter('A smoke run');
  narrator.say(
    'That a revision is registered proves nothing about the job. So it runs once, with two pages, and the command waits ' +
      'for it, shows its log and ends as the job ends. Then the revision is tagged as verified.',
  );
  work.expect({ exitCode: 0, log: crawlLog(2) });
  const { exitCode } = await runAndShow(story, [
    ...['submit-job', '--job-definition-name', JOB, '--job-queue', QUEUE],
    ...['--environment', 'CRAWL_PAGES=2', '--mark-verified', '--poll-interval', '1s'],
  ]);
  mustHold(exitCode === 0, `the smoke run ended with exit code ${exitCode}`);
  const job = await aws.newestJob(QUEUE);
  mustSucceed(job, number);
  mustHold(job.log.includes('crawl: all 2 pages done'), 'the smoke run did not visit its pages');
}

async function putOnSchedule(story: Story, { number }: Revision): Promise<void> {
  const { narrator, aws } = story;
  narrator.chapter('Every night at three');
  narrator.say(
    'A schedule of EventBridge submits that very revision, at 03:00 by the clocks of Berlin, summer and winter. ' +
      'Releases move it on when they have succeeded.',
  );
  const { exitCode } = await runAndShow(story, [
    ...['schedule-job', '--schedule-name', SCHEDULE, '--schedule', CRON, '--timezone', ZONE],
    ...['--job-definition-name', JOB, '--job-queue', QUEUE, ...NO_PAUSE],
    ...['--schedule-role-arn', SCHEDULER_ROLE],
  ]);
  mustHold(exitCode === 0, `schedule-job ended with exit code ${exitCode}`);
  await mustSchedule(story, number);
  mustHold((await aws.newestJob(QUEUE))?.revision === number, 'the schedule has run already');
}

async function firstNight(story: Story, { number }: Revision): Promise<void> {
  story.narrator.chapter('03:00');
  story.narrator.say('The clock of the local AWS, and with it that of the command line, moves on to the next morning.');
  await passNight(story, number);
}

async function failingRelease(story: Story, good: Revision): Promise<void> {
  const { narrator, stage, aws, work } = story;
  narrator.chapter('A release that fails');
  await editFile(join(stage.project, 'jobs/crawl.sh'), GOOD_LINE, `${BAD_LINE}\n${GOOD_LINE}`);
  narrator.say(
    'jobs/crawl.sh now wants a file that the image does not have. The release runs the new revision once before it moves ' +
      'the schedule, as the pipeline of a careful team does: --smoke-test.',
  );
  narrator.diff([`+ ${BAD_LINE}`]);
  work.expect({ exitCode: 3, log: ['crawl: no /etc/crawl/shop.conf'] });
  const { exitCode, lines } = await release(story, 4, [
    ...['--smoke-test', '--job-queue', QUEUE, '--schedule-name', SCHEDULE, '--poll-interval', '1s'],
  ]);
  mustHold(exitCode === EXIT_ROLLED_BACK, `it ended with exit code ${exitCode}, not ${EXIT_ROLLED_BACK}`);
  mustHold(lines.join('\n').includes('no /etc/crawl/shop.conf'), 'the message does not have the last lines of the log');
  const job = await aws.newestJob(QUEUE);
  mustHold(job?.exitCode === 3 && job.revision === good.number + 1, 'the smoke test was not that of the new revision');
  const restored = await newestRevision(story, good.number + 2);
  mustHold(stableStringify(restored.definition) === stableStringify(good.definition), 'the rollback made another one');
  await mustSchedule(story, good.number);
  narrator.facts('In the local AWS now', [
    ['exit code', `${exitCode}: failed, and rolled back`],
    ['revision', `${JOB}:${restored.number}, the same as ${JOB}:${good.number} in all but its number`],
    ['schedule', `still runs ${JOB}:${good.number}`],
  ]);
}

async function nextNight(story: Story, { number }: Revision): Promise<void> {
  const { narrator } = story;
  narrator.chapter('The next night');
  await passNight(story, number);
  narrator.say('What anybody on the team can ask at any time:');
  const { exitCode } = await runAndShow(story, ['job-status', '--job-definition-name', JOB]);
  mustHold(exitCode === 0, `job-status ended with exit code ${exitCode}`);
}

/** Moves the clock past 03:00, and shows what AWS has run then. */
async function passNight({ stage, aws, narrator, work }: Story, revision: number): Promise<void> {
  const { control } = stage.aws;
  const now = control.now();
  const [night = now] = nextTimes(parseScheduleExpression(CRON), { zone: ZONE, after: now }, 1);
  work.expect({ exitCode: 0, log: crawlLog(5) });
  await control.advance(night.getTime() - now.getTime() + UNTIL_IT_RUNS_MS);
  await control.settled();
  const job = await aws.newestJob(QUEUE);
  mustSucceed(job, revision);
  mustHold(job.createdAt >= night, 'nothing was submitted in the night');
  mustHold(job.log.includes('crawl: all 5 pages done'), 'the job of the night did not visit its pages');
  narrator.facts('In the local AWS now', [
    ['time', inZone(control.now())],
    ['submitted', inZone(job.createdAt)],
    ['job', `${job.id} of ${JOB}:${job.revision}`],
    ['end', `${job.status}, exit code ${job.exitCode}`],
    ['log', 'of the container:'],
  ]);
  for (const line of job.log) narrator.output(shortened(line));
}

function mustSucceed(job: JobRun | undefined, revision: number): asserts job is JobRun {
  mustHold(job !== undefined, 'no job was submitted');
  mustHold(job.revision === revision, `revision ${job.revision} has run, not ${revision}`);
  mustHold(job.status === 'SUCCEEDED' && job.exitCode === 0, `the job is ${job.status}, exit code ${job.exitCode}`);
}

async function mustSchedule({ aws }: Story, revision: number): Promise<void> {
  const scheduled = await aws.scheduledDefinition(SCHEDULE);
  mustHold(scheduled.endsWith(`/${JOB}:${revision}`), `the schedule runs ${scheduled}, not revision ${revision}`);
}

/** What jobs/crawl.sh writes at its beginning and end, for when nothing can really run. */
function crawlLog(pages: number): string[] {
  return [`crawl: ${pages} pages, attempt 1`, `crawl: all ${pages} pages done`];
}

function inZone(time: Date): string {
  return `${time.toLocaleString('sv-SE', { timeZone: ZONE })} in Berlin`;
}
