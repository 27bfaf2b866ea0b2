import type { Clock } from '../../core/clock.ts';
import { markedProcesses, markedProcessesNow } from './marked-processes.ts';

export interface Ending {
  readonly clock: Clock;
  /** How long processes may take to end by themselves after SIGTERM. */
  readonly graceMs: number;
}

const ROUND_MS = 20;
/** A process in an uninterruptible system call outlives SIGKILL; so long it is waited for. */
const MOST_KILL_ROUNDS = 250;

/**
 * Ends all processes with a mark: SIGTERM, then SIGKILL for what is left, in rounds, because what is ended may start others
 * meanwhile. Gives what could not be ended, which is nothing but for programs of other users.
 */
export async function endProcesses(mark: string, { clock, graceMs }: Ending): Promise<number[]> {
  const asked = new Set<number>();
  const deadline = clock.now().getTime() + graceMs;
  let left = await markedProcesses(mark);
  while (left.length > 0 && clock.now().getTime() < deadline) {
    for (const id of left) if (!asked.has(id)) send(id, 'SIGTERM');
    for (const id of left) asked.add(id);
    await clock.sleep(ROUND_MS);
    left = await markedProcesses(mark);
  }
  for (let round = 0; left.length > 0 && round < MOST_KILL_ROUNDS; round++) {
    for (const id of left) send(id, 'SIGKILL');
    await clock.sleep(ROUND_MS);
    left = await markedProcesses(mark);
  }
  return left;
}

/** Kills all processes with a mark, for a process that is about to end and can wait for nothing. */
export function killProcessesNow(mark: string): void {
  // What is killed may have started others meanwhile.
  for (let round = 0; round < MOST_KILL_ROUNDS; round++) {
    const left = markedProcessesNow(mark);
    if (left.length === 0) return;
    for (const id of left) send(id, 'SIGKILL');
  }
}

/** A negative id means a group. What has ended by now, or may not be signaled, is left as it is. */
export function send(id: number, signal: NodeJS.Signals): void {
  try {
    process.kill(id, signal);
  } catch {
    // ESRCH, EPERM: whoever looks for survivors sees what is left.
  }
}
