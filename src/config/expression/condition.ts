import { stringOf, type MapNode, type Node, type ScalarNode } from '../node.ts';
import type { Report } from '../problem.ts';
import type { Place } from '../source.ts';
import { scalarText } from '../template/text-of.ts';
import type { Variables } from '../variables.ts';
import * as texts from './condition-texts.ts';
import { isTruthy } from './evaluate-expression.ts';
import { evaluateText, looksLikeExpression } from './evaluate-text.ts';
import { readPattern } from './filter-pattern.ts';
import type { Meter } from './pattern.ts';
import { sameValue } from '../same-value.ts';

export interface ConditionScope {
  /** What an expression can name. */
  readonly variables: Variables | undefined;
  readonly report: Report;
  readonly meter?: Meter;
}

/** With YAML's aliases, a few lines can be statements without end. */
const COST_OF_NODE = 4;

/** Levels of statements within statements that CircleCI accepts (configuration reference, logic statements). */
const deepest = 100;

const statements = ['and', 'or', 'not', 'equal', 'matches'] as const;
type Statement = (typeof statements)[number];

/**
 * Whether a condition holds: `condition` of the steps `when` and `unless`, `when` and `unless` of workflows, or `filters` of
 * jobs. The node is rendered already, so that tags have become values.
 *
 * With `expressions` (workflows and filters), a text is an expression if no tag was in it. One that came out of tags is a
 * value, and true unless it is empty: `when: << pipeline.git.tag >>` asks whether there is a tag, and what a branch is
 * called never becomes part of an expression. Texts within logic statements are values too, as the table of logic
 * statements in the configuration reference has it ("YAML literal"); a warning tells who meant an expression there.
 *
 * Operands are evaluated in their order, and no more of them than are needed: CircleCI does not see an invalid pattern
 * behind a false operand of `and`. A part that is wrong is reported and counts as false.
 */
export function evaluateCondition(
  node: Node,
  scope: ConditionScope,
  { expressions }: { expressions: boolean },
): boolean {
  const text = stringOf(node);
  if (!expressions || text === undefined || text === '' || isInserted(node)) {
    return new Logic(scope, expressions).isTrue(node, 1);
  }
  if (text.trim() !== 'always') return isTruthy(evaluateText(text, node.at, scope));
  evaluateText(text, node.at, scope, texts.alwaysIsNoValue());
  return false;
}

class Logic {
  private readonly scope: ConditionScope;
  private readonly direct: boolean;

  constructor(scope: ConditionScope, direct: boolean) {
    this.scope = scope;
    this.direct = direct;
  }

  /** @param depth the level of the statement, from 1 */
  isTrue(node: Node, depth: number): boolean {
    this.scope.meter?.(COST_OF_NODE);
    switch (node.kind) {
      case 'scalar':
        return this.isTrueValue(node);
      case 'list':
        // Orbs ask so for steps that they are given: `condition: <<parameters.after_checkout>>` in circleci/docker.
        if (isInserted(node)) return true;
        return this.wrong(texts.listAsCondition(), node.at);
      case 'map':
        return this.isTrueStatement(node, depth);
    }
  }

  private isTrueValue(node: ScalarNode): boolean {
    const { value } = node;
    if (typeof value !== 'string') return value !== null && value !== false && value !== 0 && !Number.isNaN(value);
    if (isInserted(node) ? hasTextAround(node) : looksLikeExpression(value)) {
      this.scope.report.warning(texts.textIsAlwaysTrue(value, this.direct), node.at);
    }
    return value !== '';
  }

