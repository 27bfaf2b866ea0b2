import { nearestName } from '../../core/nearest-name.ts';
import type { Budget } from '../budget.ts';
import type { CompileOptions } from '../compile.ts';
import type { Parameter } from '../library.ts';
import { scalarNode, type MapNode, type Node, type Scalar } from '../node.ts';
import { unexpectedArguments } from '../problem-texts.ts';
import type { Report } from '../problem.ts';
import type { Place } from '../source.ts';
import { renderNode } from '../template/render-node.ts';
import { variables, type Variables } from '../variables.ts';
import { argumentValue, booleanOf, integerOf } from './argument-value.ts';
import { pipelineParameterLimit, unknownPipelineValue } from './parameter-texts.ts';
import { mayBePipelineValue, PIPELINE_VALUES } from './pipeline-values.ts';
import { readParameters } from './read-parameters.ts';

/** circleci.com/docs/guides/orchestrate/pipeline-variables: what can be given to a pipeline. */
const LIMITS = { parameters: 100, name: 128, value: 512 };

/** What tags of the config can name: pipeline values, and the parameters that the config declares, with their values. */
export function pipelineVariables(
  root: MapNode,
  options: CompileOptions,
  { report, budget }: { report: Report; budget: Budget },
): Variables {
  const values = orbVariables(root, options, report);
  const declaration = root.entries.get('parameters');
  const declared = readParameters(declaration?.value, 'pipeline', report);
  const given = options.pipelineParameters ?? {};
  checkLimits(given, root.at, report);
  reportUnknown(given, declared, declaration?.keyAt ?? root.at, report);
  const parameters = new Map<string, Node>();
  for (const parameter of declared.values()) {
    const value = parameterValue(parameter, given, { values, report, budget });
    parameters.set(`pipeline.parameters.${parameter.name}`, value);
  }
  return variables(parameters, values);
}

/**
 * What tags of an orb can name: pipeline values only. Names below `pipeline.event` that nobody knows are empty, since
 * events have more fields than are listed.
 * @param root of the config: the values have its place
 */
export function orbVariables(root: MapNode, options: CompileOptions, report: Report): Variables {
  const values = new Map<string, Node>();
  for (const [name, value] of PIPELINE_VALUES) values.set(`pipeline.${name}`, scalarNode(value, root.at));
  for (const [name, value] of Object.entries(options.pipelineValues ?? {})) {
    if (mayBePipelineValue(name)) {
      const converted = typeof value === 'string' ? likeDefault(value, PIPELINE_VALUES.get(name)) : value;
      values.set(`pipeline.${name}`, scalarNode(converted, root.at));
    } else report.error(unknownPipelineValue(name, valueHints(name)), root.at);
  }
  const empty = scalarNode(null, root.at);
  return {
    lookUp: (name) => values.get(name) ?? (isFreeForm(name) ? empty : undefined),
    names: () => [...values.keys()],
  };
}

function isFreeForm(name: string): boolean {
  return name.startsWith('pipeline.') && mayBePipelineValue(name.slice('pipeline.'.length));
}

function parameterValue(
  parameter: Parameter,
  given: NonNullable<CompileOptions['pipelineParameters']>,
  { values, report, budget }: { values: Variables; report: Report; budget: Budget },
): Node {
  const { name, at } = parameter;
  if (Object.hasOwn(given, name) && given[name] !== undefined) {
    const checked = argumentValue(parameter, scalarNode(fromText(given[name], parameter), at));
    if ('error' in checked) report.error(checked.error, at);
    else if ('node' in checked) return checked.node;
  }
  const fallback = parameter.default;
  if (fallback?.kind !== 'scalar') return scalarNode(null, at);
  const rendered = renderNode(fallback, { ...values, hintFor: hintInDefault }, report, budget);
  if (rendered === fallback) return fallback;
  const checked = argumentValue(parameter, rendered);
  if ('error' in checked) report.error(checked.error, fallback.at);
  return 'node' in checked ? checked.node : rendered;
}

function hintInDefault(name: string): string | undefined {
  if (!name.startsWith('pipeline.parameters.')) return undefined;
  return 'The default of a pipeline parameter sees pipeline values, but no other pipeline parameter.';
}

/** Values from a command line are texts, whatever is meant. */
function fromText(value: Scalar, parameter: Parameter): Scalar {
  if (typeof value === 'string' && parameter.type === 'boolean') return booleanOf(value) ?? value;
  if (typeof value === 'string' && parameter.type === 'integer') return integerOf(value) ?? value;
  return value;
}

/** The same for pipeline values, whose types are those of their defaults. */
function likeDefault(value: string, model: Scalar | undefined): Scalar {
  if (typeof model === 'number') return integerOf(value) ?? value;
  return typeof model === 'boolean' ? (booleanOf(value) ?? value) : value;
}

function reportUnknown(given: object, declared: ReadonlyMap<string, Parameter>, at: Place, report: Report): void {
  const unknown = Object.keys(given).filter((name) => !declared.has(name));
  if (unknown.length === 0) return;
  const known = [...declared.keys()];
  const hints = unknown.slice(0, 20).flatMap((name) => {
    const near = nearestName(name, known);
    return near === undefined ? [] : [`Did you mean ${near} instead of ${name}?`];
  });
  const all = known.length === 0 ? 'The config declares no pipeline parameters.' : `Declared are ${known.join(', ')}.`;
  report.error(unexpectedArguments(unknown, hints.length > 0 ? hints : [all]), at);
}

function checkLimits(given: object, at: Place, report: Report): void {
  const entries = Object.entries(given);
  if (entries.length > LIMITS.parameters) {
    const text = `${entries.length} pipeline parameters are given; CircleCI takes at most ${LIMITS.parameters}`;
    report.error(pipelineParameterLimit(text), at);
  }
  for (const [name, value] of entries) {
    const shown = JSON.stringify(name.slice(0, 40));
    if (name.length > LIMITS.name) {
      const text = `The name of the pipeline parameter ${shown} has ${name.length} characters; at most ${LIMITS.name} are allowed`;
      report.error(pipelineParameterLimit(text), at);
    }
    const { length } = String(value);
    if (length > LIMITS.value) {
      const text = `The value of the pipeline parameter ${shown} has ${length} characters; at most ${LIMITS.value} are allowed`;
      report.error(pipelineParameterLimit(text), at);
    }
  }
}

function valueHints(name: string): readonly string[] {
  const parameter = name.startsWith('parameters.');
  if (parameter) return ['Give values of pipeline parameters as pipeline parameters.'];
  if (name.startsWith('pipeline.')) return [`Leave out "pipeline.": the name is ${name.slice('pipeline.'.length)}.`];
  const near = nearestName(name, [...PIPELINE_VALUES.keys()]);
  return near === undefined ? [] : [`Did you mean ${near}?`];
}
