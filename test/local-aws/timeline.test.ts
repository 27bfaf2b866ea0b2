import { describe, expect, it } from '@jest/globals';

import { ClockTimeline, type WaitKind } from '../../src/local-aws/timeline.ts';
import { VirtualClock } from '../../src/local-aws/virtual-clock.ts';

interface Stage {
  clock: VirtualClock;
  timeline: ClockTimeline;
  /** What happened, and at which second after the start. */
  seen: string[];
  bugs: unknown[];
  note(name: string): () => void;
  /** That many seconds after the start. */
  after(seconds: number): Date;
}

/** A clock that stands still on a machine whose clock stands still. */
function stage(rate = 0): Stage {
  const clock = new VirtualClock(rate === 0 ? () => 1_000_000 : Date.now);
  const start = clock.now().getTime();
  clock.setRate(rate);
  const bugs: unknown[] = [];
  const seen: string[] = [];
  const timeline = new ClockTimeline({ clock, happened() {}, bug: (error) => bugs.push(error) });
  timeline.start();
  return {
    clock,
    timeline,
    seen,
    bugs,
    note: (name) => () => void seen.push(`${name}@${(clock.now().getTime() - start) / 1000}`),
    after: (seconds) => new Date(start + seconds * 1000),
  };
}

describe('advancing the clock', () => {
  it('has everything that is due happen in the order of time, with the clock standing at that time', async () => {
    const { timeline, seen, note, after } = stage();
    timeline.at(after(20), note('b'));
    timeline.at(after(10), note('a'));
    timeline.at(after(31), note('later'));
    await timeline.advance(30_000);
    expect(seen).toEqual(['a@10', 'b@20']);
  });

  it('has what is due at the same time happen in the order of asking', async () => {
    const { timeline, seen, note, after } = stage();
    for (const name of ['first', 'second', 'third']) timeline.at(after(5), note(name));
    await timeline.advance(5_000);
    expect(seen).toEqual(['first@5', 'second@5', 'third@5']);
  });

  it('has what is asked for meanwhile happen too, when it is due until then', async () => {
    const { clock, timeline, seen, note, after } = stage();
    timeline.at(after(10), () => {
      timeline.at(after(12), note('next'));
      timeline.at(after(60), note('later'));
    });
    await timeline.advance(30_000);
    expect(seen).toEqual(['next@12']);
    expect(clock.now()).toEqual(after(30));
  });

  it('waits for what happens, one after the other', async () => {
    const { timeline, seen, note, after } = stage();
    timeline.at(after(1), async () => {
      await new Promise(setImmediate);
      note('slow')();
    });
    timeline.at(after(2), note('fast'));
    await timeline.advance(3_000);
    expect(seen).toEqual(['slow@1', 'fast@2']);
  });

  it('twice at once adds up', async () => {
    const { clock, timeline, seen, note, after } = stage();
    timeline.at(after(15), note('a'));
    await Promise.all([timeline.advance(10_000), timeline.advance(10_000)]);
    expect(seen).toEqual(['a@15']);
    expect(clock.now()).toEqual(after(20));
  });

  it('by a negative time is refused', async () => {
    const { timeline } = stage();
    await expect(timeline.advance(-1)).rejects.toThrow(RangeError);
  });

  it('goes on after something failed, and tells of it', async () => {
    const { timeline, seen, bugs, note, after } = stage();
    timeline.at(after(1), () => {
      throw new Error('broken');
    });
    timeline.at(after(2), note('next'));
    await timeline.advance(3_000);
    expect(seen).toEqual(['next@2']);
    expect(bugs).toEqual([new Error('broken')]);
  });
});

describe('what was asked for', () => {
  it('can be taken back', async () => {
    const { timeline, seen, note, after } = stage();
    const takeBack = timeline.at(after(1), note('a'));
    timeline.at(after(2), note('b'));
    takeBack();
    await timeline.advance(3_000);
    expect(seen).toEqual(['b@2']);
  });

  it('is forgotten by a reset', async () => {
    const { timeline, seen, note, after } = stage();
    timeline.at(after(1), note('a'));
    timeline.clear();
    await timeline.advance(3_000);
    expect(seen).toEqual([]);
  });

  it('happens at once when its time has passed, and the clock does not go back for it', async () => {
    const { timeline, seen, note, after } = stage();
    await timeline.advance(60_000);
    timeline.at(after(10), note('late'));
    await timeline.settled();
    expect(seen).toEqual(['late@60']);
  });

  it('does not happen before the start', async () => {
    const { clock, after } = stage();
    const seen: string[] = [];
    const timeline = new ClockTimeline({ clock, happened() {}, bug() {} });
    timeline.at(after(1), () => void seen.push('a'));
    await timeline.advance(60_000);
    expect(seen).toEqual([]);
    timeline.start();
    await timeline.settled();
    expect(seen).toEqual(['a']);
  });
});

