import type { AwsSession } from '../session.ts';
import { openEcs, type EcsOperations } from './open-ecs.ts';

const opened = new WeakMap<AwsSession, EcsOperations>();

/**
 * ECS in a session. It is no member of the session, as the other services are: so it is in one file with the work that needs
 * it, and no other command loads anything of it.
 */
export function ecsOf(session: AwsSession): EcsOperations {
  const known = opened.get(session);
  if (known) return known;
  const ecs = openEcs(session.settings);
  opened.set(session, ecs);
  return ecs;
}
