import { Budget } from '../budget.ts';
import type { Node } from '../node.ts';
import type { Place } from '../source.ts';
import { readTemplate, type ReferencedName } from './read-template.ts';
import { mayHaveTags } from './scan-template.ts';

/**
 * The names that the templates in the keys and values of a tree refer to, in their order, whether or not what they are
 * in is ever used. Closed nodes refer to nothing. What is wrong with a template is not told here: rendering does that.
 * @throws TooLarge
 */
export function referencedNames(node: Node, budget: Budget = new Budget()): ReferencedName[] {
  const names: ReferencedName[] = [];
  const seen = new Set<Node>();
  function collect(owner: object, text: string, at: Place): void {
    for (const name of mayHaveTags(text) ? readTemplate(owner, text, at, budget).names : []) names.push(name);
  }
  function visit(part: Node): void {
    if (part.home !== undefined || seen.has(part)) return;
    seen.add(part);
    switch (part.kind) {
      case 'scalar':
        if (typeof part.value === 'string') collect(part, part.value, part.at);
        return;
      case 'list':
        part.items.forEach(visit);
        return;
      case 'map':
        for (const [key, entry] of part.entries) {
          collect(entry, key, entry.keyAt);
          visit(entry.value);
        }
    }
  }
  visit(node);
  return names;
}
