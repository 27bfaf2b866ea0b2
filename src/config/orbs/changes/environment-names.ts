import { isInEveryJob, variablesAssigned, variablesRead } from '../../../core/shell-variables.ts';
import { member, stringOf, type Node } from '../../node.ts';

/** Variables for users are of capitals; those of small letters are what scripts use inside. */
const FOR_USERS = /^[A-Z][A-Z0-9_]*$/;

/** Where a parameter's value will stand; to a shell it would be a here-document. */
const TAG = /<<[^<>]*>>/g;

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
  const text = script.replaceAll(TAG, '_');
  const set = variablesAssigned(text);
  for (const { name } of variablesRead(text)) {
    if (FOR_USERS.test(name) && !given.has(name) && !set.has(name) && !isInEveryJob(name)) found.add(name);
  }
}

/** @param environment a map, or a list of maps */
function withNames(given: ReadonlySet<string>, environment: Node | undefined): ReadonlySet<string> {
  if (environment === undefined || environment.kind === 'scalar') return given;
  const maps = environment.kind === 'map' ? [environment] : environment.items;
  return new Set([...given, ...maps.flatMap((map) => (map.kind === 'map' ? [...map.entries.keys()] : []))]);
}
