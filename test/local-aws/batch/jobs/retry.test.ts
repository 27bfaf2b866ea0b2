import type { EvaluateOnExit } from '@aws-sdk/client-batch';
import { describe, expect, it } from '@jest/globals';

import type { Outcome } from '../../../../src/local-aws/batch/jobs/job-rules.ts';
import { isRetried } from '../../../../src/local-aws/batch/jobs/retry.ts';

const SPOT: Outcome = { statusReason: 'Host EC2 (instance i-0a) terminated.' };
const EXIT_ALL: EvaluateOnExit = { action: 'EXIT', onReason: '*' };

describe('a failed attempt', () => {
  it.each<[string, Outcome, EvaluateOnExit[], boolean]>([
    ['without rules', { exitCode: 1 }, [], true],
    ['that no rule fits', { exitCode: 1 }, [{ action: 'EXIT', onExitCode: '2' }], true],
    ['whose exit code says EXIT', { exitCode: 2 }, [{ action: 'EXIT', onExitCode: '2' }], false],
    ['whose exit code starts so', { exitCode: 137 }, [{ action: 'EXIT', onExitCode: '13*' }], false],
    ['whose exit code only starts so', { exitCode: 137 }, [{ action: 'EXIT', onExitCode: '13' }], true],
    ['that the first rule retries', SPOT, [{ action: 'RETRY', onStatusReason: 'Host EC2*' }, EXIT_ALL], true],
    [
      'that only the last rule fits',
      { exitCode: 1 },
      [{ action: 'RETRY', onStatusReason: 'Host EC2*' }, EXIT_ALL],
      false,
    ],
    [
      'that fits a rule in part only',
      { exitCode: 1, reason: 'other' },
      [{ action: 'EXIT', onExitCode: '1', onReason: 'OutOfMemory*' }],
      true,
    ],
    ['without an exit code', SPOT, [{ action: 'EXIT', onExitCode: '1' }], true],
    ['by an action in small letters', { exitCode: 1 }, [{ action: 'exit' as 'EXIT', onExitCode: '*' }], false],
  ])('%s', (_name, outcome, evaluateOnExit, expected) => {
    expect(isRetried({ attempts: 3, evaluateOnExit }, 1, outcome)).toBe(expected);
  });

  it('is not followed by more attempts than there are', () => {
    expect([1, 2].map((attempts) => isRetried({ attempts: 2 }, attempts, { exitCode: 1 }))).toEqual([true, false]);
  });
});
