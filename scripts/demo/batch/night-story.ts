import { join } from 'node:path';
import { stableStringify } from '../../../src/core/json.ts';
import { nextTimes, parseScheduleExpression } from '../../../src/core/schedule-expression.ts';
import type { JobRun, Revision } from './aws-view.ts';
import { newestRevision, type BatchStory } from './batch-story.ts';
import { crawlLog } from './job-work.ts';
import { JOB, QUEUE, SCHEDULE } from './platform.ts';
import { editFile, mustEnd, mustFail, mustHold, release, runAndShow, shortened } from '../story.ts';

/** As .circleci/multi-job.yml has it. */
const CRON = 'cron(0 3 * * ? *)';
const ZONE = 'Europe/Berlin';

const EXIT_ROLLED_BACK = 9;
/** From 03:00 until the job has come through the queue, and, where it is simulated, has ended. */
const UNTIL_IT_RAN_MS = 60_000;

/** The edit of config.yml: releases move the schedule. */
const QUEUE_LINE = '          job_queue: nightly';
const SCHEDULE_LINE = `          schedule_name: ${SCHEDULE}`;

/** The edit of jobs/crawl.sh that does not work: the settings that it wants are not in the image. */
const GOOD_LINE = 'page=0\n';
const BAD_LINE = '[ -r /etc/crawl/shop.conf ] || { echo "crawl: no /etc/crawl/shop.conf" >&2; exit 3; }';

/** The chapters after the releases: have it run every night, take back a release that fails. */
export async function tellNights(story: BatchStory, released: Revision): Promise<void> {
  await putOnSchedule(story, released);
  await firstNight(story, released);
  await failingRelease(story, released);
  await nextNight(story, released);
}

async function putOnSchedule(story: BatchStory, { number }: Revision): Promise<void> {
  const { narrator, aws, work } = story;
  narrator.chapter('Jobs of their own, an approval, and every night at three');
  narrator.say(
    'The other pipeline of the sample, .circleci/multi-job.yml, releases the same in jobs of their own. Image and script ' +
      'side by side, then the revision: all there already. A smoke run with two pages. Somebody approves. Then a schedule of ' +
      'EventBridge gets that very revision, at 03:00 by the clocks of Berlin, summer and winter.',
  );
  work.expect({ exitCode: 0, log: crawlLog(2) });
  const flags = { config: ['.circleci/multi-job.yml'], approve: ['approve'] };
  mustEnd(
    await release(story, { what: 'jobs of their own, with an approval', commit: 'Take the memory back', flags }),
    0,
  );
  await newestRevision(story, number);
  const job = await aws.newestJob(QUEUE);
  mustSucceed(job, number);
  mustHold(job.log.includes('crawl: all 2 pages done'), 'the smoke run did not visit its pages');
  await mustSchedule(story, number);
}

async function firstNight(story: BatchStory, { number }: Revision): Promise<void> {
  story.narrator.chapter('03:00');
  story.narrator.say(
    'The clock of the local AWS, and with it that of the next pipelines, moves on to the next morning.',
  );
  await passNight(story, number);
}

async function failingRelease(story: BatchStory, good: Revision): Promise<void> {
  const { narrator, stage, aws, work } = story;
  narrator.chapter('A release that fails');
  await editFile(join(stage.project.folder, 'jobs/crawl.sh'), GOOD_LINE, `${BAD_LINE}\n${GOOD_LINE}`);
  await editFile(join(stage.project.folder, '.circleci/config.yml'), QUEUE_LINE, `${QUEUE_LINE}\n${SCHEDULE_LINE}`);
  narrator.say(
    'jobs/crawl.sh now wants a file that the image does not have. And config.yml now moves the schedule, once the new ' +
      'revision has run.',
  );
  narrator.diff([`+ ${BAD_LINE}`, `+ ${SCHEDULE_LINE.trim()}`]);
  work.expect({ exitCode: 3, log: ['crawl: no /etc/crawl/shop.conf'] });
  const { code, log } = await mustFail(
    await release(story, { what: 'a release that fails', commit: 'Read the settings of the shop' }),
  );
  mustHold(code === EXIT_ROLLED_BACK, `the release ended with exit code ${code}, not ${EXIT_ROLLED_BACK}`);
  mustHold(log.includes('no /etc/crawl/shop.conf'), 'the message does not have the last lines of the log');
  const job = await aws.newestJob(QUEUE);
  mustHold(job?.exitCode === 3 && job.revision === good.number + 1, 'the smoke test was not that of the new revision');
  const restored = await newestRevision(story, good.number + 2);
  mustHold(stableStringify(restored.definition) === stableStringify(good.definition), 'the rollback made another one');
  await mustSchedule(story, good.number);
  narrator.facts('In the local AWS now', [
    ['exit code', `${code}: failed, and rolled back`],
    ['revision', `${JOB}:${restored.number}, the same as ${JOB}:${good.number} in all but its number`],
    ['schedule', `still runs ${JOB}:${good.number}`],
  ]);
}

async function nextNight(story: BatchStory, { number }: Revision): Promise<void> {
  const { narrator } = story;
  narrator.chapter('The next night');
  await passNight(story, number);
  narrator.say('What anybody on the team can ask at any time:');
  const { exitCode } = await runAndShow(story, ['job-status', '--job-definition-name', JOB]);
  mustHold(exitCode === 0, `job-status ended with exit code ${exitCode}`);
}

/** Moves the clock past 03:00, and shows what AWS has run then. */
async function passNight({ stage, aws, narrator, work }: BatchStory, revision: number): Promise<void> {
  const { control } = stage.aws;
  const now = control.now();
  const [night = now] = nextTimes(parseScheduleExpression(CRON), { zone: ZONE, after: now }, 1);
  work.expect({ exitCode: 0, log: crawlLog(5) });
  await control.advance(night.getTime() - now.getTime() + UNTIL_IT_RAN_MS, { settle: true });
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

async function mustSchedule({ aws }: BatchStory, revision: number): Promise<void> {
  const scheduled = await aws.scheduledDefinition(SCHEDULE);
  mustHold(scheduled.endsWith(`/${JOB}:${revision}`), `the schedule runs ${scheduled}, not revision ${revision}`);
}

function inZone(time: Date): string {
  return `${time.toLocaleString('sv-SE', { timeZone: ZONE })} in Berlin`;
}
