import type { JsonObject, JsonValue } from '../core/json.ts';

interface Described {
  /** One or two sentences in plain text; the orb, `--help` and the reference all print it. */
  description: string;
  required?: true;
  /** Shown only by `--help --all`. */
  advanced?: true;
  /** Where the parameter is offered; everywhere when not given. */
  only?: 'orb' | 'cli';
}

export interface StringParam extends Described {
  type: 'string';
  default?: string;
  /** Checked against the whole value; `patternHint` says in words what is allowed. */
  pattern?: RegExp;
  patternHint?: string;
}

export interface IntegerParam extends Described {
  type: 'integer';
  default?: number;
  min?: number;
  max?: number;
}

export interface BooleanParam extends Described {
  type: 'boolean';
  default?: boolean;
}

export interface EnumParam extends Described {
  type: 'enum';
  values: readonly string[];
  default?: string;
}

/** Written `90s`, `15m`, `2h` or `500ms`; the typed input is in milliseconds. */
export interface DurationParam extends Described {
  type: 'duration';
  default?: string;
}

/** A file or folder, relative to the working directory. The typed input is the path as given. */
export interface PathParam extends Described {
  type: 'path';
  default?: string;
}

/** One item a line, or a JSON array; as a flag, repeated. */
export interface ListParam extends Described {
  type: 'list';
}

/** `KEY=VALUE` a line, split at the first `=`, or a JSON object of strings; as a flag, repeated. */
export interface MapParam extends Described {
  type: 'map';
}

export interface JsonParam extends Described {
  type: 'json';
}

/** In the orb the name of an environment variable (`env_var_name`), never a value; the typed input is what the variable holds. */
export interface SecretParam extends Described {
  type: 'secret';
  /** Name of the variable that is read when none is named. */
  default?: string;
}

export type Param =
  | StringParam
  | IntegerParam
  | BooleanParam
  | EnumParam
  | DurationParam
  | PathParam
  | ListParam
  | MapParam
  | JsonParam
  | SecretParam;

export type Params = Readonly<Record<string, Param>>;

interface InputOf {
  string: string;
  integer: number;
  boolean: boolean;
  duration: number;
  path: string;
  list: readonly string[];
  map: Readonly<Record<string, string>>;
  json: JsonValue;
  secret: string;
}

type Value<P extends Param> = P extends { type: 'enum'; values: readonly (infer V)[] }
  ? V
  : P['type'] extends keyof InputOf
    ? InputOf[P['type']]
    : never;

type AlwaysThere<P extends Param> = P extends { required: true }
  ? true
  : P extends { default: string | number | boolean }
    ? true
    : false;

/** What `run` gets: each parameter typed by its kind; `undefined` where it is neither required nor has a default. */
export type Inputs<P extends Params> = {
  readonly [K in keyof P]: AlwaysThere<P[K]> extends true ? Value<P[K]> : Value<P[K]> | undefined;
};

export interface Output {
  /** json is an object for programs: later steps get no variable of it. */
  type: 'string' | 'integer' | 'boolean' | 'list' | 'json';
  description: string;
}

export type Outputs = Readonly<Record<string, Output>>;

interface OutputValue {
  string: string;
  integer: number;
  boolean: boolean;
  list: readonly string[];
  json: JsonObject;
}

/** What `run` gives back: any of the declared outputs. */
export type OutputValues<O extends Outputs> = { readonly [K in keyof O]?: OutputValue[O[K]['type']] | undefined };

/** The same parameter, for an action that can do without it. */
export function optional<P extends Param>(param: P): Omit<P, 'required'> {
  const { required: _required, ...rest } = param;
  return rest;
}
