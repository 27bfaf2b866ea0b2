import { deployError, isAmbiguous, isThrottling } from '../../aws/errors.ts';
import type { AwsSession } from '../../aws/session.ts';
import type { DeployError } from '../../core/errors.ts';
import { afterFailure, crediblePassed, untilHeartbeat, type FailureKind } from '../../plan/waiting/polling.ts';
import type { ActionContext } from '../context.ts';

/** Looks at something on AWS until it ends: what fails in passing is asked again, and something is said every minute. */
export class PatientLook {
  readonly #session: AwsSession;
  readonly #context: ActionContext;
  readonly #still: (waitedMs: number, isUnseen: boolean) => string | Promise<string>;
  #began: number;
  #waitedMs = 0;
  #silentMs = 0;
  #failures = 0;
  #isRenewed = false;

  /** @param still what is said when nothing is new; `isUnseen` when the last look failed */
  constructor(
    session: AwsSession,
    context: ActionContext,
    still: (waitedMs: number, isUnseen: boolean) => string | Promise<string>,
  ) {
    this.#session = session;
    this.#context = context;
    this.#still = still;
    this.#began = context.clock.now().getTime();
  }

  get waitedMs(): number {
    return this.#waitedMs;
  }

  /** Looks that failed in a row. */
  get failures(): number {
    return this.#failures;
  }

  /**
   * Undefined when it can't be seen now, but maybe later. Throws when looking again does not help.
   * @param call the operation that is under way, in IAM's spelling
   * @param canDoWithout whether to look again all the same
   */
  async look<T>(
    look: () => Promise<T>,
    call: () => string,
    resource: string,
    canDoWithout: (error: DeployError) => Promise<boolean> = async () => false,
  ): Promise<T | undefined> {
    for (;;) {
      try {
        const seen = await look();
        this.#failures = 0;
        this.#isRenewed = false;
        return seen;
      } catch (error) {
        const told = deployError(error, call(), resource);
        switch (afterFailure(failureKind(error, told), this.#isRenewed)) {
          case 'again-later':
            this.#failures += 1;
            if (this.#failures === 1) this.say(`${told.title.replace(/: gave up.*/, '')}; asking less often`);
            return undefined;
          case 'renew-and-again':
            if (!(await this.#session.renewCredentials())) throw told;
            this.#isRenewed = true;
            this.say('The AWS credentials had expired and were renewed');
            break;
          case 'end':
            if (!(await canDoWithout(told))) throw told;
        }
      }
    }
  }

  /** Gives how long the look and the pause after it took, in milliseconds. */
  async pause(ms: number): Promise<number> {
    const { clock, signal } = this.#context;
    let left = ms;
    while (left > 0) {
      const slice = Math.min(left, untilHeartbeat(this.#silentMs));
      await clock.sleep(slice, signal);
      left -= slice;
      this.#silentMs += slice;
      const waitedMs = this.#waitedMs + ms - left;
      if (untilHeartbeat(this.#silentMs) === 0) this.say(await this.#still(waitedMs, this.#failures > 0));
    }
    const now = clock.now().getTime();
    const passed = crediblePassed(now - this.#began, ms);
    this.#began = now;
    this.#waitedMs += passed;
    return passed;
  }

  say(text: string, level: 'info' | 'warn' = 'info'): void {
    this.wasHeard();
    this.#context.progress[level](text);
  }

  /** Somebody else has said something: the log. */
  wasHeard(): void {
    this.#silentMs = 0;
  }
}

function failureKind(error: unknown, { code }: DeployError): FailureKind {
  if (isThrottling(error) || isAmbiguous(error)) return 'passing';
  return code === 'aws.expired_credentials' ? 'expired' : 'lasting';
}
