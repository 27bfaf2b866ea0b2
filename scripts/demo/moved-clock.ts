/** Milliseconds that the clock of a child is ahead, in its environment. */
export const AHEAD_MS = 'DEMO_CLOCK_AHEAD_MS';

/**
 * Loaded before the command line: its clock then shows what that of the local AWS shows, or it would announce nights that
 * have passed there. Everything else in it stays as it is.
 */
export const MOVED_CLOCK = `'use strict';
const ahead = Number(process.env.${AHEAD_MS});
const RealDate = Date;
globalThis.Date = class Date extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + ahead);
    else super(...args);
  }
  static now() {
    return RealDate.now() + ahead;
  }
};
`;
