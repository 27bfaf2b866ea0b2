import type { AwsSession } from '../session.ts';
import { openEcs, type EcsOperations } from './open-ecs.ts';

const opened = new WeakMap<AwsSession, EcsOperations>();

/**
 * ECS in a session. It is no member of the session, as the other services are, because no command that the orb installs
 * uses it yet: its client would be in the archive for nothing.
 */
export function ecsOf(session: AwsSession): EcsOperations {
  const known = opened.get(session);
  if (known) return known;
  const ecs = openEcs(session.settings);
  opened.set(session, ecs);
  return ecs;
}
