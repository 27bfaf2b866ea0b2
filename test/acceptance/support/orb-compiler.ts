import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/core/json.ts';

/** A step as CircleCI would run it: no templates, no conditions, no calls any more. */
export type CompiledStep =
  | { kind: 'run'; name: string; command: string; environment: Record<string, string> }
  | { kind: 'checkout' }
  | { kind: 'setup_remote_docker' }
  | { kind: 'attach_workspace'; at: string }
  | { kind: 'persist_to_workspace'; root: string; paths: string[] };

export interface CompilerOptions {
  /** The orb, as its YAML says. */
  orb: JsonObject;
  /** The name under which a config imports the orb. */
  prefix: string;
  pipelineNumber: number;
  /** How a boolean looks in the environment of a step: CircleCI documents that it may be either. */
  booleans: 'words' | 'digits';
}

type Values = Readonly<Record<string, JsonValue>>;

/** The steps of a job of the orb, called with these arguments. */
export function compileJob(options: CompilerOptions, name: string, given: Values): CompiledStep[] {
  const job = elementOf(options.orb, 'jobs', name);
  return compileSteps(options, job['steps'], argumentsOf(job, name, given));
}

/** The steps of a job of a user's own, in which nothing is left to substitute. */
export function compileOwnSteps(options: CompilerOptions, steps: readonly JsonValue[]): CompiledStep[] {
  return compileSteps(options, [...steps], {});
}

function compileSteps(options: CompilerOptions, steps: JsonValue | undefined, values: Values): CompiledStep[] {
  if (!Array.isArray(steps)) throw new Error(`steps must be a list: ${JSON.stringify(steps)}`);
  return steps.flatMap((step) => compileStep(options, step, values));
}

function compileStep(options: CompilerOptions, step: JsonValue, values: Values): CompiledStep[] {
  const [name = '', body] = typeof step === 'string' ? [step, {}] : (Object.entries(step as JsonObject)[0] ?? []);
  // The steps of a condition are substituted when they are compiled, the arguments of a call here.
  if (name === 'when' || name === 'unless') return compileConditional(options, name, body as JsonObject, values);
  const content = substitute(body ?? {}, values, options);
  if (name === 'steps') return compileSteps(options, content, {});
  const members = isJsonObject(content) ? content : {};
  switch (name) {
    case 'run':
      return [runStep(typeof content === 'string' ? { command: content } : members, options)];
    case 'checkout':
    case 'setup_remote_docker':
      return [{ kind: name }];
    case 'attach_workspace':
      return [{ kind: name, at: String(members['at']) }];
    case 'persist_to_workspace':
      return [{ kind: name, root: String(members['root']), paths: members['paths'] as string[] }];
    default: {
      const own = name.startsWith(`${options.prefix}/`) ? name.slice(options.prefix.length + 1) : name;
      const command = elementOf(options.orb, 'commands', own);
      return compileSteps(options, command['steps'], argumentsOf(command, own, members));
    }
  }
}

function compileConditional(
  options: CompilerOptions,
  kind: 'when' | 'unless',
  { condition, steps }: JsonObject,
  values: Values,
): CompiledStep[] {
  const holds = isTruthy(substitute(condition ?? null, values, options));
  return holds === (kind === 'when') ? compileSteps(options, steps, values) : [];
}

function isTruthy(value: JsonValue): boolean {
  return !(value === false || value === null || value === 0 || value === '');
}

function runStep({ name, command, environment }: JsonObject, options: CompilerOptions): CompiledStep {
  const entries = Object.entries(isJsonObject(environment) ? environment : {});
  return {
    kind: 'run',
    name: String(name ?? command),
    command: String(command),
    environment: Object.fromEntries(entries.map(([key, value]) => [key, environmentText(value, options)])),
  };
}

function environmentText(value: JsonValue, { booleans }: CompilerOptions): string {
  if (typeof value === 'boolean') return booleans === 'words' ? String(value) : value ? '1' : '0';
  return String(value);
}

function elementOf(orb: JsonObject, kind: 'jobs' | 'commands', name: string): JsonObject {
  const element = (orb[kind] as JsonObject)[name];
  if (!isJsonObject(element)) throw new Error(`Cannot find a definition for ${kind} named ${name}`);
  return element;
}

/** The values of an element's parameters: given, or by default. Throws where CircleCI would refuse the config. */
function argumentsOf(element: JsonObject, where: string, given: Values): Values {
  const declared = (element['parameters'] ?? {}) as Record<string, JsonObject>;
  const unexpected = Object.keys(given).filter((name) => !Object.hasOwn(declared, name));
  if (unexpected.length > 0) throw new Error(`${where}: Unexpected argument(s): ${unexpected.join(', ')}`);
  return Object.fromEntries(
    Object.entries(declared).map(([name, parameter]) => {
      const value = Object.hasOwn(given, name) ? given[name] : parameter['default'];
      if (value === undefined) throw new Error(`${where}: Missing required argument(s): ${name}`);
      if (!fits(value, parameter)) {
        const type = String(parameter['type']);
        throw new Error(`${where}: Type error for argument ${name}: expected ${type}, got ${JSON.stringify(value)}`);
      }
      return [name, value];
    }),
  );
}

function fits(value: JsonValue, parameter: JsonObject): boolean {
  switch (parameter['type']) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'integer':
      return Number.isInteger(value);
    case 'steps':
      return Array.isArray(value);
    case 'enum':
      return (parameter['enum'] as JsonValue[]).includes(value);
    case 'executor':
      return typeof value === 'string' || isJsonObject(value);
    default:
      return typeof value === 'string';
  }
}

const TAG = /(\\?)<<\s*(.*?)\s*>>/gs;
const ONE_TAG = /^<<\s*([\w.-]+)\s*>>$/;

/**
 * Puts values in the place of `<< parameters.x >>` and `<< pipeline.number >>`. A value that is nothing but one tag keeps
 * its type, `\<<` is a plain `<<`, and what was put in is not looked at again.
 */
function substitute(value: JsonValue, values: Values, options: CompilerOptions): JsonValue {
  if (Array.isArray(value)) return value.map((item) => substitute(item, values, options));
  if (isJsonObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, substitute(item, values, options)]));
  }
  if (typeof value !== 'string') return value;
  const whole = ONE_TAG.exec(value)?.[1];
  if (whole !== undefined) return lookUp(whole, values, options);
  return value
    .replaceAll(TAG, (tag, escape: string, name: string) =>
      escape === '' ? String(lookUp(name, values, options)) : tag.slice(1),
    )
    .replaceAll('\\<<', '<<');
}

function lookUp(name: string, values: Values, { pipelineNumber }: CompilerOptions): JsonValue {
  if (name === 'pipeline.number') return pipelineNumber;
  const parameter = name.startsWith('parameters.') ? name.slice('parameters.'.length) : undefined;
  const value = parameter !== undefined && Object.hasOwn(values, parameter) ? values[parameter] : undefined;
  if (value === undefined) throw new Error(`Arguments referenced without declared parameters: ${name}`);
  return value;
}
