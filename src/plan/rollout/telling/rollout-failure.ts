import { DeployError } from '../../../core/errors.ts';
import type { Rollout } from '../track.ts';
import { ROLLOUT_EXIT, type FinalState } from '../verdict.ts';
import { digestHints } from './failure-digest.ts';

/** How the error of each end is called, and how its sentence about the deployment goes on. */
const ENDS: Readonly<Record<Exclude<FinalState, 'SUCCEEDED'> | 'PAUSED', { code: string; says: string }>> = {
  ROLLED_BACK: { code: 'ecs.rolled_back', says: 'was rolled back' },
  FAILED: { code: 'ecs.deployment_failed', says: 'failed' },
  STOPPED: { code: 'ecs.deployment_stopped', says: 'was stopped' },
  SUPERSEDED: { code: 'ecs.superseded', says: 'was superseded' },
  TIMED_OUT: { code: 'ecs.timed_out', says: 'timed out' },
  PAUSED: { code: 'ecs.paused', says: 'is paused' },
};

export interface RolloutFailureParts {
  service: string;
  rollout: Pick<Rollout, 'ours' | 'verdict'>;
  /** As failureDigest gives it. */
  digest: readonly string[];
  /** What to do next, before the advice on the digest. */
  hints: readonly string[];
}

/** The error for a deployment that did not come to what was asked for; undefined for one that succeeded or goes on. */
export function rolloutFailure({ service, rollout, digest, hints }: RolloutFailureParts): DeployError | undefined {
  const { state, cause, evidence } = rollout.verdict;
  if (!(state in ENDS)) return undefined;
  const end = state as keyof typeof ENDS;
  const { code, says } = ENDS[end];
  const because = cause ? `: ${cause.text}` : '';
  return new DeployError({
    code,
    title: `the deployment of ${service} ${says}${because}`,
    message:
      [...evidence, ...digest.filter((line) => !evidence.includes(line))].join('\n') ||
      `It was deployment ${rollout.ours.id}.`,
    hints: [...hints, ...digestHints(digest)],
    exitCode: ROLLOUT_EXIT[end],
  });
}
