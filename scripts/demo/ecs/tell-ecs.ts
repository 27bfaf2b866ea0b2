import { StoryError, type Telling } from '../story.ts';

export const ECS_TITLE = 'aws-deploy: releases of ECS services, without an account and without a network';

/** Releases of examples/ecs-service and examples/ecs-blue-green. */
export async function tellEcs(_telling: Telling): Promise<void> {
  throw new StoryError('it is not written yet');
}
