import type { ComputeEnvironmentDetail, JobDefinition, JobQueueDetail } from '@aws-sdk/client-batch';

import { type JsonValue, stableStringify } from '../../core/json.ts';
import { AwsError } from '../aws-error.ts';
import type { JsonCall } from '../json-protocol.ts';
import { partitionOf } from '../request-region.ts';
import type { World } from '../service.ts';
import type { Job } from './jobs/job.ts';

/** What Batch keeps in one region. All of it is plain JSON, as nothing in it is a Date or bytes. */
export interface BatchRegion {
  /** By name. */
  computeEnvironments: Map<string, ComputeEnvironmentDetail>;
  /** By name. */
  jobQueues: Map<string, JobQueueDetail>;
  /** By name: all revisions, the oldest first; those that were deregistered stay. */
  jobDefinitions: Map<string, JobDefinition[]>;
  /** By ID; the children of an array as `ID:index`. */
  jobs: Map<string, Job>;
  /** How many jobs were ever submitted. */
  submitted: number;
}

/** Where the handlers find what they work on. */
export interface BatchState {
  world: World;
  region(name: string): BatchRegion;
  /** By name. */
  regions: ReadonlyMap<string, BatchRegion>;
  snapshot(): JsonValue;
  restore(snapshot: JsonValue): void;
  reset(): void;
}

export function batchState(world: World): BatchState {
  const regions = new Map<string, BatchRegion>();
  const region = (name: string): BatchRegion => {
    const known = regions.get(name);
    if (known !== undefined) return known;
    const fresh: BatchRegion = {
      computeEnvironments: new Map(),
      jobQueues: new Map(),
      jobDefinitions: new Map(),
      jobs: new Map(),
      submitted: 0,
    };
    regions.set(name, fresh);
    return fresh;
  };
  return {
    world,
    region,
    regions,
    snapshot: () => snapshotOf(regions),
    restore(snapshot) {
      regions.clear();
      for (const [name, kinds] of Object.entries(snapshot as object as Snapshot)) {
        const restored = structuredClone(kinds);
        regions.set(name, {
          computeEnvironments: new Map(Object.entries(restored.computeEnvironments)),
          jobQueues: new Map(Object.entries(restored.jobQueues)),
          jobDefinitions: new Map(Object.entries(restored.jobDefinitions)),
          jobs: new Map(Object.entries(restored.jobs ?? {})),
          submitted: restored.submitted ?? 0,
        });
      }
    },
    reset: () => regions.clear(),
  };
}

type Snapshot = Record<
  string,
  {
    computeEnvironments: Record<string, ComputeEnvironmentDetail>;
    jobQueues: Record<string, JobQueueDetail>;
    jobDefinitions: Record<string, JobDefinition[]>;
    jobs?: Record<string, Job>;
    submitted?: number;
  }
>;

/** By region and kind. Regions that were only asked hold nothing that could be observed. */
function snapshotOf(regions: ReadonlyMap<string, BatchRegion>): JsonValue {
  const used = [...regions].filter(([, { submitted, ...kinds }]) =>
    Object.values(kinds).some((kind: Map<string, unknown>) => kind.size > 0 || submitted > 0),
  );
  const plain = used.map(([name, { submitted, ...kinds }]) => [
    name,
    {
      submitted,
      ...Object.fromEntries(
        Object.entries(kinds).map(([kind, byName]) => [kind, Object.fromEntries(byName as Map<string, unknown>)]),
      ),
    },
  ]);
  return JSON.parse(stableStringify(Object.fromEntries(plain) as JsonValue)) as JsonValue;
}

/** `arn:aws:batch:us-east-1:123456789012:job-definition/crawl:3` from `job-definition/crawl:3`. */
export function batchArn(world: World, region: string, resource: string): string {
  return `arn:${partitionOf(region)}:batch:${region}:${world.accountId}:${resource}`;
}

/** The part of a name-or-ARN that names it: `crawl:3` of `…:job-definition/crawl:3`. */
export function nameOf(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? nameOrArn.slice(nameOrArn.indexOf('/') + 1) : nameOrArn;
}

/** What Batch says of nearly every wrong request. */
export function clientException(text: string): AwsError {
  return new AwsError('ClientException', text);
}

/** A mistake that only the service behind Batch's front door found, which it words like this. */
export function requestException(text: string, call: JsonCall): AwsError {
  return clientException(`Error executing request, Exception : ${text}, RequestId: ${call.request.requestId ?? ''}`);
}

/** Makes the error of a text. The caller throws it, so that the compiler sees that it ends there. */
export type Fail = (text: string) => Error;
