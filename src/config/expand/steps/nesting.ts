import type { Frame } from '../../frame.ts';
import type { Element } from '../../library.ts';

/** Commands, conditions and lists within each other. Each level takes a few calls of ours, whose stack is finite. */
export const DEEPEST = 200;

/** Stands in `frame.calls` for a level that is no call. */
export const NESTED = {};

/** What is called behind this one in `frame.calls` is written in a steps argument: no part of the command that has it put in. */
export const ARGUMENT = {};

/** The frame of what is inside of a command's body, or on a level of another kind. */
export function inside(level: Element | typeof NESTED, frame: Frame): Frame {
  return { ...frame, calls: [...frame.calls, level] };
}

/** The commands from an element to itself again, if we are in its body: it calls itself. */
export function circleTo(element: Element, calls: readonly object[]): string[] | undefined {
  const start = calls.lastIndexOf(element);
  if (start < 0 || start < calls.lastIndexOf(ARGUMENT)) return undefined;
  return [...names(calls.slice(start)), element.name];
}

/** The last circle of commands in calls that have become too many: one that goes through arguments. Empty when there is none. */
export function lastCircle(calls: readonly object[]): string[] {
  const commands = calls.filter(isElement);
  const last = commands.at(-1);
  const start = last === undefined ? -1 : commands.lastIndexOf(last, -2);
  return start < 0 ? [] : commands.slice(start).map(({ name }) => name);
}

function names(calls: readonly object[]): string[] {
  return calls.filter(isElement).map(({ name }) => name);
}

export function isElement(level: object): level is Element {
  return 'name' in level;
}
