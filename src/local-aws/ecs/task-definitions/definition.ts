import type { TaskDefinition } from '@aws-sdk/client-ecs';

import { type EcsRegion, lastPart } from '../state.ts';
import type { Tags } from '../tags.ts';

/** A revision as it is kept: times are milliseconds since the epoch. */
export type StoredDefinition = Omit<TaskDefinition, 'registeredAt' | 'deregisteredAt' | 'deleteRequestedAt'> & {
  taskDefinitionArn: string;
  family: string;
  revision: number;
  registeredAt: number;
  deregisteredAt?: number;
  deleteRequestedAt?: number;
  tags: Tags;
};

/** `web:3` of a reference or an ARN; without a revision it is a bare family. Undefined for anything else. */
export function parseReference(reference: string): { family: string; revision?: number } | undefined {
  const match = /^([A-Za-z0-9_-]{1,255})(?::(\d+))?$/.exec(lastPart(reference));
  if (match === null) return undefined;
  return { family: match[1]!, ...(match[2] !== undefined && { revision: Number(match[2]) }) };
}

/** By family (the newest ACTIVE revision), `family:revision` or ARN. */
export function findDefinition(region: EcsRegion, reference: string): StoredDefinition | undefined {
  const wanted = parseReference(reference);
  if (wanted === undefined) return undefined;
  const revisions = region.taskDefinitions.get(wanted.family) ?? [];
  if (wanted.revision !== undefined) return revisions.find(({ revision }) => revision === wanted.revision);
  return revisions.findLast(({ status }) => status === 'ACTIVE');
}
