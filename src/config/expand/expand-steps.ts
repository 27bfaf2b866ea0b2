import { evaluateCondition } from '../expression/condition.ts';
import type { Frame } from '../frame.ts';
import type { Element } from '../library.ts';
import { listNode, mapNode, member, scalarNode, stringOf, type MapNode, type Node, type ScalarNode } from '../node.ts';
import type { Place } from '../source.ts';
import { renderNode } from '../template/render-node.ts';
import { BUILT_IN_STEPS } from '../shape/shapes/step-shapes.ts';
import { builtInStep } from './steps/built-in-step.ts';
import { callElement } from './call-element.ts';
import * as texts from './expand-texts.ts';
import { findElement } from './find-element.ts';
import { isLeftOver, reportForm } from './follow-up.ts';
import { ARGUMENT, circleTo, DEEPEST, inside, lastCircle, NESTED } from './steps/nesting.ts';
import { spendNode } from './spend-node.ts';

/**
 * The steps that CircleCI runs for a list of steps: commands replaced by their own steps, conditions decided, all in one
 * flat list.
 * @param steps the list, still with its templates if `frame.variables` is there
 */
export function expandSteps(steps: Node, frame: Frame): Node[] {
  const expansion = new Expansion();
  const rendered = renderNode(steps, frame.variables, frame.report, frame.budget);
  expansion.addSteps(rendered, { ...frame, variables: undefined });
  expansion.reportDepth(frame);
  return expansion.steps;
}

/** What work takes from the budget that may print nothing: without end, it has to come to an end too. */
const COST_OF_CALL = 64;
const COST_OF_LEVEL = 32;
const COST_OF_MISTAKE = 128;

/** A step as it is written, its templates replaced: `name`, or `name: value`. */
interface WrittenStep {
  readonly name: string;
  readonly value: Node | undefined;
  readonly at: Place;
  readonly step: Node;
  readonly frame: Frame;
}

class Expansion {
  readonly steps: Node[] = [];
  /** Where the nesting became too deep; nothing is added from there on. */
  private deepest: { readonly at: Place; readonly calls: readonly object[] } | undefined;

  addSteps(list: Node, outer: Frame): void {
    const frame = list.home === undefined ? outer : { ...inside(ARGUMENT, outer), library: list.home };
    if (list.kind !== 'list') {
      if (!isLeftOver(stringOf(list), frame.report)) reportForm(texts.stepsNotList(list), list.at, frame.report);
      return;
    }
    frame.budget.work(COST_OF_LEVEL, list.at);
    if (frame.calls.length > DEEPEST) this.deepest = { at: list.at, calls: frame.calls };
    for (const step of list.items) {
      if (this.deepest !== undefined) return;
      this.addStep(step, frame);
    }
  }

  reportDepth({ report }: Frame): void {
    if (this.deepest === undefined) return;
    const { at, calls } = this.deepest;
    report.error(texts.stepsTooDeep(DEEPEST, lastCircle(calls)), at);
  }

  private addStep(step: Node, frame: Frame): void {
    frame.budget.work(1, step.at);
    if (step.kind === 'list') return this.addSteps(step, inside(NESTED, frame));
    const written = readStep(step, frame);
    if (written === undefined) return frame.budget.work(COST_OF_MISTAKE, step.at);
    const command = commandOf(written);
    if (command !== undefined) this.addCall(command, written);
    else if (BUILT_IN_STEPS.has(written.name)) this.addBuiltIn(written);
  }

  private addBuiltIn(written: WrittenStep): void {
    const { name, value, at, step, frame } = written;
    switch (name) {
      case 'when':
      case 'unless':
        return this.addConditional(name, written);
      case 'steps':
        return this.addSteps(value ?? scalarNode(null, at), inside(NESTED, frame));
      case 'with_tool_cache':
        return this.addToolCache(written);
    }
    const printed = builtInStep(step);
    spendNode(printed, frame.budget);
    this.steps.push(printed);
  }

