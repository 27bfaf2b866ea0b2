import { isAmbiguous, isThrottling } from '../../aws/errors.ts';
import type { LogOperations, LogPosition } from '../../aws/logs.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import type { JobContainer, JobDescription, LogPlace } from '../../plan/job-run/job-description.ts';
import { logLink } from '../../plan/job-run/log-link.ts';
import type { ActionContext } from '../context.ts';

type Stream = Extract<LogPlace, { kind: 'stream' }>;

interface Followed extends Stream {
  container: string;
  position: LogPosition;
  /** The last ones that were shown. */
  lines: string[];
}

const LAST_LINES = 20;
/** Output may arrive after the end: so often, in these pauses, nothing more has to come until it is complete. */
const LAST_LOOKS = 5;
const LAST_LOOK_MS = 2000;
/** Of 10,000 lines at most. The rest is read at the next look. */
const MOST_PAGES_AT_ONCE = 20;

/** What has containers that write, and had others before: a job, or tasks. */
export type Logging = Pick<JobDescription, 'attempts' | 'containers'>;

/** Shows the output of a job as it comes, each line once. What can't be read is said once: the job counts, not its log. */
export class LogFollower {
  readonly #session: AwsSession;
  readonly #progress: ActionContext['progress'];
  readonly #what: string;
  readonly #streams = new Map<string, Followed>();
  readonly #said = new Set<string>();
  /** Groups, or the whole service, that are not asked again. */
  readonly #closed = new Set<string>();

  /** @param what writes, as the user knows it */
  constructor(session: AwsSession, progress: ActionContext['progress'], what: 'job' | 'task' = 'job') {
    this.#session = session;
    this.#progress = progress;
    this.#what = what;
  }

  /** The last lines that were shown of the last attempt, the newest at the end. */
  get lastLines(): readonly string[] {
    const lastOfContainers = new Map([...this.#streams.values()].map((stream) => [stream.container, stream]));
    return [...lastOfContainers.values()].flatMap(({ lines }) => lines).slice(-LAST_LINES);
  }

  /** The address of the stream that tells most: the last one that was begun. */
  get link(): string | undefined {
    const last = [...this.#streams.values()].at(-1);
    return last && logLink({ ...last, region: last.region ?? this.#session.region });
  }

  /** Shows what is new in the streams of a job. Gives how many lines that were. */
  async show(job: Logging): Promise<number> {
    for (const container of [...job.attempts.flatMap(({ containers }) => containers), ...job.containers])
      this.#meet(container);
    let shown = 0;
    for (const stream of this.#streams.values()) shown += await this.#showNew(stream);
    return shown;
  }

  /** Waits for what comes after the end, and says which logs never came. @param show tells how many lines it has shown */
  async showLast(show: () => Promise<number>, { clock, signal }: ActionContext): Promise<void> {
    for (let look = 0; look < LAST_LOOKS && this.#streams.size > 0; look++) {
      await clock.sleep(LAST_LOOK_MS, signal);
      if ((await show()) === 0) break;
    }
    this.sayMissing();
  }

  /** Says which logs never came; for the end, when no more can come. */
  sayMissing(): void {
    for (const { stream, group, position } of this.#streams.values()) {
      if (position.token === undefined && !this.#closed.has(group)) {
        this.#sayOnce(`There is no log: the stream ${stream} of ${group} was never written`);
      }
    }
  }

  #meet({ name, log }: JobContainer): void {
    if (log?.kind === 'elsewhere') {
      this.#sayOnce(
        `The output of the ${this.#what} goes to ${log.driver} and not to CloudWatch Logs, so that it is not shown here`,
      );
    }
    if (log?.kind !== 'stream') return;
    const key = `${log.region ?? ''} ${log.group} ${log.stream}`;
    if (this.#streams.has(key)) return;
    this.#streams.set(key, { ...log, container: name, position: { token: undefined, from: undefined }, lines: [] });
  }

  async #showNew(stream: Followed): Promise<number> {
    let shown = 0;
    for (let page = 0; page < MOST_PAGES_AT_ONCE; page++) {
      const read = this.#closed.has(stream.group) ? undefined : await this.#read(stream);
      if (!read) return shown;
      stream.position = read.next;
      for (const { message } of read.events) shown += this.#line(stream, message);
      if (read.isEnd) return shown;
    }
    return shown;
  }

  #line(stream: Followed, message: string): number {
    const lines = message.replace(/\r?\n$/, '').split(/\r?\n/);
    const texts = stream.container === '' ? lines : lines.map((line) => `${stream.container}: ${line}`);
    for (const text of texts) this.#progress.output(text);
    stream.lines = [...stream.lines, ...texts].slice(-LAST_LINES);
    return lines.length;
  }

  /** Undefined when there is nothing to read now, or ever. */
  async #read(
    stream: Followed,
  ): Promise<Extract<Awaited<ReturnType<LogOperations['read']>>, { kind: 'events' }> | undefined> {
    try {
      const page = await (await this.#session.logs()).read(stream, stream.position);
      if (page.kind === 'events') return page;
      if (page.kind === 'no-group') {
        this.#close(
          stream.group,
          `The log group ${stream.group} does not exist, so that the log can not be shown; the ${this.#what} goes on without`,
        );
      }
      return undefined;
    } catch (error) {
      if (!(error instanceof DeployError)) throw error;
      // The next look is soon, and finds new credentials if those were the trouble.
      if (isThrottling(error.cause) || isAmbiguous(error.cause) || error.code === 'aws.expired_credentials')
        return undefined;
      this.#close(
        stream.group,
        `The log can not be read, the outcome of the ${this.#what} still counts: ${error.title}`,
      );
      return undefined;
    }
  }

  #close(group: string, why: string): void {
    this.#closed.add(group);
    this.#sayOnce(why);
  }

  #sayOnce(text: string): void {
    if (this.#said.has(text)) return;
    this.#said.add(text);
    this.#progress.warn(text);
  }
}
