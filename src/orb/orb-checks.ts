import type { Argument, CallStep, Command, Executor, Job, Orb, Parameter, Step } from './orb-model.ts';

/** Names that CircleCI keeps for itself in a job of a workflow (configuration reference, "jobs in workflows"). */
const RESERVED_JOB_PARAMETERS = new Set(['name', 'requires', 'context', 'type', 'filters', 'matrix']);

/** Parameter types by the element that may declare them (reusing-config, "parameter types"). */
const PARAMETER_TYPES = {
  command: new Set(['string', 'integer', 'boolean', 'enum', 'steps', 'env_var_name']),
  job: new Set(['string', 'integer', 'boolean', 'enum', 'steps', 'env_var_name', 'executor']),
  executor: new Set(['string', 'integer', 'boolean', 'enum']),
};

const NAME = /^[a-z][a-z0-9_]*$/;
const ENVIRONMENT_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const TAG = /(\\?)<<(.*?)(>>|$)/gs;
/** Values of the pipeline that orb steps may use. Its parameters are out of reach for an orb. */
const PIPELINE_VALUES = new Set(['pipeline.number']);

/**
 * Everything that is wrong with the orb, one sentence each; empty when nothing is. These are the rules that CircleCI
 * enforces only when a config that uses the element is compiled, or that its SDK lets pass.
 */
export function orbProblems(orb: Orb): string[] {
  return [
    ...textProblems('the orb', orb.description),
    ...kindProblems('command', orb.commands),
    ...kindProblems('job', orb.jobs),
    ...kindProblems('executor', orb.executors),
    ...kindProblems('example', orb.examples),
    ...orb.commands.flatMap((command) => elementProblems(orb, 'command', command, command.steps)),
    ...orb.jobs.flatMap((job) => elementProblems(orb, 'job', job, job.steps)),
    ...orb.jobs.flatMap((job) => jobProblems(orb, job)),
    ...orb.executors.flatMap((executor) => executorProblems(orb, executor)),
  ];
}

function kindProblems(kind: string, elements: readonly { name: string; description: string }[]): string[] {
  return [
    ...duplicates(elements.map(({ name }) => name)).map((name) => `two ${kind}s are called ${name}`),
    ...elements.flatMap(({ name, description }) => [
      ...(NAME.test(name) ? [] : [`${kind} ${name}: a name is lower case, digits and underscores`]),
      ...textProblems(`${kind} ${name}`, description),
    ]),
  ];
}

function jobProblems(orb: Orb, job: Job): string[] {
  const reserved = job.parameters.filter(({ name }) => RESERVED_JOB_PARAMETERS.has(name));
  const local = orb.executors.some(({ name }) => name === job.executor);
  return [
    ...reserved.map(({ name }) => `job ${job.name}: the parameter name ${name} is reserved by CircleCI`),
    ...(local
      ? []
      : referenceProblems(`job ${job.name}, executor`, job.executor, job.parameters, new Set(['executor']))),
  ];
}

function executorProblems(orb: Orb, executor: Executor): string[] {
  return [
    ...elementProblems(orb, 'executor', executor, []),
    ...[executor.image, executor.resourceClass].flatMap((text) =>
      templateProblems(`executor ${executor.name}`, text, executor.parameters),
    ),
  ];
}

function elementProblems(
  orb: Orb,
  kind: keyof typeof PARAMETER_TYPES,
  element: Pick<Command, 'name' | 'parameters'>,
  steps: readonly Step[],
): string[] {
  const where = `${kind} ${element.name}`;
  const names = element.parameters.map(({ name }) => name);
  return [
    ...duplicates(names).map((name) => `${where}: two parameters are called ${name}`),
    ...element.parameters
      .filter(({ type }) => !PARAMETER_TYPES[kind].has(type))
      .map(({ name, type }) => `${where}: parameter ${name} has type ${type}, which a ${kind} can not have`),
    ...element.parameters.flatMap((parameter) => parameterProblems(where, parameter)),
    ...steps.flatMap((step) => stepProblems(orb, where, step, element.parameters)),
  ];
}

function parameterProblems(where: string, parameter: Parameter): string[] {
  const at = `${where}, parameter ${parameter.name}`;
  return [
    ...(NAME.test(parameter.name) ? [] : [`${at}: a name is lower case, digits and underscores`]),
    ...textProblems(at, parameter.description),
    ...defaultProblems(at, parameter),
  ];
}

