import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stableStringify } from '../../src/core/json.ts';
import { diffDefinitions } from '../../src/plan/job-definition/diff.ts';
import type { AwsView, Revision } from './aws-view.ts';
import { BASE_REPOSITORY, REPOSITORY } from './platform.ts';
import type { Stage } from './stage.ts';
import { editFile, JOB, mustHold, newestRevision, release, shortened, type Story } from './story.ts';

/** The edit of jobs/crawl.sh that the story tells. */
const OLD_LINE = 'echo "crawl: done"';
const NEW_LINE = 'echo "crawl: all $pages pages done"';

/** Mistakes in job-definition.json: what is there, and what somebody makes of it. */
const MISTAKES = [
  ['"value": "2048"', '"value": "512"'],
  ['"name": "CRAWL_PAGES"', '"name": "AWS_BATCH_PAGES"'],
] as const;

/** Builds the stand-in for the base image and pushes it to the local ECR. */
export async function makeStandInBase({ run, folder, aws: { endpoint } }: Stage, aws: AwsView): Promise<string> {
  const path = await folder('base', {
    Dockerfile: 'FROM scratch\nCOPY rootfs /\nENV PATH=/usr/local/bin:/usr/bin:/bin\n',
    'rootfs/etc/os-release': 'PRETTY_NAME="a stand-in without any programs"\n',
    'rootfs/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n',
  });
  const args = ['build-and-push-image', '--repository', BASE_REPOSITORY, '--builder', 'embedded', '--tags', 'stand-in'];
  const { exitCode, lines } = await run(args, { cwd: path });
  mustHold(exitCode === 0, `the stand-in base could not be made:\n${lines.join('\n')}`);
  const [image] = await aws.images(BASE_REPOSITORY);
  mustHold(image !== undefined, 'the stand-in base is not in ECR');
  return `${new URL(endpoint).host}/${BASE_REPOSITORY}@${image.digest}`;
}

/** The chapters of a release: first time, changed, once more, and one that AWS would refuse. Gives the revision they come to. */
export async function tellReleases(story: Story): Promise<Revision> {
  const first = await firstRelease(story);
  const second = await changedScript(story, first);
  await onceMore(story, second);
  await refusedDefinition(story, second);
  return second;
}

async function firstRelease(story: Story): Promise<Revision> {
  const { narrator } = story;
  narrator.chapter('The first release');
  narrator.say(
    'One command builds the image and pushes it, uploads the job script, registers a revision of the job definition ' +
      'that names both by their hashes, reads it back, and compares.',
  );
  const { exitCode } = await release(story, 1);
  mustHold(exitCode === 0, `the first release ended with exit code ${exitCode}`);
  const revision = await newestRevision(story, 1);
  await showAndProve(story, revision, []);
  return revision;
}

async function changedScript(story: Story, before: Revision): Promise<Revision> {
  const { narrator, stage, aws } = story;
  narrator.chapter('The script changes');
  await editFile(join(stage.project, 'jobs/crawl.sh'), OLD_LINE, NEW_LINE);
  narrator.say('A line of jobs/crawl.sh is edited, committed, and released by the same command.');
  narrator.diff([`- ${OLD_LINE}`, `+ ${NEW_LINE}`]);
  const { exitCode } = await release(story, 2);
  mustHold(exitCode === 0, `the second release ended with exit code ${exitCode}`);
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

async function onceMore(story: Story, before: Revision): Promise<void> {
  const { narrator, stage } = story;
  narrator.chapter('The same again');
  narrator.say('Somebody runs the pipeline of that commit once more.');
  const { control } = stage.aws;
  const held = stableStringify(control.state());
  control.clearRequests();
  const { exitCode } = await release(story, 2);
  mustHold(exitCode === 0, `releasing again ended with exit code ${exitCode}`);
  const calls = control.requests().map(({ operation }) => operation);
  mustHold(!calls.includes('batch:RegisterJobDefinition'), 'a revision was registered again');
  mustHold(!calls.includes('s3:PutObject'), 'the script was sent again');
  mustHold(stableStringify(control.state()) === held, 'the local AWS holds something else than before');
  narrator.facts('In the local AWS now', [
    ...holdings(await newestRevision(story, before.number)),
    ['state', `the same to the last byte, after ${calls.length} calls`],
  ]);
}

async function refusedDefinition(story: Story, before: Revision): Promise<void> {
  const { narrator, stage } = story;
  narrator.chapter('A definition that AWS would refuse');
  const file = join(stage.project, 'job-definition.json');
  for (const [right, wrong] of MISTAKES) await editFile(file, right, wrong);
  narrator.say(
    'In job-definition.json, somebody saves memory (512 MiB, which Fargate does not have with 1 vCPU) and renames a ' +
      'variable to AWS_BATCH_PAGES (a prefix that AWS Batch keeps for itself).',
  );
  stage.aws.control.clearRequests();
  const { exitCode, lines } = await release(story, 3);
  mustHold(exitCode === EXIT_INVALID_FILE, `it ended with exit code ${exitCode}, not ${EXIT_INVALID_FILE}`);
  const text = lines.join('\n');
  mustHold(/512/.test(text) && /AWS_BATCH_PAGES/.test(text), 'the message does not name both mistakes');
  const calls = stage.aws.control.requests().length;
  mustHold(calls === 0, `${calls} calls were made before the mistakes were found`);
  narrator.facts('In the local AWS now', [
    ...holdings(await newestRevision(story, before.number)),
    ['calls', 'none: it was stopped before the first one'],
  ]);
  for (const [right, wrong] of MISTAKES) await editFile(file, wrong, right);
}

const EXIT_INVALID_FILE = 7;

/** Holds a revision as AWS has it against what is in ECR, in S3 and in the project, and shows it. */
async function showAndProve(story: Story, revision: Revision, diff: readonly string[]): Promise<void> {
  const { aws, narrator, stage } = story;
  const { image, environment } = revision;
  const digest = image.slice(image.indexOf('@') + 1);
  const url = environment['BATCH_FILE_S3_URL'] ?? '';
  const sha256 = createHash('sha256')
    .update(await readFile(join(stage.project, 'jobs/crawl.sh')))
    .digest('hex');

  const pushed = await aws.images(REPOSITORY);
  mustHold(
    pushed.some((candidate) => candidate.digest === digest),
    `ECR has no image ${digest}`,
  );
  mustHold(environment['BATCH_FILE_SHA256'] === sha256, 'the revision names another script');
  mustHold((await aws.sha256(url)) === sha256, 'S3 holds another script');
  mustHold(environment['CRAWL_PAGES'] === '5', 'the variables of the file are lost');

  narrator.facts('In the local AWS now', [
    ...holdings(revision),
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
