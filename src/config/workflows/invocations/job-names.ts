import type { Invocation } from './invocation.ts';

/** A job of a workflow, and what it calls with which arguments. */
export interface Use {
  readonly invocation: Invocation;
  /** Equal for what is printed once in `jobs`; undefined for what is not printed there: an approval. */
  readonly definition: string | undefined;
}

/** A name that jobs of several workflows may share, and that no two jobs of one workflow can. */
interface Slot {
  readonly users: Invocation[];
  readonly workflows: Set<number>;
}

/**
 * The name by which each job is printed. Jobs that share a name keep it if they are one job with the same arguments, each in
 * another workflow; otherwise `-1`, `-2` and so on are appended, over all workflows.
 * @param workflows the jobs of each workflow, in the order in which they are written
 */
export function printedNames(workflows: readonly (readonly Use[])[]): ReadonlyMap<Invocation, string> {
  const byName = new Map<string, Slot[]>();
  const slotOf = new Map<string, Slot>();
  const enter = (invocation: Invocation, slot: Slot): void => {
    const name = baseName(invocation);
    const slots = byName.get(name);
    if (slots) slots.push(slot);
    else byName.set(name, [slot]);
  };

  for (const [workflow, uses] of workflows.entries()) {
    const occurrences = new Map<string, number>();
    for (const { invocation, definition } of uses) {
      if (definition === undefined) continue;
      const call = JSON.stringify([baseName(invocation), definition]);
      const occurrence = occurrences.get(call) ?? 0;
      occurrences.set(call, occurrence + 1);
      const key = `${occurrence} ${call}`;
      const slot = slotOf.get(key) ?? { users: [], workflows: new Set() };
      if (!slotOf.has(key)) enter(invocation, slot);
      slotOf.set(key, slot);
      slot.users.push(invocation);
      slot.workflows.add(workflow);
    }
  }
  placeApprovals(workflows, { byName, enter });
  return numbered(byName);
}

/** Approvals are not printed in `jobs`: they fit wherever their own workflow does not have the name yet. */
function placeApprovals(
  workflows: readonly (readonly Use[])[],
  { byName, enter }: { byName: Map<string, Slot[]>; enter: (invocation: Invocation, slot: Slot) => void },
): void {
  for (const [workflow, uses] of workflows.entries()) {
    const tried = new Map<string, number>();
    for (const { invocation, definition } of uses) {
      if (definition !== undefined) continue;
      const name = baseName(invocation);
      const slots = byName.get(name) ?? [];
      const index = firstFree(slots, workflow, tried.get(name) ?? 0);
      tried.set(name, index);
      const slot = slots[index] ?? { users: [], workflows: new Set() };
      if (index >= slots.length) enter(invocation, slot);
      slot.users.push(invocation);
      slot.workflows.add(workflow);
    }
  }
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
