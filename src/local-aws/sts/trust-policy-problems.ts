import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import { findOperator, OPERATOR_NAMES } from './condition-operators.ts';
import { asList } from './trust-policy.ts';

const POLICY_MEMBERS = ['Version', 'Id', 'Statement'];
const STATEMENT_MEMBERS = ['Sid', 'Effect', 'Principal', 'Action', 'NotAction', 'Condition'];

/** What is wrong with a trust policy, or not known here, a sentence each. `at` is where it stands. */
export function trustPolicyProblems(policy: JsonValue | undefined, at: string): string[] {
  if (!isJsonObject(policy)) return [`"${at}" must be a policy: an object with "Statement".`];
  const statements = asList(policy['Statement']);
  return [
    ...unknownMembers(policy, POLICY_MEMBERS, at),
    ...(statements.length === 0 ? [`"${at}" needs "Statement".`] : []),
    ...statements.flatMap((statement, index) =>
      isJsonObject(statement)
        ? statementProblems(statement, `${at}.Statement[${index}]`)
        : [`"${at}.Statement[${index}]" must be an object.`],
    ),
  ];
}

function statementProblems(statement: JsonObject, at: string): string[] {
  const problems = unknownMembers(statement, STATEMENT_MEMBERS, at);
  const { Effect, Principal, Action, NotAction, Condition } = statement;
  if (Effect !== 'Allow' && Effect !== 'Deny') problems.push(`"${at}" needs "Effect": "Allow" or "Deny".`);
  if ((Action === undefined) === (NotAction === undefined)) {
    problems.push(`"${at}" needs "Action", or "NotAction", such as "sts:AssumeRoleWithWebIdentity".`);
  } else if (!areTexts(Action ?? NotAction)) problems.push(`The action of "${at}" must be text, or a list of texts.`);
  if (Principal !== '*' && !(isJsonObject(Principal) && Object.values(Principal).every(areTexts))) {
    problems.push(`"${at}" needs "Principal", such as {"Federated": "<ARN of the provider>"}.`);
  }
  if (Condition !== undefined) problems.push(...conditionProblems(Condition, `${at}.Condition`));
  return problems;
}

function conditionProblems(condition: JsonValue, at: string): string[] {
  if (!isJsonObject(condition)) return [`"${at}" must be an object.`];
  return Object.entries(condition).flatMap(([operator, tests]) => {
    if (findOperator(operator) === undefined) {
      return [`"${at}" has "${operator}", which the local AWS does not know, only ${OPERATOR_NAMES.join(', ')}.`];
    }
    if (!isJsonObject(tests)) return [`"${at}.${operator}" must be an object.`];
    return Object.entries(tests)
      .filter(([, wanted]) => !areScalars(wanted))
      .map(([key]) => `"${at}.${operator}": the value of "${key}" must be text, or a list of texts.`);
  });
}

function unknownMembers(object: JsonObject, known: readonly string[], at: string): string[] {
  return Object.keys(object)
    .filter((member) => !known.includes(member))
    .map((member) => `"${at}" has no member "${member}", only ${known.join(', ')}.`);
}

function areTexts(value: JsonValue | undefined): boolean {
  return value !== undefined && asList(value).every((each) => typeof each === 'string');
}

function areScalars(value: JsonValue): boolean {
  return asList(value).every((each) => ['string', 'boolean', 'number'].includes(typeof each));
}