  /** Sets a cache up around its steps (circleci.com/docs/guides/optimize/build-tool-cache). How it is printed is not known. */
  private addToolCache({ name, value, at, step, frame }: WrittenStep): void {
    const steps = value?.kind === 'map' ? value.entries.get('steps') : undefined;
    if (value?.kind !== 'map' || steps === undefined)
      return reportForm(texts.toolCacheWithoutSteps(), value?.at ?? at, frame.report);
    const inner = new Expansion();
    inner.addSteps(steps.value, inside(NESTED, frame));
    this.deepest ??= inner.deepest;
    const entries = new Map(value.entries).set('steps', { ...steps, value: listNode(inner.steps, steps.value.at) });
    this.steps.push(mapNode([[name, { keyAt: at, value: { ...value, entries } }]], step.at));
  }

  /** Only the steps of the branch that is taken are looked into, as CircleCI does. */
  private addConditional(name: 'when' | 'unless', { value, at, frame }: WrittenStep): void {
    const { report, budget } = frame;
    const condition = member(value, 'condition');
    const steps = member(value, 'steps');
    if (condition === undefined || steps === undefined) {
      return reportForm(texts.notConditional(name), value?.at ?? at, report);
    }
    const meter = budget.meterAt(condition.at);
    budget.work(COST_OF_LEVEL, at);
    const holds = evaluateCondition(condition, { variables: undefined, report, meter }, { expressions: false });
    if (holds !== (name === 'when')) return;
    this.addSteps(steps.kind === 'map' ? listNode([steps], steps.at) : steps, inside(NESTED, frame));
  }

  private addCall(command: Element, { name, value, at, frame }: WrittenStep): void {
    frame.budget.work(COST_OF_CALL, at);
    const circle = circleTo(command, frame.calls);
    if (circle !== undefined) return frame.report.error(texts.commandCycle(circle), at);
    const report = frame.report.within(`Error calling command: '${name}'`, at);
    if (value !== undefined && value.kind !== 'map') return reportForm(texts.argumentsNotMap(name), value.at, report);

    const body = callElement(command, value, { ...frame, report, at });
    if (body === undefined) return;
    const steps = member(body, 'steps');
    if (steps === undefined) return reportForm(texts.commandWithoutSteps(name), command.body.at, report);
    this.addSteps(steps, { ...inside(command, frame), library: command.library, report });
  }
}

function readStep(step: ScalarNode | MapNode, frame: Frame): WrittenStep | undefined {
  if (step.kind === 'scalar') {
    if (typeof step.value === 'string' && step.value.trim() !== '')
      return { name: step.value, value: undefined, at: step.at, step, frame };
    reportForm(texts.notStep(step), step.at, frame.report);
    return undefined;
  }
  const [first, ...others] = step.entries;
  if (first === undefined) {
    reportForm(texts.notStep(step), step.at, frame.report);
    return undefined;
  }
  const [name, { keyAt, value }] = first;
  const isNull = value.kind === 'scalar' && value.value === null;
  // CircleCI keeps a command without arguments and drops what follows at its level, which the check of the shape tells.
  if (others.length > 0 && (!isNull || (BUILT_IN_STEPS.has(name) && !frame.library.commands.has(name)))) {
    reportForm(texts.stepWithManyKeys([...step.entries.keys()]), step.at, frame.report);
    return undefined;
  }
  return { name, value: isNull ? undefined : value, at: keyAt, step, frame };
}

/**
 * The command that a step calls. A command of a library takes the place of a built-in step of the same name; within that
 * command the name means the built-in step.
 */
function commandOf({ name, at, frame }: WrittenStep): Element | undefined {
  if (!BUILT_IN_STEPS.has(name)) return findElement('command', name, frame, at);
  if (!frame.library.commands.has(name)) return undefined;
  const command = findElement('command', name, frame, at);
  return command !== undefined && circleTo(command, frame.calls) === undefined ? command : undefined;
}
