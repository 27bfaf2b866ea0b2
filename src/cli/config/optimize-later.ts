import { setFlagsFromString } from 'node:v8';

/**
 * Makes V8 wait longer until it optimizes a function. By itself it spends as much CPU on that as a config takes to be
 * compiled without (of our largest example 120 ms, 58 so; of a megabyte 930, 630), which on a machine with few processors
 * everybody waits for. Known of the V8 of Node 20; others may not have the flag.
 */
export function optimizeLater(): void {
  if (process.versions.v8.startsWith('11.')) setFlagsFromString('--interrupt-budget=1000000');
}
