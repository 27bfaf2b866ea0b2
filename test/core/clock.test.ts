import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/core/clock.ts';

describe('systemClock.sleep', () => {
  it('resolves', async () => {
    await expect(systemClock.sleep(1)).resolves.toBeUndefined();
  });

  it('rejects with the reason when the signal aborts meanwhile', async () => {
    const stopping = new AbortController();
    const sleeping = systemClock.sleep(600_000, stopping.signal);
    stopping.abort(new Error('enough'));
    await expect(sleeping).rejects.toThrow('enough');
  });

  it('does not begin when the signal has aborted before', async () => {
    await expect(systemClock.sleep(600_000, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });

  it('leaves no listener behind', async () => {
    const { signal } = new AbortController();
    await systemClock.sleep(1, signal);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