function defaultProblems(at: string, parameter: Parameter): string[] {
  const problems: string[] = [];
  if (typeof parameter.default === 'string' && parameter.default.includes('<<')) {
    problems.push(`${at}: a default can not contain <<`);
  }
  if (parameter.type === 'enum') {
    if (parameter.values.length === 0) problems.push(`${at}: an enum needs values`);
    problems.push(...duplicates(parameter.values).map((value) => `${at}: the value "${value}" is there twice`));
    if (parameter.default !== undefined && !parameter.values.includes(parameter.default)) {
      problems.push(`${at}: the default "${parameter.default}" is not one of the values`);
    }
  }
  if (parameter.type === 'integer' && parameter.default !== undefined && !Number.isSafeInteger(parameter.default)) {
    problems.push(`${at}: the default is not a whole number`);
  }
  if (
    parameter.type === 'env_var_name' &&
    parameter.default !== undefined &&
    !ENVIRONMENT_NAME.test(parameter.default)
  ) {
    problems.push(`${at}: the default is not the name of an environment variable`);
  }
  return problems;
}

function stepProblems(orb: Orb, where: string, step: Step, parameters: readonly Parameter[]): string[] {
  const inText = (text: string): string[] => templateProblems(where, text, parameters);
  switch (step.kind) {
    case 'run':
      return [
        ...(step.name === '' ? [`${where}: a run step has no name`] : []),
        ...inText(step.name),
        ...commandTextProblems(where, step.command),
        ...Object.values(step.environment ?? {}).flatMap(inText),
        ...inText(step.noOutputTimeout ?? ''),
      ];
    case 'checkout':
    case 'setup_remote_docker':
      return [];
    case 'attach_workspace':
      return inText(step.at);
    case 'persist_to_workspace':
      return [step.root, ...step.paths].flatMap(inText);
    case 'when':
    case 'unless':
      return [...inText(step.condition), ...step.steps.flatMap((inner) => stepProblems(orb, where, inner, parameters))];
    case 'parameter':
      return referenceProblems(where, `<< parameters.${step.parameter} >>`, parameters, new Set(['steps']));
    case 'call':
      return callProblems(orb, where, step, parameters);
  }
}

/** Shell text is constant: a value in it would be read by the shell as code. */
function commandTextProblems(where: string, command: string | { fileName: string; text: string }): string[] {
  if (typeof command === 'string') {
    return command.includes('<<') ? [`${where}: a command can not contain <<, values go through environment`] : [];
  }
  return command.text.includes('\\<<') ? [`${where}: ${command.fileName} contains \\<<, which can not be packed`] : [];
}

function callProblems(orb: Orb, where: string, step: CallStep, parameters: readonly Parameter[]): string[] {
  const at = `${where}, call of ${step.command}`;
  const callee = orb.commands.find(({ name }) => name === step.command);
  if (!callee) return [`${at}: there is no such command`];
  const given = Object.entries(step.arguments);
  const required = callee.parameters.filter((parameter) => parameter.default === undefined);
  return [
    ...required
      .filter(({ name }) => !(name in step.arguments))
      .map(({ name }) => `${at}: the required argument ${name} is missing`),
    ...given
      .filter(([name]) => !callee.parameters.some((parameter) => parameter.name === name))
      .map(([name]) => `${at}: there is no parameter ${name}`),
    ...given.flatMap(([, value]) => argumentProblems(orb, at, value, parameters)),
  ];
}

function argumentProblems(orb: Orb, at: string, value: Argument, parameters: readonly Parameter[]): string[] {
  if (typeof value === 'string') return templateProblems(at, value, parameters);
  if (typeof value !== 'object' || 'executor' in value) return [];
  return value.steps.flatMap((step) => stepProblems(orb, at, step, parameters));
}

function referenceProblems(
  where: string,
  text: string,
  parameters: readonly Parameter[],
  types: ReadonlySet<string>,
): string[] {
  const name = /^<< parameters\.([\w-]+) >>$/.exec(text)?.[1];
  const parameter = parameters.find((candidate) => candidate.name === name);
  if (parameter && types.has(parameter.type)) return [];
  return [`${where}: ${text} is not a declared parameter of type ${[...types].join(' or ')}`];
}

function templateProblems(where: string, text: string, parameters: readonly Parameter[]): string[] {
  return [...text.matchAll(TAG)].flatMap(([tag, , body = '', end]) => {
    const expression = body.trim();
    if (end !== '>>') return [`${where}: ${tag} is never closed`];
    if (PIPELINE_VALUES.has(expression)) return [];
    const declared = parameters.some(({ name }) => expression === `parameters.${name}`);
    return declared ? [] : [`${where}: ${tag} refers to nothing that is declared`];
  });
}

function textProblems(where: string, description: string): string[] {
  if (description.trim() === '') return [`${where}: the description is missing`];
  return description.includes('<<') ? [`${where}: the description contains <<`] : [];
}

function duplicates(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
