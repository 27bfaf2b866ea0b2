import type { Node } from '../node.ts';
import type { Report } from '../problem.ts';
import { checkSections } from './check-sections.ts';
import { ORB } from './shapes/config-shapes.ts';
import { wrongType } from './schema/schema-texts.ts';
import { schemaType } from './schema/schema-type.ts';

/** Reports what CircleCI's schema check finds in an orb, be it a file of its own or written in a config. */
export function checkOrbShape(root: Node, report: Report): void {
  if (root.kind === 'map') checkSections(root, ORB, report);
  else report.error(wrongType('#', 'Mapping', schemaType(root)), root.at);
}
