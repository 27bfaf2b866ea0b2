import type { JsonObject, JsonValue } from '../../core/json.ts';

/** Is a definition made for Fargate? */
export function isForFargate({ requiresCompatibilities: kinds }: JsonObject): boolean {
  return Array.isArray(kinds) && kinds.includes('FARGATE');
}

/** Do tasks that are started with these run on Fargate? @param providers names of capacity providers */
export function runsOnFargate(
  launchType: JsonValue | undefined,
  providers: readonly (JsonValue | undefined)[],
): boolean {
  return launchType === 'FARGATE' || providers.some((name) => String(name).startsWith('FARGATE'));
}
