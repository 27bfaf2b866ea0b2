import { scalarNode, type Entry } from '../../node.ts';

/** What CircleCI takes out of `machine` and prints as keys of the job, behind all others. */
const HOISTED = ['resource_class', 'shell'];

/** Moves the keys of `machine` up that belong to the job; a job that has them already keeps its own. */
export function hoistMachineKeys(job: Map<string, Entry>): void {
  const machine = job.get('machine');
  if (machine?.value.kind !== 'map') return;
  const entries = new Map(machine.value.entries);
  for (const key of HOISTED) {
    const entry = entries.get(key);
    if (entry === undefined) continue;
    entries.delete(key);
    if (!job.has(key)) job.set(key, entry);
  }
  if (entries.size === machine.value.entries.size) return;
  const rest = entries.size > 0 ? { ...machine.value, entries } : scalarNode(true, machine.value.at);
  job.set('machine', { ...machine, value: rest });
}
