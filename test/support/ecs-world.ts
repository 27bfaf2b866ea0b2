import { ecsOf } from '../../src/aws/ecs/session-ecs.ts';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { EcsOperations } from '../../src/aws/ecs/open-ecs.ts';
import { openSession, type AwsSession } from '../../src/aws/session.ts';
import { systemClock } from '../../src/core/clock.ts';
import { startEcsStage, type EcsStage } from '../local-aws/ecs/ecs-stage.ts';
import { awsEnvironment } from './local-aws-world.ts';

export interface EcsWorld {
  /** What others do: a cluster `demo` with a task definition `web`, on a clock that stands still. */
  stage: EcsStage;
  /** What we do. */
  ecs: EcsOperations;
  session: AwsSession;
}

/** A local AWS for the tests of a file, back at the start before each of them, and a session on it. */
export function ecsWorldForTests(): () => EcsWorld {
  let stage: EcsStage;
  let world: EcsWorld;
  beforeAll(async () => {
    stage = await startEcsStage();
  });
  beforeEach(async () => {
    await stage.restart();
    const env = await awsEnvironment(stage.localAws, { AWS_REGION: 'eu-central-1' });
    const session = await openSession({ env, clock: systemClock, region: undefined, expectedAccountId: undefined });
    world = { stage, session, ecs: ecsOf(session) };
    stage.localAws.control.clearRequests();
  });
  afterAll(() => stage.close());
  return () => world;
}

export const WEB = { cluster: 'demo', service: 'web' };
