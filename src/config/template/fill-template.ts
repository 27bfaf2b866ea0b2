import type { Budget } from '../budget.ts';
import { evaluateExpression } from '../expression/evaluate-expression.ts';
import { ExpressionError } from '../expression/expression-error.ts';
import { expressionProblem } from '../expression/expression-texts.ts';
import { lookUpIn, nodeOfValue } from '../expression/expression-value.ts';
import { scalarNode, type Insertion, type Node } from '../node.ts';
import { tooLarge } from '../problem-texts.ts';
import type { Report } from '../problem.ts';
import type { Place } from '../source.ts';
import type { Variables } from '../variables.ts';
import type { ReadPart, ReadTag, ReadTemplate } from './read-template.ts';
import { collectionInText } from './template-texts.ts';
import { textOf } from './text-of.ts';
import { reportUnknownName } from './unknown-names.ts';

/** What values are put into templates with. */
export interface Filling {
  readonly variables: Variables;
  readonly report: Report;
  readonly budget: Budget;
}

/** What is kept of a tag that was replaced takes as much memory as this many characters, about. */
const COST_OF_INSERTION = 16;

/** Producing text is cheap beside keeping it: this many characters cost one of the budget. */
const CHEAPNESS = 64;

/**
 * The value that a template becomes: that of its tag with its type when there is nothing else, a text otherwise.
 * @param at of the template
 * @returns undefined when there were errors, which have been reported
 * @throws TooLarge
 */
export function fillTemplate(template: ReadTemplate, at: Place, filling: Filling): Node | undefined {
  if (!isUsable(template, filling)) return undefined;
  const [first] = template.parts;
  if (template.parts.length === 1 && first !== undefined && isTag(first)) return valueAlone(first, at, filling);
  const filled = fillText(template, at, filling);
  if (!filled) return undefined;
  const { text, insertions } = filled;
  return insertions.length > 0 ? { ...scalarNode(text, at), insertions } : scalarNode(text, at);
}

/** Like `fillTemplate`, for keys, which are always text. */
export function fillKey(template: ReadTemplate, at: Place, filling: Filling): string | undefined {
  return isUsable(template, filling) ? fillText(template, at, filling)?.text : undefined;
}

/** All that can be said without evaluating anything is said at once. */
function isUsable({ problems, names }: ReadTemplate, { variables, report }: Filling): boolean {
  for (const { fact, at } of problems) report.error(fact, at);
  const unknown = names.filter(({ name }) => variables.lookUp(name) === undefined);
  for (const name of unknown) reportUnknownName(name, variables, report);
  return problems.length === 0 && unknown.length === 0;
}

function valueAlone(tag: ReadTag, at: Place, filling: Filling): Node | undefined {
  const value = valueOf(tag, at, filling);
  if (!value) return undefined;
  const insertion = insertionOf(tag, value);
  return {
    ...value,
    insertions: typeof tag.meaning === 'string' ? [...(value.insertions ?? []), insertion] : [insertion],
  };
}

interface FilledText {
  readonly text: string;
  readonly insertions: readonly Insertion[];
}

function fillText(template: ReadTemplate, at: Place, filling: Filling): FilledText | undefined {
  const { parts } = template;
  const insertions: Insertion[] = [];
  let text = '';
  let index = 0;
  for (let part = parts[0]; part !== undefined; part = parts[index]) {
    index += 1;
    if (typeof part === 'string') text += part;
    else if (part.kind === 'section') {
      const value = filling.variables.lookUp(part.name);
      if ((value !== undefined && countsAsTrue(value)) === part.inverted) index = part.end;
    } else {
      const value = valueOf(part, at, filling);
      const inserted = value && textInside(part, value, filling);
      if (inserted === undefined) return undefined;
      text += inserted;
      insertions.push(insertionOf(part, value ?? null));
    }
  }
  const grown = Math.max(0, text.length - template.text.length);
  filling.budget.work(text.length / CHEAPNESS + grown + insertions.length * COST_OF_INSERTION, at);
  return { text, insertions };
}

/** The truth of a section is that of a logic statement. */
function countsAsTrue(node: Node): boolean {
  if (node.kind !== 'scalar') return true;
  return node.value !== '' && Boolean(node.value);
}

/** The value of a tag: a node of an argument as it is, or a new one for what had to be evaluated. */
function valueOf({ meaning, at: tagAt, expression }: ReadTag, at: Place, filling: Filling): Node | undefined {
  const { variables, report, budget } = filling;
  if (typeof meaning === 'string') return variables.lookUp(meaning);
  try {
    const value = evaluateExpression(meaning, lookUpIn(variables), budget.meterAt(tagAt));
    return nodeOfValue(value, at);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    report.error(expressionProblem(error, expression, variables.names()), tagAt);
    return undefined;
  }
}

function textInside(tag: ReadTag, value: Node, { report }: Filling): string | undefined {
  if (value.kind !== 'scalar') report.warning(collectionInText(tag.expression, value.kind), tag.at);
  const text = textOf(value);
  if (text === undefined) report.error(tooLarge(), tag.at);
  return text;
}

function insertionOf({ expression, meaning, at }: ReadTag, value: Node | null): Insertion {
  return { expression, at, value: typeof meaning === 'string' ? value : null };
}

function isTag(part: ReadPart): part is ReadTag {
  return typeof part === 'object' && part.kind === 'tag';
}
