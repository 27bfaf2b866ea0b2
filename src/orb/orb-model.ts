/** What an orb consists of, as data. `orb-checks.ts` says what is allowed, `sdk.ts` turns it into CircleCI's shapes. */

export type YamlValue = null | boolean | number | string | readonly YamlValue[] | YamlMap;

export interface YamlMap {
  readonly [key: string]: YamlValue;
}

interface Named {
  /** snake_case. */
  name: string;
  description: string;
}

export interface StringParameter extends Named {
  type: 'string';
  default?: string;
}

export interface IntegerParameter extends Named {
  type: 'integer';
  default?: number;
}

export interface BooleanParameter extends Named {
  type: 'boolean';
  default?: boolean;
}

export interface EnumParameter extends Named {
  type: 'enum';
  values: readonly string[];
  default?: string;
}

export interface ExecutorParameter extends Named {
  type: 'executor';
  default?: string;
}

export interface StepsParameter extends Named {
  type: 'steps';
  default?: readonly Step[];
}

export interface EnvVarNameParameter extends Named {
  type: 'env_var_name';
  default?: string;
}

/** Without a default, a value must be given. */
export type Parameter =
  | StringParameter
  | IntegerParameter
  | BooleanParameter
  | EnumParameter
  | ExecutorParameter
  | StepsParameter
  | EnvVarNameParameter;

/** A file of `orb/src/scripts`: included by name in the unpacked orb, inlined in the packed one. */
export interface Script {
  fileName: string;
  text: string;
}

export interface RunStep {
  kind: 'run';
  name: string;
  command: string | Script;
  environment?: Readonly<Record<string, string>>;
  /** As CircleCI writes it: `30m`. */
  noOutputTimeout?: string;
  when?: 'always' | 'on_success' | 'on_fail';
}

export interface CallStep {
  kind: 'call';
  command: string;
  arguments: Readonly<Record<string, Argument>>;
}

export type Step =
  | RunStep
  | CallStep
  | { kind: 'checkout' }
  | { kind: 'attach_workspace'; at: string }
  | { kind: 'persist_to_workspace'; root: string; paths: readonly string[] }
  | { kind: 'setup_remote_docker' }
  | { kind: 'when' | 'unless'; condition: string; steps: readonly Step[] }
  /** The steps that the caller gave for a parameter of type `steps`. */
  | { kind: 'parameter'; parameter: string };

export type Argument = string | number | boolean | { steps: readonly Step[] } | { executor: ExecutorCall };

export interface ExecutorCall {
  name: string;
  arguments?: Readonly<Record<string, string | number | boolean>>;
}

export interface Command extends Named {
  parameters: readonly Parameter[];
  steps: readonly Step[];
}

export interface Job extends Named {
  /** The name of an executor of the orb, or a reference to a parameter of type `executor`. */
  executor: string;
  parameters: readonly Parameter[];
  steps: readonly Step[];
}

export interface Executor extends Named {
  image: string;
  resourceClass: string;
  parameters: readonly Parameter[];
}

/** A whole config that uses the orb. */
export interface UsageExample extends Named {
  usage: YamlMap;
}

export interface Orb {
  description: string;
  display: { homeUrl: string; sourceUrl: string };
  commands: readonly Command[];
  jobs: readonly Job[];
  executors: readonly Executor[];
  examples: readonly UsageExample[];
}

/** `<< parameters.name >>`: replaced by CircleCI with the value of the element's own parameter. */
export function parameterValue(name: string): string {
  return `<< parameters.${name} >>`;
}

/** Steps that run only when the boolean parameter `name` is true. */
export function whenParameter(name: string, steps: readonly Step[]): Step {
  return { kind: 'when', condition: parameterValue(name), steps };
}
