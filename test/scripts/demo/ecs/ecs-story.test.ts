import { describe, expect, it } from '@jest/globals';
import { mustRun, type EcsStory } from '../../../../scripts/demo/ecs/ecs-story.ts';
import type { DeploymentSeen, ServiceSeen } from '../../../../scripts/demo/ecs/ecs-view.ts';
import { WEB } from '../../../../scripts/demo/ecs/platform.ts';
import { createNarrator } from '../../../../scripts/demo/narrator.ts';
import { StoryError } from '../../../../scripts/demo/story.ts';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const OTHER = `sha256:${'f'.repeat(64)}`;

interface Held {
  service: ServiceSeen;
  tags: Readonly<Record<number, Readonly<Record<string, string>>>>;
  digests: string[];
  deployment: DeploymentSeen | undefined;
}

/** After a good release of revision 2. */
const GOOD: Held = {
  service: { revision: 2, desired: 1, tasks: [{ revision: 2, digest: DIGEST }] },
  tags: { 2: { 'aws-deploy:verified': 'now' }, 3: {} },
  digests: [DIGEST],
  deployment: {
    revision: 2,
    status: 'SUCCESSFUL',
    stage: undefined,
    isPaused: false,
    traffic: { production: 0, test: 0 },
  },
};

/** A story that is told of an AWS that holds this; gives what was written. */
function storyOf(held: Held): { story: EcsStory; written: () => string } {
  let text = '';
  const story = {
    narrator: createNarrator((part) => (text += part), false),
    pages: [],
    stage: {} as EcsStory['stage'],
    place: WEB,
    aws: {
      service: () => Promise.resolve(held.service),
      newestDeployment: () => Promise.resolve(held.deployment),
      revision: (_place, number) => Promise.resolve({ image: `r/shop-web@${DIGEST}`, tags: held.tags[number] ?? {} }),
      endedTasks: () => Promise.resolve([]),
      digests: () => Promise.resolve(held.digests),
      close: () => undefined,
    },
  } satisfies EcsStory;
  return { story, written: () => text };
}

describe('mustRun', () => {
  it('shows what runs, when it is as the story has it', async () => {
    const { story, written } = storyOf(GOOD);
    expect(await mustRun(story, { revision: 2, deployment: { status: 'SUCCESSFUL' } })).toBe(DIGEST);
    expect(written()).toContain('shop/web: 1 tasks of shop-web:2, which is verified');
  });

  it.each<[string, Partial<Held>, string]>([
    ['the service is set to another revision', { service: { ...GOOD.service, revision: 3 } }, 'set to shop-web:3'],
    ['ECR has no such image', { digests: [OTHER] }, `ECR has no image ${DIGEST}`],
    ['too few tasks run', { service: { ...GOOD.service, desired: 2 } }, '1 tasks run'],
    ['nothing is to run', { service: { ...GOOD.service, desired: 0, tasks: [] } }, '0 tasks run'],
    [
      'a task of another revision runs',
      { service: { ...GOOD.service, tasks: [{ revision: 1, digest: DIGEST }] } },
      'a task of shop-web:1 runs',
    ],
    [
      'a task reports another image',
      { service: { ...GOOD.service, tasks: [{ revision: 2, digest: OTHER }] } },
      `runs the image ${OTHER}`,
    ],
    ['it is not verified', { tags: {} }, 'shop-web:2 is not verified'],
    ['there was no deployment', { deployment: undefined }, 'not there, not SUCCESSFUL'],
    [
      'the deployment came out otherwise',
      { deployment: { ...GOOD.deployment!, status: 'ROLLBACK_SUCCESSFUL' } },
      'is ROLLBACK_SUCCESSFUL, not SUCCESSFUL',
    ],
    ['it was of another revision', { deployment: { ...GOOD.deployment!, revision: 1 } }, 'is of shop-web:1, not 2'],
  ])('ends the story where %s', async (_case, change, message) => {
    const { story } = storyOf({ ...GOOD, ...change });
    const told = mustRun(story, { revision: 2, deployment: { status: 'SUCCESSFUL' } });
    await expect(told).rejects.toThrow(StoryError);
    await expect(told).rejects.toThrow(message);
  });

  it('ends the story where what was left is not rejected', async () => {
    const told = mustRun(storyOf(GOOD).story, { revision: 2, deployment: { status: 'SUCCESSFUL' }, rejected: [3] });
    await expect(told).rejects.toThrow('shop-web:3 is not rejected');
  });
});
