import type { Budget } from '../budget.ts';
import type { Node } from '../node.ts';
import type { Place } from '../source.ts';

/** Takes from the budget what a node takes to print, about: less rather than more. */
export function spendNode(node: Node, budget: Budget, at: Place = node.at): void {
  switch (node.kind) {
    case 'scalar':
      return budget.spend(typeof node.value === 'string' ? node.value.length + 1 : 2, at);
    case 'list':
      for (const item of node.items) {
        budget.spend(2, at);
        spendNode(item, budget, at);
      }
      return;
    case 'map':
      for (const [key, { value }] of node.entries) {
        budget.spend(key.length + 2, at);
        spendNode(value, budget, at);
      }
  }
}
