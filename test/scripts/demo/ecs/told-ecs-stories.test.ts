import { afterEach, expect, it } from '@jest/globals';
import { tellBlueGreen } from '../../../../scripts/demo/ecs/blue-green-story.ts';
import type { EcsStory } from '../../../../scripts/demo/ecs/ecs-story.ts';
import { EcsView } from '../../../../scripts/demo/ecs/ecs-view.ts';
import { API, WEB, type Place } from '../../../../scripts/demo/ecs/platform.ts';
import { tellRolling } from '../../../../scripts/demo/ecs/rolling-story.ts';
import { StoryError } from '../../../../scripts/demo/story.ts';
import { startLocalAws, type LocalAws } from '../../../../src/local-aws/server.ts';
import { idleStory } from '../idle-story.ts';

let localAws: LocalAws | undefined;
let aws: EcsView | undefined;
afterEach(async () => {
  aws?.close();
  await localAws?.close();
});

it.each<[string, string, Place, (story: EcsStory) => Promise<void>, number, string]>([
  ['rolling', 'goes on', WEB, tellRolling, 0, 'the service is set to shop-web:1, not shop-web:2'],
  ['rolling', 'fails', WEB, tellRolling, 1, 'the pipeline ended with exit code 1, not 0'],
  ['blue/green', 'stops at the approvals', API, tellBlueGreen, 12, 'no deployment of revision 2 is paused'],
  ['blue/green', 'does not stop', API, tellBlueGreen, 0, 'the pipeline ended with exit code 0, not 12'],
])('the %s story ends where the pipeline %s and did nothing', async (_kind, _case, place, tell, exitCode, message) => {
  const sample = place === WEB ? 'examples/ecs-service' : 'examples/ecs-blue-green';
  localAws = await startLocalAws({ scenario: `${sample}/.circleci/local-aws.yml` });
  aws = new EcsView(localAws.endpoint);
  const told = tell({ ...(await idleStory(sample, localAws, exitCode)), aws, place });
  await expect(told).rejects.toThrow(StoryError);
  await expect(told).rejects.toThrow(message);
});
