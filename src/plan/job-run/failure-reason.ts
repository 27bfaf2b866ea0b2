import { adviceOn, PULL_ADVICE, type Advice } from '../failure-text.ts';

/** What AWS says about failed attempts, and what helps. */
const HINTS: Advice = [
  [/CannotPullContainerError|CannotPullECRContainer|pull image/i, PULL_ADVICE],
  [
    /OutOfMemory/i,
    'The container needed more memory than it has: raise MEMORY in resourceRequirements of the job definition.',
  ],
  [
    /attempt duration exceeded timeout/i,
    'The attempt took longer than the timeout of the job definition: raise timeout, or make the job shorter.',
  ],
  [
    /^Host EC2 .* terminated|Spot/i,
    'The instance went away under the job: allow retries (retryStrategy with evaluateOnExit on "Host EC2*").',
  ],
  [
    /ResourceInitializationError/i,
    'The task could not be set up: check the execution role, the secrets that the definition names, and the way out of the subnet.',
  ],
  [
    /CannotStartContainerError|executable file not found/i,
    'The command does not exist in the image: check command and ENTRYPOINT.',
  ],
  [
    /DockerTimeoutError/i,
    'The container did not start in time: the image may be too large for the disk or the instance too busy.',
  ],
];

/** Advice on the reasons with which AWS ended a job, each once. */
export function failureHints(reasons: readonly (string | undefined)[]): string[] {
  return adviceOn(reasons, HINTS);
}
