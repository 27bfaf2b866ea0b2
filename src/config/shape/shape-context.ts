import type { Node } from '../node.ts';
import type { ShapeContext } from './check-shape.ts';
import { checkStep } from './check-steps.ts';

/** @param commands the section `commands` of the config or orb that is checked */
export function shapeContext(report: ShapeContext['report'], commands: Node | undefined): ShapeContext {
  const names = commands?.kind === 'map' ? commands.entries.keys() : [];
  return { report, commands: new Set(names), seen: new WeakMap(), checkStep };
}
