import { createHash } from 'node:crypto';

import type { EcsRegion } from './state.ts';

/** Ids as ECS has them. They come from a count of the region, so that equal histories give equal states. */
export interface NewId {
  /** Of a task: 32 hexadecimal digits. */
  hex: string;
  /** Of a deployment in DescribeServices and of a service revision: 19 digits, the first of which is not 0. */
  digits: string;
  /** Of a service deployment: 21 characters of base64url. */
  short: string;
  /** Of a lifecycle hook that runs: 43 characters of base64url. */
  long: string;
  /** Of an event or an attachment. */
  uuid: string;
}

export function newId(region: EcsRegion, regionName: string): NewId {
  const counter = region.counters.get('ids') ?? { count: 0 };
  counter.count += 1;
  region.counters.set('ids', counter);
  return idFrom(`${regionName} ${counter.count}`);
}

/** The same ids for the same text. */
export function idFrom(text: string): NewId {
  const hash = createHash('sha256').update(text).digest();
  const hex = hash.toString('hex').slice(0, 32);
  const digits = String((hash.readBigUInt64BE(0) % 9_000_000_000_000_000_000n) + 1_000_000_000_000_000_000n);
  const long = hash.toString('base64url');
  const variant = ((parseInt(hex[16]!, 16) & 3) | 8).toString(16);
  const uuid = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, variant + hex.slice(17, 20), hex.slice(20)];
  return { hex, digits, short: long.slice(0, 21), long, uuid: uuid.join('-') };
}
