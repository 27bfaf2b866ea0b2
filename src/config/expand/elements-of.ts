import type { Element, ElementKind, Library } from '../library.ts';

export function elementsOf(library: Library, kind: ElementKind): ReadonlyMap<string, Element> {
  switch (kind) {
    case 'command':
      return library.commands;
    case 'job':
      return library.jobs;
    case 'executor':
      return library.executors;
  }
}
