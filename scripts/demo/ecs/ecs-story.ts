import { isJsonObject, type JsonObject } from '../../../src/core/json.ts';
import { mustHold, shortened, type Story } from '../story.ts';
import type { DeploymentSeen, EcsView } from './ecs-view.ts';
import { CLUSTER, type Place } from './platform.ts';

/** What every chapter of the story of a service has at hand. */
export interface EcsStory extends Story {
  aws: Pick<EcsView, keyof EcsView>;
  place: Place;
}

/** So much faster than real time goes the clock of the local AWS: ECS lets more and more of it pass before it tries again. */
const CLOCK_RATE = 20;

/** Has the local AWS keep the time of the story. */
export function quicken({ stage }: Pick<EcsStory, 'stage'>): void {
  stage.aws.control.setRate(CLOCK_RATE);
}

/** What tasks do from now on, where they don't just run: rules of `ecs.tasks`, before those of the sample. */
export function playTasks({ stage: { aws } }: Pick<EcsStory, 'stage'>, rules: readonly JsonObject[]): () => void {
  const before = aws.control.scenario();
  const ecs = isJsonObject(before['ecs']) ? before['ecs'] : {};
  const tasks = Array.isArray(ecs['tasks']) ? ecs['tasks'] : [];
  aws.control.setScenario({ ...before, ecs: { ...ecs, tasks: [...rules, ...tasks] } });
  return () => aws.control.setScenario(before);
}

export interface Wanted {
  /** The service is to run it, and nothing else. */
  revision: number;
  /** How its newest deployment came out, and of which revision it was. */
  deployment: Pick<DeploymentSeen, 'status'> & Partial<DeploymentSeen>;
  /** Revisions that are to be tagged as rejected. */
  rejected?: readonly number[];
}

/**
 * Holds what runs against what is to run, by digest, and shows it.
 * @throws StoryError
 */
export async function mustRun({ aws, place, narrator }: EcsStory, wanted: Wanted): Promise<string> {
  const { revision, deployment, rejected = [] } = wanted;
  const { family } = place;
  const service = await aws.service(place);
  mustHold(
    service.revision === revision,
    `the service is set to ${family}:${service.revision}, not ${family}:${revision}`,
  );
  const { image, tags } = await aws.revision(place, revision);
  const digest = image.slice(image.indexOf('@') + 1);
  const pushed = await aws.digests(place);
  mustHold(pushed.includes(digest), `ECR has no image ${digest}`);
  mustHold(service.tasks.length === service.desired && service.desired > 0, `${service.tasks.length} tasks run`);
  for (const task of service.tasks) {
    mustHold(task.revision === revision, `a task of ${family}:${task.revision} runs`);
    mustHold(task.digest === digest, `a task runs the image ${task.digest}, not ${digest}`);
  }
  mustHold('aws-deploy:verified' in tags, `${family}:${revision} is not verified`);
  const newest = await aws.newestDeployment(place);
  mustHold(
    newest !== undefined && newest.status === deployment.status,
    `the newest deployment is ${newest?.status ?? 'not there'}, not ${deployment.status}`,
  );
  const ofRevision = deployment.revision ?? revision;
  mustHold(
    newest.revision === ofRevision,
    `the newest deployment is of ${family}:${newest.revision}, not ${ofRevision}`,
  );
  for (const number of rejected) {
    const left = await aws.revision(place, number);
    mustHold('aws-deploy:rejected' in left.tags, `${family}:${number} is not rejected`);
  }
  narrator.facts('In the local AWS now', [
    [
      'service',
      `${CLUSTER}/${place.service}: ${service.tasks.length} tasks of ${family}:${revision}, which is verified`,
    ],
    ['image', `${shortened(`${family}@${digest}`)}, as the tasks report it`],
    ['deployment', `of ${family}:${newest.revision}: ${newest.status}`],
    ...rejected.map((number) => ['rejected', `${family}:${number}`] as const),
  ]);
  return digest;
}
