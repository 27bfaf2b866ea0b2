import type { ElementKind, Parameter, ParameterType } from '../library.ts';
import { stringOf, type MapNode, type Node } from '../node.ts';
import type { Report } from '../problem.ts';
import { extraneousKey, invalidAt, notInEnum, requiredKey, wrongType } from '../shape/schema/schema-texts.ts';
import { schemaType } from '../shape/schema/schema-type.ts';
import type { Place } from '../source.ts';
import { scalarText } from '../template/text-of.ts';
import { defaultProblem, defaultWarning } from './parameter-default.ts';
import {
  emptyPipelineDefault,
  reservedJobParameter,
  restrictedParameter,
  unusableParameterName,
  unusualParameterName,
  unusualParameterType,
  uselessEnum,
} from './parameter-texts.ts';
import { mayHoldTag, valueType } from './value-type.ts';

export type ParameterOwner = 'pipeline' | ElementKind;

const ELEMENT_TYPES: readonly ParameterType[] = [
  'string',
  'boolean',
  'integer',
  'enum',
  'executor',
  'steps',
  'env_var_name',
];
const PIPELINE_TYPES: readonly ParameterType[] = ['string', 'boolean', 'integer', 'enum'];

/** Documented for executors are string, boolean, integer and enum; what else compiles there is not known. */
const UNUSUAL_FOR_EXECUTORS: ReadonlySet<ParameterType> = new Set(['executor', 'steps']);

const KEYS = ['type', 'default', 'description', 'enum'];

/** CircleCI's language server, validateReservedParameterNames, after the compiler. */
const RESERVED_IN_JOBS = [
  'name',
  'pre-steps',
  'post-steps',
  'filters',
  'requires',
  'context',
  'type',
  'override-with',
  'upstream',
];

/** The form that the documentation asks for; pipeline parameters are in use that break it (`GHA_Event`). */
const ELEMENT_PARAMETER_NAME = /^[a-z][a-z0-9_-]*$/;
const PIPELINE_PARAMETER_NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/**
 * Reads `parameters:` of the config, a command, a job or an executor. A declaration with a mistake, which is reported, is
 * kept as well as it can be, so that its uses are no mistakes too.
 */
export function readParameters(
  node: Node | undefined,
  owner: ParameterOwner,
  report: Report,
): ReadonlyMap<string, Parameter> {
  const parameters = new Map<string, Parameter>();
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) return parameters;
  if (node.kind !== 'map') {
    report.error(wrongType('#/parameters', 'Mapping', schemaType(node)), node.at);
    return parameters;
  }
  for (const [name, { keyAt, value }] of node.entries) {
    checkName(name, keyAt, owner, report);
    if (value.kind === 'map') parameters.set(name, readParameter(name, keyAt, value, owner, report));
    else {
      report.error(wrongType(`#/parameters/${name}`, 'Mapping', schemaType(value)), value.at);
      parameters.set(name, { name, type: 'string', at: keyAt });
    }
  }
  return parameters;
}

function checkName(name: string, at: Place, owner: ParameterOwner, report: Report): void {
  if (owner === 'job' && RESERVED_IN_JOBS.includes(name))
    report.error(reservedJobParameter(name, RESERVED_IN_JOBS), at);
  else if (owner === 'command' && name === 'name') report.error(restrictedParameter(name), at);
  else if (owner === 'job' && name === 'matrix') report.warning(unusableParameterName(name), at);
  else if (!(owner === 'pipeline' ? PIPELINE_PARAMETER_NAME : ELEMENT_PARAMETER_NAME).test(name)) {
    report.warning(unusualParameterName(name), at);
  }
}

function readParameter(name: string, at: Place, node: MapNode, owner: ParameterOwner, report: Report): Parameter {
  const path = `#/parameters/${name}`;
  for (const [key, { keyAt }] of node.entries) {
    if (!KEYS.includes(key)) report.error(extraneousKey(path, key, KEYS), keyAt);
  }
  const declared = node.entries.get('default')?.value;
  const type = readType(node, path, at, owner, report);
  const values = type === 'enum' ? readValues(node, path, at, report) : undefined;
  if (type !== 'enum' && type !== undefined && node.entries.has('enum')) {
    report.warning(uselessEnum(name, type), node.entries.get('enum')?.keyAt ?? at);
  }
  if (owner === 'pipeline') checkPipelineDefault(name, at, declared, path, report);
  const value = declared === undefined || valueType(declared) === 'null' ? undefined : declared;
  const parameter: Parameter = {
    name,
    type: type ?? typeOfDefault(declared),
    ...(value !== undefined && { default: value }),
    ...(values !== undefined && { values }),
    at,
  };
  const problem = type && value && defaultProblem(parameter, value);
  if (problem) report.error(problem, value.at);
  const oddity = type && value && defaultWarning(parameter, value);
  if (oddity) report.warning(oddity, value.at);
  return parameter;
}

function readType(
  node: MapNode,
  path: string,
  at: Place,
  owner: ParameterOwner,
  report: Report,
): ParameterType | undefined {
  const written = node.entries.get('type')?.value;
  const permitted = owner === 'pipeline' ? PIPELINE_TYPES : ELEMENT_TYPES;
  if (written === undefined) {
    report.error(requiredKey(path, 'type', [`Types are ${permitted.join(', ')}.`]), at);
    return undefined;
  }
  const text = stringOf(written);
  if (text === undefined) {
    report.error(wrongType(`${path}/type`, 'String', schemaType(written)), written.at);
    return undefined;
  }
  const type = permitted.find((one) => one === text);
  if (type === undefined) report.error(notInEnum(`${path}/type`, text, permitted), written.at);
  else if (owner === 'executor' && UNUSUAL_FOR_EXECUTORS.has(type))
    report.warning(unusualParameterType(type), written.at);
  return type;
}

/** Enums are lists of any values, which are compared as texts. */
function readValues(node: MapNode, path: string, at: Place, report: Report): readonly string[] | undefined {
  const list = node.entries.get('enum')?.value;
  if (list === undefined) {
    report.error(requiredKey(path, 'enum', ['List the values that are permitted.']), at);
    return undefined;
  }
  if (list.kind !== 'list') {
    if (!mayHoldTag(list)) report.error(wrongType(`${path}/enum`, 'Sequence', schemaType(list)), list.at);
    return undefined;
  }
  const values: string[] = [];
  for (const [index, item] of list.items.entries()) {
    if (item.kind === 'scalar' && item.value !== null) values.push(scalarText(item));
    else report.error(invalidAt(`${path}/enum/${index}`, 'Values of an enum are texts'), item.at);
  }
  return values.length === list.items.length ? values : undefined;
}

function checkPipelineDefault(name: string, at: Place, declared: Node | undefined, path: string, report: Report): void {
  if (declared === undefined) {
    report.error(requiredKey(path, 'default', ['Pipeline parameters need a default.']), at);
  } else if (valueType(declared) === 'null') report.warning(emptyPipelineDefault(name), declared.at);
}

/** A guess for a parameter without a type, so that its uses don't give errors too. */
function typeOfDefault(declared: Node | undefined): ParameterType {
  if (declared?.kind === 'list') return 'steps';
  if (declared?.kind === 'map') return 'executor';
  const type = declared && valueType(declared);
  return type === 'boolean' || type === 'integer' ? type : 'string';
}
