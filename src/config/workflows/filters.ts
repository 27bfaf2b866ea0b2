import type { Budget } from '../budget.ts';
import { evaluateCondition } from '../expression/condition.ts';
import { ExpressionError } from '../expression/expression-error.ts';
import { filterPattern } from '../expression/filter-pattern.ts';
import { parseExpression, referencesIn } from '../expression/parse-expression.ts';
import { member, type Node, type ScalarNode } from '../node.ts';
import type { Report } from '../problem.ts';
import type { Variables } from '../variables.ts';

/** What filters are held against, and where to say what is wrong with them. */
export interface FilterScope {
  readonly variables: Variables | undefined;
  readonly report: Report;
  readonly budget: Budget;
}

/**
 * Whether a job stays in its workflow, as far as that is known when the config is compiled. Reports what is wrong with its
 * filters.
 *
 * A job is left out when the pipeline has a branch and `branches.only` does not match it. That `branches.ignore` and `tags`
 * are looked at is nowhere seen: such jobs stay. Nor is it known what becomes of expressions: here, one that is false leaves
 * its job out, provided that the pipeline has a branch or a tag, or that all values it names are there.
 * @param filters what stands under `filters`, its templates replaced
 */
export function staysInWorkflow(filters: Node | undefined, scope: FilterScope): boolean {
  if (filters?.kind === 'scalar') return expressionHolds(filters, scope) || !isDecided(filters, scope);
  const patterns = checkPatterns(filters, scope);
  const branch = knownText('pipeline.git.branch', scope);
  return branch === undefined || !patterns.only || patterns.only.some((matches) => matches(branch));
}

/**
 * Reports regular expressions that are none. CircleCI does so for workflows that are switched off, too; what still holds a
 * template there is passed over.
 * @returns what `branches.only` lists; undefined when there is no such list
 */
export function checkPatterns(
  filters: Node | undefined,
  scope: FilterScope,
): { only: ((name: string) => boolean)[] | undefined } {
  const branches = member(filters, 'branches');
  const tags = member(filters, 'tags');
  for (const node of [member(branches, 'ignore'), member(tags, 'only'), member(tags, 'ignore')]) readNames(node, scope);
  return { only: readNames(member(branches, 'only'), scope) };
}

function readNames(node: Node | undefined, { report, budget }: FilterScope): ((name: string) => boolean)[] | undefined {
  if (!node || (node.kind === 'scalar' && node.value === null)) return undefined;
  const items = node.kind === 'list' ? node.items : [node];
  return items.flatMap((item) => {
    if (item.kind !== 'scalar') return [];
    const text = String(item.value);
    const matches = text.includes('<<') ? undefined : filterPattern(text, item.at, report, budget.meterAt(item.at));
    return matches ? [matches] : [];
  });
}

function expressionHolds(filters: ScalarNode, { variables, report, budget }: FilterScope): boolean {
  if (filters.value === null) return true;
  return evaluateCondition(filters, { variables, report, meter: budget.meterAt(filters.at) }, { expressions: true });
}

/** Whether the pipeline finds the same value for an expression: what is not known here is empty. */
function isDecided(filters: ScalarNode, scope: FilterScope): boolean {
  if (knownText('pipeline.git.branch', scope) ?? knownText('pipeline.git.tag', scope)) return true;
  return namesIn(filters).every((name) => knownText(name, scope) !== undefined);
}

function namesIn({ value, insertions }: ScalarNode): readonly string[] {
  if (insertions) return insertions.map(({ expression }) => expression.trim());
  try {
    return referencesIn(parseExpression(String(value))).map(({ lexeme }) => lexeme);
  } catch (error) {
    // It has been reported when it was evaluated.
    if (error instanceof ExpressionError) return [];
    throw error;
  }
}

/** The text of a value that is there and not empty. */
function knownText(name: string, { variables }: FilterScope): string | undefined {
  const node = variables?.lookUp(name);
  if (node?.kind !== 'scalar' || node.value === null || node.value === '') return undefined;
  return String(node.value);
}
