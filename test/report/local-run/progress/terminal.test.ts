import { describe, expect, it } from '@jest/globals';
import { canShowLive, wantsColors } from '../../../../src/report/local-run/progress/terminal.ts';

describe('a live view', () => {
  it.each([
    [true, {}, true],
    [true, { TERM: 'xterm', CI: '' }, true],
    [true, { TERM: 'dumb' }, false],
    [true, { CI: 'true' }, false],
    [false, {}, false],
    [undefined, {}, false],
  ])('on a terminal: %j, environment %j: %j', (isTTY, env, can) => {
    expect(canShowLive(isTTY === undefined ? {} : { isTTY }, env)).toBe(can);
  });
});

describe('colours', () => {
  it.each([
    [true, {}, true],
    [true, { NO_COLOR: '' }, true],
    [true, { NO_COLOR: '1' }, false],
    [true, { TERM: 'dumb' }, false],
    [false, {}, false],
  ])('on a terminal: %j, environment %j: %j', (isTTY, env, wants) => {
    expect(wantsColors({ isTTY }, env)).toBe(wants);
  });
});
