import { describe, expect, it } from '@jest/globals';
import { type LoggedRequest, redactHeaders, RequestLog } from '../../src/local-aws/request-log.ts';
import { failureOf } from './clients.ts';

function entry(operation: string): Omit<LoggedRequest, 'number'> {
  return {
    time: '2026-11-20T08:00:00.000Z',
    operation,
    service: 'batch',
    method: 'POST',
    path: '/',
    region: 'us-east-1',
    headers: {},
    state: 'running',
    applied: false,
  };
}

describe('waiting for a request', () => {
  it('ends at once when it is there already', async () => {
    const log = new RequestLog();
    log.add(entry('batch:A'));
    expect((await log.waitFor(({ operation }) => operation === 'batch:A')).number).toBe(1);
  });

  it('ends when one that is there comes to the state that is waited for', async () => {
    const log = new RequestLog();
    const waiting = log.waitFor(({ state }) => state === 'hanging');
    log.add(entry('batch:A'));
    const second = log.add(entry('batch:B'));
    log.change(second, { state: 'hanging' });
    expect((await waiting).operation).toBe('batch:B');
  });

  it('ends with the reason of its signal', async () => {
    const stop = new AbortController();
    const waiting = failureOf(new RequestLog().waitFor(() => true, stop.signal));
    stop.abort(new Error('enough'));
    expect((await waiting).message).toBe('enough');
  });
});

it('keeps the last 10,000 requests', () => {
  const log = new RequestLog();
  for (let count = 0; count < 10_001; count++) log.add(entry('batch:A'));
  const kept = log.all();
  expect([kept.length, kept[0]!.number, kept.at(-1)!.number]).toEqual([10_000, 2, 10_001]);
});

it.each([
  'authorization',
  'proxy-authorization',
  'cookie',
  'x-amz-security-token',
  'x-amz-server-side-encryption-customer-key',
  'x-registry-auth-token',
])('never shows %s', (header) => {
  expect(redactHeaders({ [header]: 'planted', host: 'a' })).toEqual({ [header]: '***', host: 'a' });
});
