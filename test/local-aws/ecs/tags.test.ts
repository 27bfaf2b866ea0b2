import { ListTagsForResourceCommand, TagResourceCommand, UntagResourceCommand } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { failureOf } from '../clients.ts';
import { type EcsStage, startEcsStage } from './ecs-stage.ts';

const CLUSTER = 'arn:aws:ecs:eu-central-1:123456789012:cluster/demo';
const SERVICE = 'arn:aws:ecs:eu-central-1:123456789012:service/demo/web';
const DEFINITION = 'arn:aws:ecs:eu-central-1:123456789012:task-definition/web:1';

let stage: EcsStage;
beforeAll(async () => {
  stage = await startEcsStage();
});
afterAll(() => stage.close());
beforeEach(async () => {
  await stage.restart();
  await stage.createService();
});

function tag(resourceArn: string, tags: { key?: string; value?: string }[]): Promise<unknown> {
  return stage.ecs.send(new TagResourceCommand({ resourceArn, tags }));
}

function untag(resourceArn: string, tagKeys: string[]): Promise<unknown> {
  return stage.ecs.send(new UntagResourceCommand({ resourceArn, tagKeys }));
}

async function tagsOf(resourceArn: string) {
  const { tags } = await stage.ecs.send(new ListTagsForResourceCommand({ resourceArn }));
  return tags;
}

describe('tags', () => {
  it.each([
    ['a cluster', CLUSTER],
    ['a service', SERVICE],
    ['a revision', DEFINITION],
  ])('of %s are added, replaced and taken away', async (_title, arn) => {
    await tag(arn, [
      { key: 'a', value: '1' },
      { key: 'b', value: '2' },
    ]);
    await tag(arn, [{ key: 'a', value: '3' }]);
    await untag(arn, ['b', 'never-there']);
    expect(await tagsOf(arn)).toEqual([{ key: 'a', value: '3' }]);
  });

  it('belong to one revision: the next one has none of them', async () => {
    await tag(DEFINITION, [{ key: 'a', value: '1' }]);
    expect(await tagsOf(await stage.register())).toEqual([]);
  });

  it.each([
    ['a reserved key', [{ key: 'aws:x', value: '' }]],
    ['no key', [{ value: 'x' }]],
    ['a character that is not allowed', [{ key: 'a', value: 'ü"' }]],
    ['too many', Array.from({ length: 51 }, (_none, index) => ({ key: `k${index}`, value: '' }))],
  ])('with %s are refused', async (_title, tags) => {
    expect(await failureOf(tag(CLUSTER, tags))).toMatchObject({ name: 'InvalidParameterException' });
  });

  it.each([
    ['a cluster', `${CLUSTER}x`],
    ['a service', `${SERVICE}x`],
    ['a revision', DEFINITION.replace(':1', ':7')],
  ])('of %s that is not there are refused', async (_title, arn) => {
    for (const call of [tagsOf(arn), tag(arn, [{ key: 'a', value: '1' }]), untag(arn, ['a'])]) {
      expect(await failureOf(call)).toMatchObject({ name: 'InvalidParameterException' });
    }
  });
});
