import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stableStringify } from '../../../src/core/json.ts';
import { diffDefinitions } from '../../../src/plan/job-definition/diff.ts';
import type { Revision } from './aws-view.ts';
import { newestRevision, type BatchStory } from './batch-story.ts';
import { crawlLog } from './job-work.ts';
import { JOB, QUEUE, REPOSITORY } from './platform.ts';
import { editFile, mustEnd, mustFail, mustHold, release, shortened } from '../story.ts';

/** The edit of jobs/crawl.sh that the story tells. */
const OLD_LINE = 'echo "crawl: done"';
const NEW_LINE = 'echo "crawl: all $pages pages done"';

/** The edit of the pipelines: a look at the job every second, so that nobody waits for the next one. */
const LOOKS = [
  ['.circleci/config.yml', '          smoke_test: true', '          poll_interval: 1s'],
  ['.circleci/multi-job.yml', '          mark_verified: true', '          poll_interval: 1s'],
] as const;

/** Mistakes in job-definition.json: what is there, and what somebody makes of it. */
const MISTAKES = [
  ['"value": "2048"', '"value": "512"'],
  ['"name": "CRAWL_PAGES"', '"name": "AWS_BATCH_PAGES"'],
] as const;

/** The chapters of a release: first time, changed, once more, and one that AWS would refuse. Gives the revision they come to. */
export async function tellReleases(story: BatchStory): Promise<Revision> {
  const first = await firstRelease(story);
  const second = await changedScript(story, first);
  await onceMore(story, second);
  await refusedDefinition(story, second);
  return second;
}

async function firstRelease(story: BatchStory): Promise<Revision> {
  const { narrator, work } = story;
  narrator.chapter('The first release');
  narrator.say(
    'One job builds the image and pushes it, uploads the job script, registers a revision of the job definition that names ' +
      'both by their hashes, reads it back, and compares. Then it runs the new revision once and follows it (smoke_test): ' +
      'only what has run is verified.',
  );
  work.expect({ exitCode: 0, log: [...crawlLog(5).slice(0, 1), 'crawl: done'] });
  mustEnd(await release(story, { what: 'the first release', isKnown: false }), 0);
  const revision = await newestRevision(story, 1);
  await showAndProve(story, revision, []);
  return revision;
}

async function changedScript(story: BatchStory, before: Revision): Promise<Revision> {
  const { narrator, stage, aws, work } = story;
  const { folder } = stage.project;
  narrator.chapter('The script changes');
  await editFile(join(folder, 'jobs/crawl.sh'), OLD_LINE, NEW_LINE);
  for (const [file, line, added] of LOOKS) await editFile(join(folder, file), line, `${line}\n${added}`);
  narrator.say(
    'A line of jobs/crawl.sh is edited; and the pipelines look at the job every second from now on, not every ten, as ' +
      'nobody here pays for calls.',
  );
  narrator.diff([`- ${OLD_LINE}`, `+ ${NEW_LINE}`, '+ poll_interval: 1s']);
  work.expect({ exitCode: 0, log: crawlLog(5) });
  mustEnd(await release(story, { what: 'the script has changed', commit: 'Say how many pages there were' }), 0);
  const revision = await newestRevision(story, 2);
  await showAndProve(story, revision, diffDefinitions(before.definition, revision.definition));
  mustHold(revision.image === before.image, 'the image is another one, though nothing in it changed');
  const old = before.environment['BATCH_FILE_SHA256'];
  mustHold((await aws.sha256(before.environment['BATCH_FILE_S3_URL'] ?? '')) === old, 'the old script is not there');
  narrator.say(
    'The image is the same, byte for byte. The old script is still where it was: a job of revision 1 that is waiting ' +
      'or running now gets the script that it was submitted with.',
  );
  return revision;
}

