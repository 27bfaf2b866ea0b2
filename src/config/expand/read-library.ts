import type { Element, ElementKind, Library, Parameter } from '../library.ts';
import { mapNode, member, type MapNode, type Node } from '../node.ts';
import { definitionScope } from '../parameters/parameter-texts.ts';
import { readParameters } from '../parameters/read-parameters.ts';
import type { Report } from '../problem.ts';

/**
 * What a config or an orb declares for others to call. Its elements are read no further than to their names: what is wrong
 * inside of one is told when it is called, since CircleCI compiles what is called.
 */
export function readLibrary(
  root: MapNode,
  { reference, orbs, variables }: Pick<Library, 'reference' | 'orbs' | 'variables'>,
  report: Report,
): Library {
  const commands = new Map<string, Element>();
  const jobs = new Map<string, Element>();
  const executors = new Map<string, Element>();
  // The check of the shape tells of a section that is no map; what is looked for in it is no further mistake.
  const isBroken = ['commands', 'jobs', 'executors'].some((key) => !isMapOrNothing(member(root, key)));
  const library: Library = {
    reference,
    variables,
    commands,
    jobs,
    executors,
    orbs,
    ...(isBroken && { missing: true }),
  };
  readElements(commands, { kind: 'command', declarations: member(root, 'commands'), library, report });
  readElements(jobs, { kind: 'job', declarations: member(root, 'jobs'), library, report });
  readElements(executors, { kind: 'executor', declarations: member(root, 'executors'), library, report });
  return library;
}

function isMapOrNothing(node: Node | undefined): boolean {
  return node === undefined || node.kind === 'map' || (node.kind === 'scalar' && node.value === null);
}

interface Declarations {
  readonly kind: ElementKind;
  readonly declarations: Node | undefined;
  readonly library: Library;
  readonly report: Report;
}

function readElements(elements: Map<string, Element>, { kind, declarations, library, report }: Declarations): void {
  if (declarations?.kind !== 'map') return;
  for (const [name, { keyAt, value }] of declarations.entries) {
    const declared = { kind, name, library, at: keyAt };
    if (value.kind === 'scalar' && typeof value.value === 'string') {
      elements.set(name, { ...declared, body: mapNode([], value.at), parameters: new Map(), alias: value });
    } else {
      // What is no map at all is told by the check of the shape: for its callers the element is there, and is empty.
      const body = value.kind === 'map' ? value : mapNode([], value.at);
      elements.set(name, withParameters({ ...declared, body }, report));
    }
  }
}

/** Parameters are read when they are first asked for. */
function withParameters(element: Omit<Element, 'parameters'>, report: Report): Element {
  let parameters: ReadonlyMap<string, Parameter> | undefined;
  return {
    ...element,
    get parameters() {
      const { kind, name, at, body } = element;
      parameters ??= readParameters(member(body, 'parameters'), kind, report.within(definitionScope(kind, name), at));
      return parameters;
    },
  };
}
