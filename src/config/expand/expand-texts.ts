import type { ElementKind } from '../library.ts';
import type { Node } from '../node.ts';
import type { Fact } from '../problem.ts';

/*
 * What is wrong with steps, executors and jobs, where CircleCI's own words are not known.
 */

/** @param names the commands from the first to itself again */
export function commandCycle(names: readonly string[]): Fact {
  return {
    code: 'command-cycle',
    message: `The command ${names[0]} calls itself: ${names.join(' -> ')}`,
    hints: ['Commands are expanded where they are called: take the call that closes the circle out.'],
  };
}

/** @param names the commands of the circle, when there is one */
export function stepsTooDeep(limit: number, names: readonly string[]): Fact {
  const circle = names.length > 0 ? `: ${names.join(' -> ')}` : '';
  return {
    code: 'steps-too-deep',
    message: `Commands and steps are nested more than ${limit} levels deep${circle}`,
    hints: ['Check that no command passes steps to itself, or make the nesting flatter.'],
  };
}

export function aliasCycle(kind: ElementKind, names: readonly string[]): Fact {
  return {
    code: 'alias-cycle',
    message: `The ${kind} ${names[0]} stands for itself: ${names.join(' -> ')}`,
    hints: [`Give the ${kind} a body, or the name of a ${kind} of an orb.`],
  };
}

export function stepsNotList(found: Node): Fact {
  return {
    code: 'steps-not-list',
    message: `Steps are a list, not ${describe(found)}`,
    hints: ['Start each step with `- `.'],
  };
}

export function notStep(found: Node): Fact {
  return {
    code: 'invalid-step',
    message: `A step is the name of a command, or a map with such a name as its one key, not ${describe(found)}`,
  };
}

export function stepWithManyKeys(keys: readonly string[]): Fact {
  const [first = '', ...rest] = keys;
  return {
    code: 'invalid-step',
    message: `A step has one key, the name of a command; this one has ${keys.length}: ${keys.join(', ')}`,
    hints: [
      `Indent ${rest.join(', ')} deeper than ${first} if this is what ${first} is given, or start a step of its own with \`- \`.`,
    ],
  };
}

export function argumentsNotMap(name: string): Fact {
  return {
    code: 'arguments-not-map',
    message: `The arguments of the command ${name} are a map`,
    hints: [`Write \`- ${name}:\` and below it, indented, one \`parameter: value\` a line.`],
  };
}

export function notConditional(name: string): Fact {
  return {
    code: 'invalid-conditional',
    message: `The step ${name} needs a condition and steps`,
    hints: ['The key `when` of a run step, with always, on_success or on_fail, goes below `run:`.'],
  };
}

export function toolCacheWithoutSteps(): Fact {
  return { code: 'invalid-step', message: 'The step with_tool_cache has no steps' };
}

export function commandWithoutSteps(name: string): Fact {
  return { code: 'command-without-steps', message: `The command ${name} has no steps` };
}

/**
 * Seen in CircleCI-Public/android-orb#38.
 * @param named says that there is something under `name`, but no text
 */
export function executorNotNamed(named: boolean): Fact {
  const lines = [
    'Unexpected executor invocation format',
    ...(named ? ['The value of `name` must be a string'] : []),
    'Examples of correct executor invocation:',
    '  executor: string-executor-name',
    '  executor: {name: string-executor-name}',
    '  executor: << parameters.executor-type-parameter >>',
  ];
  return {
    code: 'invalid-executor',
    message: lines.join('\n'),
    hints: ['Arguments stand beside the name: `executor: {name: name, parameter: value}`.'],
  };
}

export function executorInExecutor(name: string): Fact {
  return {
    code: 'executor-in-executor',
    message: `The executor ${name} names another executor`,
    hints: ['An executor says docker, machine or macos itself.'],
  };
}

export function aliasTooLong(kind: ElementKind, name: string, limit: number): Fact {
  return { code: 'alias-too-long', message: `The ${kind} ${name} leads through more than ${limit} other names` };
}

/** Seen by users: honeycombio/buildevents-orb#26, where a command of the config is among the steps that an orb is given. */
export function pipelineParameterInsideOrb(kind: ElementKind, name: string, parameter: string): Fact {
  return {
    code: 'pipeline-parameter-inside-orb',
    message: `CircleCI was seen to refuse ${parameter} in the ${kind} ${name} where an orb calls it: Unknown variable(s): ${parameter}`,
    hints: [`Give the ${kind} a parameter of its own, and the pipeline parameter as its argument.`],
  };
}

function describe(node: Node): string {
  if (node.kind === 'list') return 'a list';
  if (node.kind === 'map') return node.entries.size === 0 ? 'an empty map' : 'a map';
  return node.value === null ? 'nothing' : JSON.stringify(String(node.value));
}