describe('a clock that runs', () => {
  it('has things happen by itself, exactly at their time', async () => {
    const { timeline, seen, note, after } = stage(1000);
    await new Promise<void>((resolve) => {
      timeline.at(after(30), note('a'));
      timeline.at(after(30), resolve);
    });
    expect(seen).toEqual(['a@30']);
  });

  it('hurries when it gets another rate', async () => {
    const { clock, timeline, seen, note, after } = stage(0.001);
    const happened = new Promise<void>((resolve) => {
      timeline.at(after(60), note('a'));
      timeline.at(after(60), resolve);
    });
    clock.setRate(100_000);
    await happened;
    expect(seen).toEqual(['a@60']);
  });
});

describe('work that takes real time', () => {
  function work(): { done: Promise<void>; end(): void } {
    let end = (): void => undefined;
    const done = new Promise<void>((resolve) => (end = resolve));
    return { done, end };
  }

  it('does not hold up time', async () => {
    const { timeline, seen, note, after } = stage();
    timeline.during(work().done);
    timeline.at(after(1), note('a'));
    await timeline.advance(2_000);
    expect(seen).toEqual(['a@1']);
  });

  it('ends at the moment that it began, for who wants time to settle', async () => {
    const { timeline, seen, note, after } = stage();
    const { done, end } = work();
    timeline.at(after(1), () => timeline.during(done.then(note('work'))));
    timeline.at(after(2), note('b'));
    setImmediate(end);
    await timeline.advance(3_000, { settle: true });
    expect(seen).toEqual(['work@1', 'b@2']);
  });

  it('is waited for when it was running before', async () => {
    const { clock, timeline, seen, note, after } = stage();
    const { done, end } = work();
    timeline.during(done.then(note('work')));
    setImmediate(end);
    await timeline.advance(3_000, { settle: true });
    expect(seen).toEqual(['work@0']);
    expect(clock.now()).toEqual(after(3));
  });

  it('has settled when it has ended, and what it left behind too', async () => {
    const { clock, timeline, seen, note } = stage();
    const { done, end } = work();
    timeline.during(done.then(() => void timeline.at(clock.now(), note('follow-up'))));
    setImmediate(end);
    await timeline.settled();
    expect(seen).toEqual(['follow-up@0']);
  });
});

describe('skipping waits', () => {
  /** Resolves when the last of these has happened. */
  function happening({ timeline, note, after }: Stage, name: string, seconds: number, kind?: WaitKind): Promise<void> {
    return new Promise((resolve) => {
      timeline.at(
        after(seconds),
        () => {
          note(name)();
          resolve();
        },
        kind,
      );
    });
  }

  it('has progress happen at once, each step at its own time', async () => {
    const here = stage(1);
    here.timeline.skipWaits(true);
    await Promise.all([happening(here, 'second', 7200, 'progress'), happening(here, 'first', 3600, 'progress')]);
    expect(here.seen.map((text) => text.replace(/\..*/, ''))).toEqual(['first@3600', 'second@7200']);
  });

  it('leaves appointments to their time, and what comes after them', async () => {
    const here = stage(1);
    here.timeline.skipWaits(true);
    here.timeline.at(here.after(3600), here.note('night'));
    here.timeline.at(here.after(3601), here.note('after'), 'progress');
    await happening(here, 'before', 3599, 'progress');
    expect(here.seen.map((text) => text.replace(/\..*/, ''))).toEqual(['before@3599']);
    expect(here.clock.now().getTime()).toBeLessThan(here.after(3600).getTime());
  });

  it('waits for work that is running', async () => {
    const here = stage(1);
    let finish = (): void => {};
    here.timeline.during(new Promise((resolve) => (finish = resolve)));
    here.timeline.skipWaits(true);
    const ended = happening(here, 'next', 3600, 'progress');
    setTimeout(() => {
      here.note('work')();
      finish();
    }, 60);
    await ended;
    expect(here.seen.map((text) => text.replace(/@.*/, ''))).toEqual(['work', 'next']);
  });
});
