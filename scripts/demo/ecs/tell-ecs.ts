import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openStage, type Stage } from '../stage.ts';
import { mustHold, type Telling } from '../story.ts';
import { tellBlueGreen } from './blue-green-story.ts';
import { quicken, type EcsStory } from './ecs-story.ts';
import { EcsView } from './ecs-view.ts';
import { API, CLUSTER, WEB, type Place } from './platform.ts';
import { tellRolling } from './rolling-story.ts';

export const ECS_TITLE = 'aws-deploy: releases of ECS services, without an account and without a network';

/** Releases of examples/ecs-service and examples/ecs-blue-green. */
export async function tellEcs(telling: Telling): Promise<void> {
  await tellSample(telling, 'examples/ecs-service', WEB, (story) => {
    introduce(story);
    return tellRolling(story);
  });
  await tellSample(telling, 'examples/ecs-blue-green', API, tellBlueGreen);
}

async function tellSample(
  { root, workshop, env, signal, narrator, pages }: Telling,
  sample: string,
  place: Place,
  tell: (story: EcsStory) => Promise<void>,
): Promise<void> {
  const stage = await openStage(workshop, join(root, sample), { env, signal });
  const aws = new EcsView(stage.aws.endpoint);
  const story = { stage, aws, place, narrator, pages };
  try {
    await lookEverySecond(stage, place);
    await stage.project.commit('First commit');
    quicken(story);
    await tell(story);
  } finally {
    aws.close();
    await stage.close();
  }
}

/** Has the jobs look at a deployment every second, so that nobody waits for the next look. */
async function lookEverySecond({ project }: Stage, { service }: Place): Promise<void> {
  const path = join(project.folder, '.circleci/config.yml');
  const text = await readFile(path, 'utf8');
  const line = `          service: ${service}\n`;
  mustHold(text.includes(line), `${path} does not name the service`);
  await writeFile(path, text.replaceAll(line, `${line}          poll_interval: 1s\n`));
}

function introduce({ narrator, stage: { aws, project }, place }: EcsStory): void {
  narrator.say(
    `The project is a git repository with a copy of examples/ecs-service: ${project.folder}. Its pipeline is compiled with the orb ` +
      'that is generated from these sources, and its jobs run step by step on this machine, each in a fresh clone, as ' +
      '"aws-deploy local run" does it. Other than in the sample, they look at deployments every second.',
  );
  narrator.say(
    `Its local AWS answers at ${aws.endpoint}. What a platform team makes once is there: the ECR repository ` +
      `${place.family}, the cluster ${CLUSTER} with the service ${place.service}, the role of CircleCI. Tasks of ECS are ` +
      'simulated: no container runs, but deployments go as they do on AWS, on a clock that is faster. What it holds is read ' +
      'with the AWS SDK.',
  );
}
