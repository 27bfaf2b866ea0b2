import { member, stringOf, type Node } from '../../node.ts';

/** `$NAME` and `${NAME…}`, of capitals as variables for users are; `$$NAME` and `\$NAME` are no such. */
const READ = /(?<![\\$])\$(?:\{[!#]?)?([A-Z][A-Z0-9_]*)/g;

/** `NAME=…`, though not `NAME=${NAME:-…}`, which reads it first. */
const ASSIGNED = /(?:^|[\s;({&|])([A-Z][A-Z0-9_]*)\+?=(?!"?\$\{?\1\b)/gm;

/** `for NAME in`, `read -r NAME`. */
const FILLED = /\b(?:for|read(?: -\w+)*)[ \t]+([A-Z][A-Z0-9_]*)/g;

/** What every job has (circleci.com/docs/reference/variables) or every shell. */
const ALWAYS =
  /^(?:CIRCLE.*|CI|BASH.*|HOME|PATH|PWD|OLDPWD|USER|SHELL|HOSTNAME|IFS|UID|EUID|PPID|RANDOM|SECONDS|LINENO|TMPDIR|LANG|TERM|OSTYPE|HOSTTYPE|FUNCNAME|PIPESTATUS|OPTARG|OPTIND)$/;

/**
 * Environment variables that the scripts of an element read and neither set themselves nor get from the orb: what users have
 * to have set. Found by how they are written in `run` steps, so it is an estimate.
 */
export function environmentNames(element: Node): Set<string> {
  const found = new Set<string>();
  const visited = new Set<Node>();
  function visit(node: Node, given: ReadonlySet<string>): void {
    if (node.kind === 'scalar' || visited.has(node)) return;
    visited.add(node);
    if (node.kind === 'list') {
      for (const item of node.items) visit(item, given);
      return;
    }
    const known = withNames(given, member(node, 'environment'));
    for (const [key, { value }] of node.entries) {
      if (key === 'run' && stringOf(value) !== undefined) addNames(stringOf(value) ?? '', known, found);
      if (key === 'run' && value.kind === 'map') addRun(value, known, found);
      if (key !== 'parameters') visit(value, known);
    }
  }
  visit(element, new Set());
  return found;
}

function addRun(run: Node, given: ReadonlySet<string>, found: Set<string>): void {
  addNames(stringOf(member(run, 'command')) ?? '', withNames(given, member(run, 'environment')), found);
}

function addNames(script: string, given: ReadonlySet<string>, found: Set<string>): void {
  const set = new Set([ASSIGNED, FILLED].flatMap((form) => [...script.matchAll(form)].map(([, name]) => name ?? '')));
  for (const [, name = ''] of script.matchAll(READ)) {
    if (!given.has(name) && !set.has(name) && !ALWAYS.test(name)) found.add(name);
  }
}

/** @param environment a map, or a list of maps */
function withNames(given: ReadonlySet<string>, environment: Node | undefined): ReadonlySet<string> {
  if (environment === undefined || environment.kind === 'scalar') return given;
  const maps = environment.kind === 'map' ? [environment] : environment.items;
  return new Set([...given, ...maps.flatMap((map) => (map.kind === 'map' ? [...map.entries.keys()] : []))]);
}
