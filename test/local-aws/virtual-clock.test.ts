import { describe, expect, it } from '@jest/globals';

import { VirtualClock } from '../../src/local-aws/virtual-clock.ts';

function clockAt(start: number): { clock: VirtualClock; pass(ms: number): void } {
  let real = start;
  return {
    clock: new VirtualClock(() => real),
    pass(ms) {
      real += ms;
    },
  };
}

describe('the clock of the local AWS', () => {
  it('runs with real time at first', () => {
    const { clock, pass } = clockAt(1000);
    pass(50);
    expect(clock.now().getTime()).toBe(1050);
  });

  it('runs at a multiple of real time from the moment that is set', () => {
    const { clock, pass } = clockAt(1000);
    pass(50);
    clock.setRate(60);
    pass(10);
    expect(clock.now().getTime()).toBe(1050 + 600);
  });

  it('stands still at rate 0 and is advanced by hand', () => {
    const { clock, pass } = clockAt(1000);
    clock.setRate(0);
    pass(50);
    clock.advance(7);
    expect(clock.now().getTime()).toBe(1007);
  });

  it('is real again after a reset', () => {
    const { clock, pass } = clockAt(1000);
    clock.setRate(0);
    clock.advance(500);
    pass(50);
    clock.reset();
    pass(1);
    expect(clock.now().getTime()).toBe(1051);
  });

  it('does not go back when the clock of the machine is set back, and runs on from there', () => {
    const { clock, pass } = clockAt(10_000);
    clock.setRate(2);
    pass(100);
    expect(clock.now().getTime()).toBe(10_200);
    pass(-5000);
    expect(clock.now().getTime()).toBe(10_200);
    pass(50);
    expect(clock.now().getTime()).toBe(10_300);
  });

  it.each([-1, Number.NaN])('is not advanced by %d', (ms) => {
    const { clock } = clockAt(1000);
    expect(() => clock.advance(ms)).toThrow(RangeError);
  });

  it.each([-1, Number.NaN])('does not run at the rate %d', (rate) => {
    const { clock } = clockAt(1000);
    expect(() => clock.setRate(rate)).toThrow(RangeError);
  });
});
