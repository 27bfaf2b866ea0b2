import { describe, expect, it } from '@jest/globals';
import type { DeploymentSnapshot } from '../../../src/plan/rollout/observation.ts';
import { prove, type Proof, type ProofRequest } from '../../../src/plan/rollout/proof.ts';
import {
  container,
  deployment,
  NEW,
  newerDeployment,
  OLD,
  oldDeployment,
  OURS,
  revisionArn,
  service,
  task,
} from './describe.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const PART = `sha256:${'b'.repeat(64)}`;
const OTHER_DIGEST = `sha256:${'c'.repeat(64)}`;
const INDEX: ProofRequest['partsOf'] = { [DIGEST]: { digests: [PART] } };
const SINGLE: ProofRequest['partsOf'] = { [DIGEST]: { digests: [] } };

/** Two tasks that run what was deployed. */
function proof(told: Partial<ProofRequest> = {}): Proof {
  return prove({
    ours: OURS,
    service: service([deployment({ rolloutState: 'COMPLETED' })]),
    revision: undefined,
    tasks: running(DIGEST, DIGEST),
    images: { web: `ghcr.io/acme/web@${DIGEST}` },
    ...told,
  });
}

function running(...digests: (string | undefined)[]): ProofRequest['tasks'] {
  return digests.map((digest) => task({ containers: [container({ digest })] }));
}

function resolved(digest: string | undefined): ProofRequest['revision'] {
  return {
    arn: revisionArn(1000),
    taskDefinition: NEW,
    images: [{ container: 'web', image: 'ghcr.io/acme/web:1', digest }],
  };
}

it('holds when every running task reports what was deployed', () => {
  expect(proof()).toEqual({
    holds: true,
    supersededBy: undefined,
    runningTasks: 2,
    missingTasks: 0,
    containers: [{ container: 'web', state: 'PROVEN', digest: DIGEST, text: undefined }],
    problems: [],
  });
});

describe('without a task that runs', () => {
  function without(counts: Partial<DeploymentSnapshot>): Proof {
    return proof({ service: service([deployment({ rolloutState: 'COMPLETED', ...counts })]), tasks: [] });
  }

  it.each<[string, Partial<DeploymentSnapshot>, boolean, number]>([
    ['it holds where none is to run', { desiredCount: 0, runningCount: 0, pendingCount: 0 }, true, 0],
    ['it holds while one is about to', { desiredCount: 2, runningCount: 0, pendingCount: 1 }, true, 2],
    ['it holds while AWS counts some', { desiredCount: 2, runningCount: 2, pendingCount: 0 }, true, 2],
    ['it does not where AWS counts none, either', { desiredCount: 2, runningCount: 0, pendingCount: 0 }, false, 2],
  ])('%s', (_what, counts, holds, missingTasks) => {
    expect(without(counts)).toMatchObject({ holds, missingTasks });
  });
});

describe('a container is', () => {
  it.each<[string, Partial<ProofRequest>, 'PROVEN' | 'UNKNOWN' | 'WRONG']>([
    ['proven by the image for its platform out of the index', { tasks: running(PART), partsOf: INDEX }, 'PROVEN'],
    [
      'proven by the digest to which AWS resolved the tag',
      { images: { web: 'ghcr.io/acme/web:1' }, revision: resolved(DIGEST) },
      'PROVEN',
    ],
    ['unknown when one task does not report a digest', { tasks: running(DIGEST, undefined) }, 'UNKNOWN'],
    ['unknown when no task runs', { tasks: [] }, 'UNKNOWN'],
    ['unknown when only tasks of other deployments run', { tasks: [task({ startedBy: 'ecs-svc/900' })] }, 'UNKNOWN'],
    [
      'unknown by a tag that AWS did not resolve',
      { images: { web: 'ghcr.io/acme/web:1' }, revision: resolved(undefined) },
      'UNKNOWN',
    ],
    ['unknown by another digest, when it could not be read what the index holds', { tasks: running(PART) }, 'UNKNOWN'],
    ['wrong by a digest that is not in the index', { tasks: running(OTHER_DIGEST), partsOf: INDEX }, 'WRONG'],
    [
      'wrong when one task of several runs something else',
      { tasks: running(DIGEST, OTHER_DIGEST), partsOf: SINGLE },
      'WRONG',
    ],
  ])('%s', (_why, told, state) => {
    expect(proof(told).containers[0]?.state).toBe(state);
  });

  it('proven when some tasks report the index and others a part of it', () => {
    expect(proof({ tasks: running(DIGEST, PART), partsOf: INDEX }).containers[0]?.state).toBe('PROVEN');
  });

  it('unknown with the other digest, so that what the first holds can be asked for', () => {
    expect(proof({ tasks: running(DIGEST, PART) }).containers[0]).toMatchObject({ digest: DIGEST, other: PART });
  });

  it('unknown with why what the index holds could not be read', () => {
    const partsOf = { [DIGEST]: { unread: 'not allowed' } };
    expect(proof({ tasks: running(PART), partsOf }).containers[0]).toMatchObject({
      state: 'UNKNOWN',
      text: `web was deployed as ${DIGEST} and reports ${PART}; what the first holds could not be read: not allowed`,
    });
  });

  it('told by name: another container of the task proves nothing', () => {
    const tasks = [task({ containers: [container({ name: 'proxy', digest: DIGEST })] })];
    expect(proof({ tasks }).containers[0]).toMatchObject({ state: 'UNKNOWN', digest: DIGEST });
  });
});

describe('it does not hold', () => {
  it.each<[string, Partial<ProofRequest>]>([
    ['when the service has another task definition', { service: service([deployment()], { taskDefinition: OLD }) }],
    [
      'when its primary deployment has another task definition',
      { service: service([oldDeployment({ status: 'PRIMARY' })]) },
    ],
    [
      'when the service revision has another task definition',
      { revision: { ...resolved(DIGEST)!, taskDefinition: OLD } },
    ],
    [
      'when a task of it runs another task definition',
      { tasks: [task({ taskDefinition: OLD, containers: [container({ digest: DIGEST })] })] },
    ],
    ['when a container runs another image', { tasks: running(OTHER_DIGEST), partsOf: SINGLE }],
  ])('%s', (_when, told) => {
    const { holds, problems } = proof(told);
    expect([holds, problems.length > 0]).toEqual([false, true]);
  });

  it('when a newer deployment has taken its place, and says which', () => {
    const now = service([newerDeployment({ taskDefinition: NEW }), deployment({ status: 'ACTIVE' })]);
    expect(proof({ service: now })).toMatchObject({ holds: false, supersededBy: 'ecs-svc/2000' });
  });
});

it('what is not known is no contradiction', () => {
  expect(proof({ tasks: [] })).toMatchObject({ holds: true, runningTasks: 0 });
});

it('a task that another deployment started does not count', () => {
  const others = task({ startedBy: 'ecs-svc/900', containers: [container({ digest: OTHER_DIGEST })] });
  expect(proof({ tasks: [...running(DIGEST), others], partsOf: SINGLE })).toMatchObject({
    holds: true,
    runningTasks: 1,
  });
});

it('a task that is not RUNNING yet does not count', () => {
  const tasks = [...running(DIGEST), task({ lastStatus: 'PENDING', containers: [container()] })];
  expect(proof({ tasks })).toMatchObject({ runningTasks: 1, containers: [{ state: 'PROVEN' }] });
});
