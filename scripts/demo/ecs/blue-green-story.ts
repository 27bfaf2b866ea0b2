import { join } from 'node:path';
import { editFile, mustEnd, mustHold, release } from '../story.ts';
import { mustRun, type EcsStory } from './ecs-story.ts';

const EXIT_NOT_APPROVED = 12;

/** The edit of app/server.mjs that the story tells. */
const OLD_PRICES = 'const PRICES = { apple: 30, pear: 35 };';
const NEW_PRICES = 'const PRICES = { apple: 30, pear: 3500 };';

/** The chapters of a service that is deployed blue/green: a pause, an approval; another one, and a rejection. */
export async function tellBlueGreen(story: EcsStory): Promise<void> {
  await pause(story);
  await goOn(story);
  await reject(story);
}

async function pause(story: EcsStory): Promise<void> {
  const { narrator, stage, aws, place } = story;
  narrator.chapter('Blue/green: a deployment that waits');
  narrator.say(
    `The other sample, examples/ecs-blue-green, has a project and a local AWS of its own: ${stage.project.folder} and ` +
      `${stage.aws.endpoint}. It deploys beside what runs: the new tasks first have the traffic of a test listener only. ` +
      'There the deployment pauses, and the pipeline ends at approvals that nobody gives yet.',
  );
  mustEnd(await release(story, { what: 'a deployment that waits' }), EXIT_NOT_APPROVED);
  const deployment = await aws.newestDeployment(place);
  mustHold(deployment?.isPaused === true && deployment.revision === 2, 'no deployment of revision 2 is paused');
  const { production, test } = deployment.traffic;
  mustHold(production === 0 && test === 100, `the new revision has ${production} % of the production traffic`);
  const { tasks } = await aws.service(place);
  const both = [1, 2].map((revision) => tasks.filter((task) => task.revision === revision).length);
  mustHold(both[0] === 2 && both[1] === 2, `${both[0]} old and ${both[1]} new tasks run`);
  const { tags } = await aws.revision(place, 2);
  mustHold(!('aws-deploy:verified' in tags), 'a release that nobody has approved is verified');
  narrator.facts('In the local AWS now', [
    ['deployment', `of ${place.family}:2: ${deployment.status}, paused at ${deployment.stage}`],
    ['tasks', `${both[0]} of ${place.family}:1 and ${both[1]} of ${place.family}:2`],
    ['traffic', `of ${place.family}:2: production ${production} %, test ${test} %`],
  ]);
}

async function goOn(story: EcsStory): Promise<void> {
  story.narrator.chapter('An approval');
  story.narrator.say(
    'Somebody has tried the new tasks and approves. The job after that ends the pause, and follows the deployment through ' +
      'the shift of the traffic and five minutes of bake time to its end.',
  );
  const flags = { from: ['approve'], approve: ['approve'] };
  mustEnd(await release(story, { what: 'an approval', flags }), 0);
  await mustRun(story, { revision: 2, deployment: { status: 'SUCCESSFUL' } });
}

async function reject(story: EcsStory): Promise<void> {
  const { narrator, stage } = story;
  narrator.chapter('A rejection');
  await editFile(join(stage.project.folder, 'app/server.mjs'), OLD_PRICES, NEW_PRICES);
  narrator.say(
    'The next release pauses like the first. But pears for 35 EUR? This time it is the other job that is approved.',
  );
  narrator.diff([`- ${OLD_PRICES}`, `+ ${NEW_PRICES}`]);
  const flags = { approve: ['reject'] };
  mustEnd(await release(story, { what: 'a rejection', commit: 'Raise the price of pears', flags }), EXIT_NOT_APPROVED);
  await mustRun(story, { revision: 2, deployment: { status: 'ROLLBACK_SUCCESSFUL', revision: 3 }, rejected: [3] });
}
