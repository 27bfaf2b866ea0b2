import type { JsonValue } from '../../core/json.ts';

const UNITS = 1024;

/** CPU units of a task's `cpu`, which may be given in words (`.5 vCPU`); undefined when it is no size. */
export function cpuUnits(cpu: JsonValue | undefined): number | undefined {
  return inUnits(cpu, /^(\d*\.?\d+)\s*vcpu$/i);
}

/** MiB of a task's `memory`, which may be given in words (`2 GB`); undefined when it is no size. */
export function memoryMebibytes(memory: JsonValue | undefined): number | undefined {
  return inUnits(memory, /^(\d*\.?\d+)\s*gb$/i);
}

function inUnits(size: JsonValue | undefined, inWords: RegExp): number | undefined {
  if (typeof size !== 'string' && typeof size !== 'number') return undefined;
  const text = String(size).trim();
  const words = inWords.exec(text)?.[1];
  const units = words === undefined ? Number(text || NaN) : Number(words) * UNITS;
  return Number.isInteger(units) && units > 0 ? units : undefined;
}
