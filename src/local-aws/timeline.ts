import type { ClockBound, VirtualClock } from './virtual-clock.ts';

/** `progress`: AWS takes that long to get on with what it was asked for, and the wait may be skipped. */
export type WaitKind = 'progress' | 'appointment';

/** What happens by itself. */
export interface Timeline {
  /**
   * Has something happen at a time of the virtual clock, which stands at that time until it has happened; at once, though
   * not within this call, when the time has passed. What is due at the same time happens in the order of asking, one
   * after the other. Returns what takes it back. A reset forgets all of it, and so does the end of the program: what is
   * to survive belongs into the snapshot of a service, which asks again when it is restored.
   */
  at(time: Date, happen: () => void | Promise<void>, kind?: WaitKind): () => void;
  /** Work that takes real time, as a process does: whoever asks for it waits for its end. */
  during(work: Promise<void>): void;
}

export interface TimelineParts {
  clock: VirtualClock;
  /** Called after things have happened, before time goes on. */
  happened(): void;
  /** Told what was thrown: nothing that happens here may fail. */
  bug(error: unknown): void;
}

interface Due {
  /** Milliseconds since the epoch. */
  time: number;
  happen: () => void | Promise<void>;
  kind: WaitKind;
}

/** The longest that a timer of Node can wait. */
const MAX_TIMER_MS = 2 ** 31 - 1;
/** What is left of a wait that is skipped: enough for others to be heard meanwhile. */
const SKIPPED_WAIT_MS = 25;

/** Lets things happen at any rate of the clock: by a timer when it runs, by advancing it when it stands. */
export class ClockTimeline implements Timeline, ClockBound {
  readonly #parts: TimelineParts;
  /** The earliest first. */
  #due: Due[] = [];
  readonly #work = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #isStarted = false;
  /** While things happen: where the clock stands. */
  #standing: number | undefined;
  #running: Promise<void> | undefined;
  /** How many wait for work before time goes on. */
  #patient = 0;
  #skipsWaits = false;

  constructor(parts: TimelineParts) {
    this.#parts = parts;
    parts.clock.waitFor(this);
  }

  at(time: Date, happen: () => void | Promise<void>, kind: WaitKind = 'appointment'): () => void {
    // Asking the clock keeps it from going back to a time that had passed by now.
    this.#parts.clock.now();
    const due: Due = { time: time.getTime(), happen, kind };
    this.#due.splice(this.#indexAfter(due.time), 0, due);
    this.#arm();
    return () => {
      const index = this.#due.indexOf(due);
      if (index < 0) return;
      this.#due.splice(index, 1);
      this.#arm();
    };
  }

  during(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => this.#parts.bug(error))
      .finally(() => {
        this.#work.delete(tracked);
        this.#parts.happened();
        this.#arm();
      });
    this.#work.add(tracked);
  }

  /** Nothing happens before, so that what is restored finds a server that listens. */
  start(): void {
    this.#isStarted = true;
    this.#arm();
  }

  stop(): void {
    this.#isStarted = false;
    this.clear();
  }

  /** Forgets what is to come. */
  clear(): void {
    this.#due = [];
    this.#arm();
  }

  /**
   * Advances the clock, and resolves when everything that is due until then has happened. With `settle`, time goes on
   * only when no work is running, so that a process has all the real time that it needs.
   */
  async advance(ms: number, { settle = false }: { settle?: boolean } = {}): Promise<void> {
    // Taken before the clock moves: work that runs now is to end now.
    if (settle && this.#work.size > 0) this.#standing ??= this.#parts.clock.now().getTime();
    if (settle) this.#patient += 1;
    try {
      this.#parts.clock.advance(ms);
      do await this.#run();
      while (this.#isDue());
    } finally {
      if (settle) this.#patient -= 1;
    }
  }

  /** Resolves when no work is running and nothing is due. */
  async settled(): Promise<void> {
    do {
      await Promise.all(this.#work);
      await this.#run();
    } while (this.#work.size > 0 || this.#isDue());
  }

  /** From now on the clock leaps over waits for progress, unless work is running, which takes real time. */
  skipWaits(skip: boolean): void {
    this.#skipsWaits = skip;
    this.#arm();
  }

  earliest(): number | undefined {
    return this.#standing ?? (this.#isStarted ? this.#due[0]?.time : undefined);
  }

  changed(): void {
    this.#arm();
  }

  #run(): Promise<void> {
    this.#running ??= this.#happen().finally(() => {
      this.#running = undefined;
      this.#standing = undefined;
      this.#arm();
    });
    return this.#running;
  }

  async #happen(): Promise<void> {
    // After the caller's turn: what asks for something now is answered before that happens.
    await Promise.resolve();
    for (;;) {
      if (this.#patient > 0 && this.#work.size > 0) {
        this.#standing ??= this.#parts.clock.now().getTime();
        await Promise.race(this.#work);
        continue;
      }
      if (!this.#isDue()) return;
      const next = this.#due.shift()!;
      this.#standing = Math.max(next.time, this.#standing ?? next.time);
      try {
        await next.happen();
      } catch (error) {
        this.#parts.bug(error);
      }
      if (this.#due[0]?.time !== next.time) this.#parts.happened();
    }
  }

  #isDue(): boolean {
    const next = this.#isStarted ? this.#due[0] : undefined;
    return next !== undefined && next.time <= this.#parts.clock.running();
  }

  /** The timer for what comes next; unref'ed, as nobody's program is to wait for a night. */
  #arm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const next = this.#due[0];
    if (!this.#isStarted || this.#running !== undefined || next === undefined) return;
    const { clock } = this.#parts;
    const aheadMs = next.time - clock.running();
    if (aheadMs > 0 && clock.rate() === 0) return;
    const realMs = aheadMs <= 0 ? 0 : Math.ceil(aheadMs / clock.rate());
    const leaps = this.#maySkip(next) && realMs > SKIPPED_WAIT_MS;
    this.#timer = setTimeout(
      () => {
        if (leaps && this.#maySkip(next)) clock.advance(Math.max(0, next.time - clock.running()));
        else if (next.time > clock.running()) this.#arm();
        else void this.#run();
      },
      leaps ? SKIPPED_WAIT_MS : Math.min(realMs, MAX_TIMER_MS),
    );
    this.#timer.unref();
  }

  #maySkip({ kind }: Due): boolean {
    return this.#skipsWaits && kind === 'progress' && this.#work.size === 0;
  }

  #indexAfter(time: number): number {
    let from = 0;
    let to = this.#due.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.#due[middle]!.time <= time) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