  private isTrueStatement(node: MapNode, depth: number): boolean {
    if (depth > deepest) return this.wrong(texts.nestedTooDeeply(deepest), node.at);
    const [first] = node.entries;
    if (!first) return false;
    if (this.direct && depth === 1 && node.entries.size === 1 && first[0] === 'condition') {
      this.scope.report.warning(texts.conditionIsNotEvaluated(), first[1].keyAt);
      return true;
    }
    const unknown = [...node.entries].filter(([name]) => !isStatement(name));
    for (const [name, { keyAt }] of unknown) this.scope.report.error(texts.unknownStatement(name, statements), keyAt);
    if (unknown.length > 0) return false;
    if (node.entries.size > 1) return this.wrong(texts.severalStatements([...node.entries.keys()]), node.at);

    const [name, { value: argument }] = first;
    // `and:` with nothing behind it is a statement without arguments; a pipeline value that is empty is an argument.
    if (argument.kind === 'scalar' && argument.value === null && !isInserted(argument)) return false;
    return this.evaluate(name as Statement, argument, depth);
  }

  private evaluate(name: Statement, argument: Node, depth: number): boolean {
    switch (name) {
      case 'not':
        return !this.isTrue(argument, depth + 1);
      case 'matches':
        return this.isMatch(argument);
      case 'and':
        return this.operands(name, argument)?.every((operand) => this.isTrue(operand, depth + 1)) ?? false;
      case 'or':
        return this.operands(name, argument)?.some((operand) => this.isTrue(operand, depth + 1)) ?? false;
      case 'equal': {
        const [first, ...others] = this.operands(name, argument) ?? [];
        return first !== undefined && others.every((other) => sameValue(first, other));
      }
    }
  }

  private operands(name: Statement, argument: Node): readonly Node[] | undefined {
    if (argument.kind === 'list' && argument.items.length > 0) return argument.items;
    const found = argument.kind === 'scalar' ? 'single value' : argument.kind;
    this.wrong(argument.kind === 'list' ? texts.noArguments(name) : texts.argumentsNotAList(name, found), argument.at);
    return undefined;
  }

  /** A value that is null, such as the tag of a pipeline without one, matches nothing. */
  private isMatch(argument: Node): boolean {
    if (argument.kind !== 'map') return this.wrong(texts.matchesShape(`found no map`), argument.at);
    const { entries } = argument;
    const extra = [...entries].filter(([key]) => key !== 'pattern' && key !== 'value');
    for (const [key, { keyAt }] of extra) this.wrong(texts.matchesShape(`'${key}' is not one of them`), keyAt);
    const source = this.textUnder('pattern', argument);
    const value = this.textUnder('value', argument);
    if (extra.length > 0 || source === undefined || value === undefined) return false;
    if (source.text === null) return this.wrong(texts.matchesShape(`'pattern' is empty`), source.at);
    const { report, meter } = this.scope;
    const pattern = readPattern(source.text, source.at, report, meter);
    return pattern !== undefined && value.text !== null && pattern.matches(value.text, meter);
  }

  private textUnder(key: 'pattern' | 'value', map: MapNode): { text: string | null; at: Place } | undefined {
    const node = map.entries.get(key)?.value;
    if (!node) {
      this.wrong(texts.matchesShape(`'${key}' is missing`), map.at);
      return undefined;
    }
    if (node.kind !== 'scalar') {
      this.wrong(texts.matchesShape(`'${key}' is a ${node.kind}`), node.at);
      return undefined;
    }
    return { text: node.value === null ? null : scalarText(node), at: node.at };
  }

  private wrong(fact: Parameters<Report['error']>[0], at: Place): false {
    this.scope.report.error(fact, at);
    return false;
  }
}

function isStatement(name: string): name is Statement {
  return (statements as readonly string[]).includes(name);
}

function isInserted({ insertions }: Node): boolean {
  return insertions !== undefined && insertions.length > 0;
}

/** Whether a text has more in it than the value of one tag. Not known where a tag held an expression. */
function hasTextAround({ value, insertions = [] }: ScalarNode): boolean {
  if (value === '' || insertions.some((insertion) => insertion.value === null)) return false;
  return !insertions.some((insertion) => insertion.value?.kind === 'scalar' && insertion.value.value === value);
}
