import type { Invocation } from './invocation.ts';

/** A job of a workflow, and what it calls with which arguments. */
export interface Use {
  readonly invocation: Invocation;
  /** Equal for what is printed once in `jobs`; undefined for what is not printed there: an approval. */
  readonly definition: string | undefined;
}

/** A printed name: jobs of several workflows may share it, and no two jobs of one workflow can. */
interface Slot {
  readonly users: Invocation[];
  readonly workflows: Set<number>;
}

/**
 * The name by which each job is printed. Jobs that share a name keep it if they are one job with the same arguments, each in
 * another workflow; otherwise `-1`, `-2` and so on are appended, over all workflows:
 *
 *     main:    [test: {os: linux}, test: {os: macos}, lint]  →  test-1, test-2, lint-1
 *     nightly: [test: {os: macos}, lint, lint]               →  test-2, lint-1, lint-2
 *
 * The `lint` of main is the same as the first one of nightly; that nightly has another one gives numbers to them all.
 * @param workflows the jobs of each workflow, in the order in which they are written
 */
export function printedNames(workflows: readonly (readonly Use[])[]): ReadonlyMap<Invocation, string> {
  const slots = new Map<string, Slot[]>();
  placeJobs(workflows, slots);
  placeApprovals(workflows, slots);
  return numbered(slots);
}

/** The first call of a job with certain arguments in each workflow shares a slot, so does the second one, and so on. */
function placeJobs(workflows: readonly (readonly Use[])[], slots: Map<string, Slot[]>): void {
  const slotOf = new Map<string, Slot>();
  for (const [workflow, uses] of workflows.entries()) {
    const occurrences = new Map<string, number>();
    for (const { invocation, definition } of uses) {
      if (definition === undefined) continue;
      const name = baseName(invocation);
      const call = JSON.stringify([name, definition]);
      const occurrence = occurrences.get(call) ?? 0;
      occurrences.set(call, occurrence + 1);
      const key = `${occurrence} ${call}`;
      const slot = slotOf.get(key) ?? newSlot(name, slots);
      slotOf.set(key, slot);
      take(slot, invocation, workflow);
    }
  }
}

/** Approvals are not printed in `jobs`: they fit wherever their own workflow does not have the name yet. */
function placeApprovals(workflows: readonly (readonly Use[])[], slots: Map<string, Slot[]>): void {
  for (const [workflow, uses] of workflows.entries()) {
    const tried = new Map<string, number>();
    for (const { invocation, definition } of uses) {
      if (definition !== undefined) continue;
      const name = baseName(invocation);
      const known = slots.get(name) ?? [];
      const index = firstFree(known, workflow, tried.get(name) ?? 0);
      tried.set(name, index);
      take(known[index] ?? newSlot(name, slots), invocation, workflow);
    }
  }
}

function newSlot(name: string, slots: Map<string, Slot[]>): Slot {
  const slot: Slot = { users: [], workflows: new Set() };
  const known = slots.get(name);
  if (known) known.push(slot);
  else slots.set(name, [slot]);
  return slot;
}

function take({ users, workflows }: Slot, invocation: Invocation, workflow: number): void {
  users.push(invocation);
  workflows.add(workflow);
}

function firstFree(slots: readonly Slot[], workflow: number, start: number): number {
  for (let index = start; index < slots.length; index++) if (!slots[index]?.workflows.has(workflow)) return index;
  return slots.length;
}

function numbered(byName: ReadonlyMap<string, readonly Slot[]>): Map<Invocation, string> {
  const names = new Map<Invocation, string>();
  for (const [name, slots] of byName) {
    let number = 0;
    for (const { users } of slots) {
      let printed = name;
      if (slots.length > 1) {
        do printed = `${name}-${++number}`;
        while (byName.has(printed));
      }
      for (const invocation of users) names.set(invocation, printed);
    }
  }
  return names;
}

function baseName({ name, printedAs }: Invocation): string {
  return printedAs ?? name;
}