async function onceMore(story: BatchStory, before: Revision): Promise<void> {
  const { narrator, stage } = story;
  narrator.chapter('The same again');
  narrator.say('Somebody runs the pipeline of that commit once more.');
  const { control } = stage.aws;
  const held = stableStringify(control.state());
  control.clearRequests();
  mustEnd(await release(story, { what: 'the same again' }), 0);
  const calls = control.requests().map(({ operation }) => operation);
  mustHold(!calls.includes('batch:RegisterJobDefinition'), 'a revision was registered again');
  mustHold(!calls.includes('s3:PutObject'), 'the script was sent again');
  mustHold(!calls.includes('batch:SubmitJob'), 'what is verified has run again');
  mustHold(stableStringify(control.state()) === held, 'the local AWS holds something else than before');
  narrator.facts('In the local AWS now', [
    ...holdings(await newestRevision(story, before.number)),
    ['state', `the same to the last byte, after ${calls.length} calls`],
  ]);
}

async function refusedDefinition(story: BatchStory, before: Revision): Promise<void> {
  const { narrator, stage } = story;
  narrator.chapter('A definition that AWS would refuse');
  const file = join(stage.project.folder, 'job-definition.json');
  for (const [right, wrong] of MISTAKES) await editFile(file, right, wrong);
  narrator.say(
    'In job-definition.json, somebody saves memory (512 MiB, which Fargate does not have with 1 vCPU) and renames a ' +
      'variable to AWS_BATCH_PAGES (a prefix that AWS Batch keeps for itself).',
  );
  const { control } = stage.aws;
  control.clearRequests();
  const { code, log } = await mustFail(
    await release(story, { what: 'a definition that is refused', commit: 'Save memory' }),
  );
  mustHold(code === EXIT_INVALID_FILE, `the release ended with exit code ${code}, not ${EXIT_INVALID_FILE}`);
  mustHold(/512/.test(log) && /AWS_BATCH_PAGES/.test(log), 'the message does not name both mistakes');
  const calls = control.requests().filter(({ service }) => service !== 'sts').length;
  mustHold(calls === 0, `${calls} calls were made before the mistakes were found`);
  narrator.facts('In the local AWS now', [
    ...holdings(await newestRevision(story, before.number)),
    ['calls', 'none but those of the login: the release was stopped before its first one'],
  ]);
  for (const [right, wrong] of MISTAKES) await editFile(file, wrong, right);
}

const EXIT_INVALID_FILE = 7;

/** Holds a revision as AWS has it against what is in ECR, in S3 and in the project, and shows it. */
async function showAndProve(story: BatchStory, revision: Revision, diff: readonly string[]): Promise<void> {
  const { aws, narrator, stage } = story;
  const { image, environment } = revision;
  const digest = image.slice(image.indexOf('@') + 1);
  const url = environment['BATCH_FILE_S3_URL'] ?? '';
  const sha256 = createHash('sha256')
    .update(await readFile(join(stage.project.folder, 'jobs/crawl.sh')))
    .digest('hex');

  const pushed = await aws.images(REPOSITORY);
  mustHold(
    pushed.some((candidate) => candidate.digest === digest),
    `ECR has no image ${digest}`,
  );
  mustHold(environment['BATCH_FILE_SHA256'] === sha256, 'the revision names another script');
  mustHold((await aws.sha256(url)) === sha256, 'S3 holds another script');
  mustHold(environment['CRAWL_PAGES'] === '5', 'the variables of the file are lost');
  const job = await aws.newestJob(QUEUE);
  mustHold(job?.revision === revision.number && job.exitCode === 0, 'the revision has not run, or failed');

  narrator.facts('In the local AWS now', [
    ...holdings(revision),
    ['its job', `${job.status}, exit code ${job.exitCode}`],
    ...(diff.length > 0 ? [['diff', `to revision ${revision.number - 1}:`] as const] : []),
  ]);
  narrator.diff(diff.map(shortened));
}

/** What a revision is made of, for the reader. */
function holdings({ number, image, environment }: Revision): (readonly [name: string, value: string])[] {
  return [
    ['revision', `${JOB}:${number}`],
    ['image', shortened(image.slice(image.indexOf('/') + 1))],
    ['script', shortened(environment['BATCH_FILE_S3_URL'] ?? '')],
  ];
}
