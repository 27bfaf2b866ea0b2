import { join } from 'node:path';
import { editFile, mustEnd, mustFail, mustHold, release } from '../story.ts';
import { mustRun, playTasks, type EcsStory } from './ecs-story.ts';

const EXIT_ROLLED_BACK = 9;
const SERVER = 'app/server.mjs';

/** The edit of app/server.mjs that does not work: a variable that the task definition does not have. */
const FIRST_LINE = "const { PORT = '8080', GREETING = 'Hello from the shop' } = process.env;";
const WANTS_DATABASE = [
  'if (!process.env.DATABASE_URL) {',
  "  console.error('web: DATABASE_URL is not set');",
  '  process.exit(1);',
  '}',
];

/** The edit that works, and is wrong. */
const TRUE_TEXT = "'There is nothing here.\\n'";
const WRONG_TEXT = "'The shop is closed.\\n'";

/** The chapters of a rolling service: a good release, one that ECS takes back, one that somebody takes back. */
export async function tellRolling(story: EcsStory): Promise<void> {
  const first = await firstRelease(story);
  await brokenRelease(story);
  await wrongRelease(story, first);
  await rollBack(story, first);
}

/** Gives the digest of its image. */
async function firstRelease(story: EcsStory): Promise<string> {
  const { narrator } = story;
  narrator.chapter('The first release');
  narrator.say(
    'The service runs a web server that the platform team made it with. One job builds the image and pushes it, registers a ' +
      'revision of the task definition that names it by digest, runs the migration with it, deploys it, and follows that ' +
      'very deployment. It is green when the running tasks report that digest.',
  );
  mustEnd(await release(story, { what: 'the first release', isKnown: false }), 0);
  const digest = await mustRun(story, { revision: 2, deployment: { status: 'SUCCESSFUL' } });
  await mustHaveMigrated(story, 2);
  return digest;
}

async function brokenRelease(story: EcsStory): Promise<void> {
  const { narrator, stage } = story;
  narrator.chapter('A release that ECS takes back');
  const edited = [...WANTS_DATABASE, FIRST_LINE];
  await editFile(join(stage.project.folder, SERVER), FIRST_LINE, edited.join('\n'));
  narrator.say(
    'app/server.mjs now wants a variable that the task definition does not have. Its tasks are simulated like all others: ' +
      'they write what the server would, and end with its exit code. The migration runs, as it does not want the variable.',
  );
  narrator.diff(WANTS_DATABASE.map((line) => `+ ${line}`));
  const again = playTasks(story, [
    { match: 'shop-web:3', times: 1, log: ['migrate: done'] },
    { match: 'shop-web:3', log: ['web: DATABASE_URL is not set'], exit: { after: '1s', exitCode: 1 } },
  ]);
  const { code, log } = await mustFail(
    await release(story, { what: 'a release that ECS takes back', commit: 'Read the prices from the database' }),
  );
  again();
  mustHold(code === EXIT_ROLLED_BACK, `the release ended with exit code ${code}, not ${EXIT_ROLLED_BACK}`);
  mustHold(log.includes('Essential container in task exited'), 'the message does not say why the tasks stopped');
  mustHold(log.includes('DATABASE_URL is not set'), 'the message does not have the last lines of the log');
  await mustRun(story, { revision: 2, deployment: { status: 'ROLLBACK_SUCCESSFUL', revision: 3 }, rejected: [3] });
  narrator.say(
    `The job is red, with exit code ${code}: failed, and rolled back. A tool that waits until the service is stable would ` +
      'have gone green here: it is, with the tasks of before.',
  );
}

async function wrongRelease(story: EcsStory, first: string): Promise<void> {
  const { narrator, stage } = story;
  const server = join(stage.project.folder, SERVER);
  narrator.chapter('A release that is wrong');
  await editFile(server, `${WANTS_DATABASE.join('\n')}\n`, '');
  await editFile(server, TRUE_TEXT, WRONG_TEXT);
  narrator.say('The variable is not wanted any more, and somebody has changed a text. That runs well:');
  narrator.diff([`- ${TRUE_TEXT}`, `+ ${WRONG_TEXT}`]);
  mustEnd(await release(story, { what: 'a release that is wrong', commit: 'Say it in other words' }), 0);
  const digest = await mustRun(story, { revision: 4, deployment: { status: 'SUCCESSFUL' } });
  mustHold(digest !== first, 'the image is the same, though a text in it changed');
  await mustHaveMigrated(story, 4);
}

async function rollBack(story: EcsStory, first: string): Promise<void> {
  const { narrator } = story;
  narrator.chapter('Back to the last release that was verified');
  narrator.say(
    'Customers call: the shop is not closed. Nothing of this can be known to AWS or to the pipeline. Somebody triggers it ' +
      'with the parameter roll_back, and it goes back to revision 2: revision 3 comes before 4, but never worked.',
  );
  mustEnd(
    await release(story, { what: 'back to the last verified release', flags: { pipelineParam: ['roll_back=true'] } }),
    0,
  );
  const digest = await mustRun(story, { revision: 2, deployment: { status: 'SUCCESSFUL' }, rejected: [3, 4] });
  mustHold(digest === first, 'the tasks run another image than that of the first release');
}

async function mustHaveMigrated({ aws, place, narrator }: EcsStory, revision: number): Promise<void> {
  const ended = (await aws.endedTasks(place)).filter((task) => task.revision === revision);
  mustHold(ended.length === 1, `${ended.length} migrations of revision ${revision} have run`);
  mustHold(ended[0]?.exitCode === 0, `the migration ended with exit code ${ended[0]?.exitCode}`);
  narrator.facts('And its migration', [['task', `of ${place.family}:${revision}, exit code 0`]]);
}
