import type { ElementKind, Parameter } from '../library.ts';
import type { Fact } from '../problem.ts';

/*
 * What CircleCI says about declarations of parameters and their values: captured in public issues, except where a
 * comment says otherwise.
 */

/** The scope of a problem in a declaration: CircleCI-Public/ruby-orb#50, circleci-config-sdk-ts#170. */
export function definitionScope(kind: ElementKind, name: string): string {
  return `Error in definition of ${kind} '${name}'`;
}

/** How CircleCI names the type of a parameter in type errors; for enums with the values: CircleCI-Public/jira-orb#42. */
export function expectedType(parameter: Pick<Parameter, 'type' | 'values'>): string {
  if (parameter.type !== 'enum') return parameter.type;
  return `enum (${(parameter.values ?? []).map((value) => JSON.stringify(value)).join(' ')})`;
}

export function wrongDefault(
  name: string,
  value: string,
  type: string,
  expected: string,
  hints: readonly string[] = [],
): Fact {
  return {
    code: 'parameter-default',
    message: `Parameter error: default value of parameter '${name}' is '${value}' (type ${type}): expected type ${expected}`,
    hints,
  };
}

export function unusualDefault(name: string, value: string, type: string, expected: string): Fact {
  return {
    code: 'parameter-default',
    message: `The default of parameter '${name}' is '${value}' (type ${type}), where ${expected} is expected: CircleCI may refuse it where it is used`,
  };
}

/** From the checks that CircleCI's language server does as the compiler does them (checkParameterDefault). */
export function unsupportedDefault(): Fact {
  return {
    code: 'parameter-default',
    message: 'Unsupported parameter default value, allowed types are "string", "integer", and "boolean"',
  };
}

/** Commands: CircleCI-Public/ruby-orb#50. */
export function restrictedParameter(name: string): Fact {
  return {
    code: 'reserved-parameter',
    message: `Restricted parameter: '${name}'`,
    hints: [`Give the parameter another name: "${name}" in a call means the step itself.`],
  };
}

/** Jobs: the words of CircleCI's language server (validateReservedParameterNames). */
export function reservedJobParameter(name: string, reserved: readonly string[]): Fact {
  const quoted = reserved.map((one) => JSON.stringify(one));
  return {
    code: 'reserved-parameter',
    message: `${quoted.slice(0, -1).join(', ')}, and ${quoted.at(-1)} are reserved parameter names in build jobs`,
    hints: [`Give the parameter "${name}" another name: a workflow uses this key itself.`],
  };
}

export function unusualParameterName(name: string): Fact {
  return {
    code: 'parameter-name',
    message: `The parameter name ${JSON.stringify(name)} is not of the documented form`,
    hints: ['Names start with a lower-case letter and hold only a-z, 0-9, _ and -.'],
  };
}

export function unusableParameterName(name: string): Fact {
  return {
    code: 'parameter-name',
    message: `A job's parameter named '${name}' can't be given in a workflow, which reads the key ${name} itself`,
    hints: ['Give the parameter another name.'],
  };
}

export function unusualParameterType(type: string): Fact {
  return {
    code: 'parameter-type',
    message: `Parameters of type ${type} are not documented for executors`,
    hints: ['CircleCI documents string, boolean, integer and enum here.'],
  };
}

export function uselessEnum(name: string, type: string): Fact {
  return {
    code: 'parameter-enum',
    message: `The values of 'enum' mean nothing for parameter '${name}', whose type is ${type}`,
    hints: ['Write type: enum to allow only these values.'],
  };
}

export function emptyPipelineDefault(name: string): Fact {
  return {
    code: 'parameter-default',
    message: `The pipeline parameter '${name}' has an empty default`,
    hints: ['Pipeline parameters need a default: write "" for an empty text.'],
  };
}

export function emptyArgument(name: string): Fact {
  return {
    code: 'empty-argument',
    message: `The argument ${name} is empty: the default of the parameter is taken`,
    hints: ['Leave the argument out, or write "" for an empty text.'],
  };
}

export function numberForText(name: string, value: string): Fact {
  return {
    code: 'number-for-text',
    message: `The argument ${name} is the number ${value}, but the parameter is a string`,
    hints: ['Put the value in quotes, or YAML drops zeros at its end.'],
  };
}

/** The limits of parameters given to a pipeline: circleci.com/docs/guides/orchestrate/pipeline-variables. */
export function pipelineParameterLimit(text: string): Fact {
  return { code: 'pipeline-parameter-limit', message: text };
}

export function unknownPipelineValue(name: string, hints: readonly string[]): Fact {
  return { code: 'unknown-pipeline-value', message: `There is no pipeline value named pipeline.${name}`, hints };
}
