import { badArgument, DeployError } from '../core/errors.ts';
import { EXIT } from '../core/exit-codes.ts';
import type { Inputs, Param, Params } from './declaration.ts';
import { expandVariables } from './expand.ts';
import { flagName, orbName, orbVariable } from './names.ts';
import { orbAbsence } from './orb-absence.ts';
import { parseValue, ValueError } from './parse.ts';

export interface Sources {
  /** What stood on the command line, by parameter name; each use of a flag is one text. Taken literally. */
  flags: Readonly<Record<string, readonly string[]>>;
  /** The process environment. `ORB_*` is read from it only where `AWS_DEPLOY_ORB` is 1: in a step of the orb. */
  env: Readonly<Record<string, string | undefined>>;
}

export interface Resolved<P extends Params> {
  inputs: Inputs<P>;
  warnings: readonly string[];
}

/**
 * Turns flags, the orb's environment and the defaults into typed inputs; a flag wins over the orb's value and that over
 * the default, and an empty value counts as not given. Throws one error (exit code 2) that names every problem.
 */
export function resolveInputs<P extends Params>(params: P, sources: Sources): Resolved<P> {
  const problems: DeployError[] = [];
  const warnings: string[] = [];
  const inputs: Record<string, unknown> = {};
  for (const [name, param] of Object.entries(params)) {
    try {
      inputs[name] = resolveOne(name, param, sources, warnings);
    } catch (error) {
      if (!(error instanceof DeployError)) throw error;
      problems.push(error);
    }
  }
  if (problems.length > 0) throw combined(problems);
  return { inputs: inputs as Inputs<P>, warnings };
}

function resolveOne(name: string, param: Param, sources: Sources, warnings: string[]): unknown {
  const inOrb = sources.env['AWS_DEPLOY_ORB'] === '1';
  const spelled = inOrb ? orbName(name) : flagName(name);
  const given = (sources.flags[name] ?? []).filter((text) => text !== '');
  if (given.length > 0) return named(flagName(name), () => fromFlags(param, given, sources));
  const orbText = inOrb ? sources.env[orbVariable(name)] : undefined;
  if (orbText !== undefined && orbText !== '' && orbText !== orbAbsence(param)) {
    const value = named(orbName(name), () => fromOrb(param, orbText, sources, spelled, warnings));
    // A variable that is set to nothing gives nothing, too.
    if (value !== '') return value;
  }
  if (param.type === 'secret' && param.default !== undefined) return sources.env[param.default];
  const fallback = 'default' in param ? param.default : undefined;
  if (fallback !== undefined) return parseValue(param, String(fallback), (item) => item);
  if (param.required) throw badArgument(`${spelled} is required`, [param.description]);
  return undefined;
}

function fromFlags(param: Param, given: readonly string[], sources: Sources): unknown {
  if (param.type === 'secret') return readSecret(given.at(-1) ?? '', sources);
  const values = given.map((text) => parseValue(param, text, (item) => item));
  if (param.type === 'list') return values.flat();
  if (param.type === 'map')
    return Object.fromEntries(values.flatMap((value) => Object.entries(value as Record<string, string>)));
  return values.at(-1);
}

function fromOrb(param: Param, text: string, sources: Sources, spelled: string, warnings: string[]): unknown {
  if (param.type === 'secret') return readSecret(text, sources);
  return parseValue(param, text, (item) => {
    const { text: expanded, withheld } = expandVariables(item, sources.env);
    for (const variable of withheld) {
      warnings.push(`${spelled}: $${variable} was left as it is written, because its name says that it is secret`);
    }
    return expanded;
  });
}

function readSecret(variable: string, sources: Sources): string {
  const value = sources.env[variable];
  if (value !== undefined && value !== '') return value;
  throw new ValueError(`names the environment variable ${JSON.stringify(variable)}, which is not set`);
}

function named<T>(spelled: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ValueError) throw badArgument(`${spelled} ${error.message}`);
    if (error instanceof DeployError) throw badArgument(`${spelled}: ${error.title}`, error.hints);
    throw error;
  }
}

function combined(problems: readonly DeployError[]): DeployError {
  const [first] = problems;
  if (problems.length === 1 && first) return first;
  return new DeployError({
    code: 'arguments.invalid',
    title: `${problems.length} arguments are wrong`,
    message: problems.map((problem) => problem.title).join('\n'),
    hints: [...new Set(problems.flatMap((problem) => problem.hints))],
    exitCode: EXIT.badArguments,
  });
}
