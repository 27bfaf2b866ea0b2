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
});
