import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { evaluateExpression, isTruthy, type LookUp } from '../../../src/config/expression/evaluate-expression.ts';
import { ExpressionError } from '../../../src/config/expression/expression-error.ts';
import { expressionValueOf } from '../../../src/config/expression/expression-value.ts';
import { parseExpression } from '../../../src/config/expression/parse-expression.ts';
import { Pattern } from '../../../src/config/expression/pattern.ts';
import type { JsonValue } from '../../../src/core/json.ts';
import { nodeOf } from '../support/node-of.ts';

interface Case {
  readonly id: string;
  readonly expression: string;
  readonly environment: Readonly<Record<string, JsonValue>>;
  readonly result?: JsonValue;
  readonly pattern?: string;
  readonly error?: { errorType: string; lexeme: string; charPos: number; tokenType?: string };
}

function casesOf(file: string): (readonly [string, Case])[] {
  const cases: Case[] = JSON.parse(readFileSync(new URL(`cases/${file}`, import.meta.url), 'utf8'));
  return cases.map((each) => [`${each.id}: ${each.expression.slice(0, 60)}`, each]);
}

function lookUpFor(environment: Case['environment']): LookUp {
  const values = new Map(Object.entries(environment));
  return (name) => {
    const value = values.get(name);
    return value === undefined ? undefined : expressionValueOf(nodeOf(value));
  };
}

function errorOf(run: () => unknown): unknown {
  try {
    return { returned: run() };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const { errorType, lexeme, charPos, tokenType } = error;
    return { errorType, lexeme, charPos, ...(tokenType === undefined ? {} : { tokenType }) };
  }
}

/** The value in the form of the cases. */
function evaluate({ expression, environment }: Case): JsonValue {
  const value = evaluateExpression(parseExpression(expression), lookUpFor(environment));
  if (value instanceof Pattern) return { pattern: value.source };
  return typeof value === 'bigint' ? Number(value) : (value ?? null);
}

function test({ expression, environment }: Case): boolean {
  return isTruthy(evaluateExpression(parseExpression(expression), lookUpFor(environment)));
}

describe.each([
  ['evaluator.json', 247, evaluate],
  ['test.json', 252, test],
] as const)("CircleCI's own cases of %s", (file, count, run) => {
  const cases = casesOf(file);

  it(`are ${count}`, () => {
    expect(cases).toHaveLength(count);
  });

  it.each(cases)('%s', (_, each) => {
    if (each.error) expect(errorOf(() => run(each))).toEqual(each.error);
    else expect(run(each)).toEqual(each.pattern === undefined ? each.result : { pattern: each.pattern });
  });
});
