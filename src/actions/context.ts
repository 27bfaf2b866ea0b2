import type { AwsSession } from '../aws/session.ts';
import type { JobEnvironment } from '../circleci/job-environment.ts';
import type { RecordEntry } from '../circleci/release-record.ts';
import type { Clock } from '../core/clock.ts';
import type { DeployError } from '../core/errors.ts';
import type { ProgressWithOutput } from '../core/progress.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The outside world as an action sees it. */
export interface ActionContext {
  env: Environment;
  /** Absolute; relative paths in inputs are resolved against it. */
  cwd: string;
  clock: Clock;
  progress: ProgressWithOutput;
  /** Masks these values too, from now on, in everything that is said and written. */
  hide(values: readonly string[]): void;
  /** Aborted by SIGINT and SIGTERM. */
  signal: AbortSignal;
  job: JobEnvironment;
  /** `~/.aws-deploy`: results, the release record, the OIDC token. */
  stateFolder: string;
  /**
   * Who we are on AWS, printed and checked against the expected account. Nothing is called on AWS before; so it
   * comes after every check of the inputs.
   * @param variables win over the environment: an identity that is only just being taken on
   */
  openSession(
    inputs: { region: string | undefined; expectedAccountId: string | undefined },
    variables?: Readonly<Record<string, string>>,
  ): Promise<AwsSession>;
  /** What earlier actions of this workflow left; on CircleCI always, elsewhere only when it was asked for. */
  readRecord(asked: boolean): Promise<RecordEntry[]>;
  /**
   * Without it, a cancel ends all calls to AWS at once. With it, `finish` runs first, while calls go on; it has a few
   * seconds, does not reject, and says how the action ends. Throws when the action is canceled already, so that nothing
   * is begun that would have to be finished.
   * @returns what takes it back
   */
  whenCanceled(finish: () => Promise<DeployError>): () => void;
}
