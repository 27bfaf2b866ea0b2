import { isJsonObject, type JsonValue } from '../../core/json.ts';
import { AwsError } from '../aws-error.ts';

/** The error that the scenario has for a target: the first rule of `failTargets` whose `target` fits its ARN. */
export function failureOfScenario(part: JsonValue | undefined, targetArn: string): AwsError | undefined {
  const rules = isJsonObject(part) && Array.isArray(part['failTargets']) ? part['failTargets'] : [];
  const rule = rules.filter(isJsonObject).find(({ target }) => fits(String(target), targetArn));
  if (rule === undefined) return undefined;
  const { code, message = 'The scenario makes this target fail.', status = 400 } = rule;
  return new AwsError(String(code), String(message), Number(status));
}

/** `*` is any text. */
export function fits(pattern: string, text: string): boolean {
  const source = pattern.replace(/[.+^${}()|[\]\\?]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${source}$`, 's').test(text);
}

export interface RuleShape {
  /** `scheduler.failTargets` */
  name: string;
  required: readonly string[];
  /** With the type that each has. */
  optional: Readonly<Record<string, 'string' | 'number'>>;
}

export const FAIL_TARGETS = {
  required: ['target', 'code'],
  optional: { message: 'string', status: 'number' },
} as const satisfies Omit<RuleShape, 'name'>;

/** What is wrong with a list of rules in a scenario, a sentence each. */
export function ruleProblems(rules: JsonValue | undefined, { name, required, optional }: RuleShape): string[] {
  if (rules === undefined) return [];
  if (!Array.isArray(rules)) return [`"${name}" must be a list.`];
  return rules.flatMap((rule, index) => {
    const at = `"${name}[${index}]"`;
    if (!isJsonObject(rule)) return [`${at} must be an object.`];
    const wrong = Object.entries(rule).flatMap(([member, value]) => {
      const type = required.includes(member) ? 'string' : optional[member];
      if (type === undefined) return [`${at} has no member "${member}".`];
      // oxlint-disable-next-line valid-typeof
      return typeof value === type ? [] : [`${at}: "${member}" must be a ${type}.`];
    });
    const missing = required.filter((member) => rule[member] === undefined);
    return [...wrong, ...missing.map((member) => `${at} needs "${member}".`)];
  });
}
