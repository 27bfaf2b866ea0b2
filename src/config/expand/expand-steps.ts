import { evaluateCondition } from '../expression/condition.ts';
import type { Frame } from '../frame.ts';
import type { Element } from '../library.ts';
import { member, scalarNode, type Node } from '../node.ts';
import type { Place } from '../source.ts';
import { renderNode } from '../template/render-node.ts';
import { builtInStep, isBuiltInStep } from './built-in-steps.ts';
import { callElement } from './call-element.ts';
import * as texts from './expand-texts.ts';
import { findElement } from './find-element.ts';
import { ARGUMENT, circleTo, DEEPEST, inside, lastCircle, NESTED } from './nesting.ts';
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

/** What a call takes from the budget, so that commands without end that print nothing come to an end too. */
const COST_OF_CALL = 16;

/** A step as it is written, its templates replaced: `name`, or `name: value`. */
interface WrittenStep {
  readonly step: Node;
  readonly value: Node | undefined;
  readonly at: Place;
  readonly frame: Frame;
}

class Expansion {
  readonly steps: Node[] = [];
  /** Where the nesting became too deep; nothing is added from there on. */
  private deepest: { readonly at: Place; readonly calls: readonly object[] } | undefined;

  addSteps(list: Node, outer: Frame): void {
    const frame = list.home === undefined ? outer : { ...inside(ARGUMENT, outer), library: list.home };
    if (list.kind !== 'list') return frame.report.error(texts.stepsNotList(list), list.at);
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
    frame.budget.spend(1, step.at);
    switch (step.kind) {
      case 'list':
        return this.addSteps(step, inside(NESTED, frame));
      case 'scalar':
        if (typeof step.value !== 'string') return frame.report.error(texts.stepNotStep(step), step.at);
        return this.addNamed(step.value, { step, value: undefined, at: step.at, frame });
      case 'map': {
        const [only, ...others] = step.entries;
        if (only === undefined) return frame.report.error(texts.stepNotStep(step), step.at);
        if (others.length > 0) return frame.report.error(texts.stepWithManyKeys([...step.entries.keys()]), step.at);
        const [name, { keyAt, value }] = only;
        return this.addNamed(name, { step, value, at: keyAt, frame });
      }
    }
  }

  private addNamed(name: string, written: WrittenStep): void {
    switch (name) {
      case 'when':
      case 'unless':
        return this.addConditional(name, written);
      case 'steps':
        return this.addSteps(written.value ?? scalarNode(null, written.at), inside(NESTED, written.frame));
    }
    if (!isBuiltInStep(name))
      return this.addCall(name, findElement('command', name, written.frame, written.at), written);
    const own = ownCommand(name, written);
    if (own === undefined) this.addBuiltIn(written);
    else this.addCall(name, own, written);
  }

  private addBuiltIn({ step, frame }: WrittenStep): void {
    const printed = builtInStep(step);
    spendNode(printed, frame.budget);
    this.steps.push(printed);
  }

  /** Only the steps of the branch that is taken are looked into, as CircleCI does. */
  private addConditional(name: 'when' | 'unless', { value, at, frame }: WrittenStep): void {
    const { report, budget } = frame;
    if (value?.kind !== 'map') return report.error(texts.conditionalNotMap(name), at);
    const condition = member(value, 'condition');
    const steps = member(value, 'steps');
    if (condition === undefined) report.error(texts.conditionalLacks(name, 'condition'), at);
    if (steps === undefined) report.error(texts.conditionalLacks(name, 'steps'), at);
    if (condition === undefined || steps === undefined) return;
    const meter = (work: number) => budget.spend(work, condition.at);
    const holds = evaluateCondition(condition, { variables: undefined, report, meter }, { expressions: false });
    if (holds === (name === 'when')) this.addSteps(steps, inside(NESTED, frame));
  }

  private addCall(name: string, command: Element | undefined, { value, at, frame }: WrittenStep): void {
    if (command === undefined) return;
    const circle = circleTo(command, frame.calls);
    if (circle !== undefined) return frame.report.error(texts.commandCycle(circle), at);
    const report = frame.report.within(`Error calling command: '${name}'`, at);
    const given = value?.kind === 'scalar' && value.value === null ? undefined : value;
    if (given !== undefined && given.kind !== 'map') return report.error(texts.argumentsNotMap(name), given.at);

    frame.budget.spend(COST_OF_CALL, at);
    const body = callElement(command, given, { ...frame, report, at });
    if (body === undefined) return;
    const steps = member(body, 'steps');
    if (steps === undefined) return report.error(texts.commandWithoutSteps(name), command.at);
    this.addSteps(steps, { ...inside(command, frame), library: command.library, report });
  }
}

/** A command that takes the place of a built-in step means that step when it says the name itself. */
function ownCommand(name: string, { at, frame }: WrittenStep): Element | undefined {
  if (!frame.library.commands.has(name)) return undefined;
  const command = findElement('command', name, frame, at);
  return command !== undefined && circleTo(command, frame.calls) === undefined ? command : undefined;
}
