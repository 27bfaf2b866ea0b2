import type { DescribedTaskDefinition } from '../../../src/plan/task-definition/described.ts';
import { withTags } from '../../../src/plan/task-definition/tags.ts';

/** A revision of `web` that says something. */
export function revision(
  number: number,
  content: string,
  tags: Readonly<Record<string, string>> = {},
): DescribedTaskDefinition {
  const environment = [{ name: 'CONTENT', value: content }];
  const definition = { family: 'web', containerDefinitions: [{ name: 'app', image: 'web:1', environment }] };
  const ours = Object.entries(tags).map(([name, value]) => [`aws-deploy:${name}`, value]);
  return {
    arn: `arn:aws:ecs:eu-west-1:123456789012:task-definition/web:${number}`,
    family: 'web',
    revision: number,
    status: 'ACTIVE',
    definition: withTags(definition, Object.fromEntries(ours)),
  };
}

export const VERIFIED = { verified: '2026-11-01T00:00:00.000Z' };
export const REJECTED = { rejected: '2026-11-10T00:00:00.000Z' };
export const VERIFIED_AGAIN = { verified: '2026-11-20T00:00:00.000Z' };
