import { readFileSync } from 'node:fs';

/** A process of this machine, told from a later one of the same number. */
export interface ProcessIdentity {
  readonly id: number;
  /** When it started, in ticks since the machine did (proc(5)); empty where the system does not say. */
  readonly start: string;
}

export function identityOf(id: number): ProcessIdentity {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, 'latin1');
    return { id, start: stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '' };
  } catch {
    return { id, start: '' };
  }
}

export function isOver({ id, start }: ProcessIdentity): boolean {
  try {
    process.kill(id, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  return identityOf(id).start !== start;
}
