/**
 * The one place that knows @circleci/circleci-config-sdk. Its parts give the shapes of parameters, steps, commands, jobs
 * and executors; what they leave out or write wrongly in 0.12.5 (descriptions of jobs and executors, conditional steps,
 * steps and executors as arguments, a stale Docker version) is added here.
 */
import circleci from '@circleci/circleci-config-sdk';
import type {
  Argument,
  Command,
  Executor,
  ExecutorCall,
  Job,
  Parameter,
  RunStep,
  Script,
  Step,
  YamlMap,
  YamlValue,
} from './orb-model.ts';

/** What stands for a script in a `command:`: its text, or the instruction to include its file. */
export type ScriptText = (script: Script) => string;

interface Part {
  name: string;
  generate(): unknown;
}

export function commandBody(command: Command, scriptText: ScriptText): YamlMap {
  const part = new circleci.reusable.ReusableCommand(command.name, stepParts(command.steps, scriptText));
  return {
    description: command.description,
    ...parametersEntry(command.parameters, scriptText),
    steps: bodyOf(part.generate(), command.name)['steps'] ?? [],
  };
}

export function jobBody(job: Job, scriptText: ScriptText): YamlMap {
  const anyExecutor = new circleci.executors.DockerExecutor('scratch');
  const part = new circleci.reusable.ParameterizedJob(
    job.name,
    anyExecutor,
    new circleci.parameters.CustomParametersList(),
    stepParts(job.steps, scriptText),
  );
  return {
    description: job.description,
    ...parametersEntry(job.parameters, scriptText),
    executor: job.executor,
    steps: bodyOf(part.generate(), job.name)['steps'] ?? [],
  };
}

export function executorBody(executor: Executor, scriptText: ScriptText): YamlMap {
  const part = new circleci.reusable.ReusableExecutor(
    executor.name,
    new circleci.executors.DockerExecutor(executor.image),
  );
  return {
    description: executor.description,
    ...parametersEntry(executor.parameters, scriptText),
    docker: bodyOf(part.generate(), executor.name)['docker'] ?? [],
    resource_class: executor.resourceClass,
  };
}

function parametersEntry(parameters: readonly Parameter[], scriptText: ScriptText): YamlMap {
  if (parameters.length === 0) return {};
  const list = new circleci.parameters.CustomParametersList(
    parameters.map((parameter) => parameterPart(parameter, scriptText)),
  );
  return { parameters: plain(list.generate()) };
}

function parameterPart(parameter: Parameter, scriptText: ScriptText) {
  const { name, type, description } = parameter;
  if (type === 'enum') {
    return new circleci.parameters.CustomEnumParameter(name, [...parameter.values], parameter.default, description);
  }
  const value = type === 'steps' ? parameter.default && stepParts(parameter.default, scriptText) : parameter.default;
  return new circleci.parameters.CustomParameter(name, type, value, description);
}

function stepShapes(steps: readonly Step[], scriptText: ScriptText): YamlValue[] {
  return stepParts(steps, scriptText).map((part) => plain(part.generate()));
}

function stepParts(steps: readonly Step[], scriptText: ScriptText) {
  // The SDK's Command is any object with a name and generate(); its own type can't be had (its declarations are broken).
  return steps.map((step) => stepPart(step, scriptText) as InstanceType<typeof circleci.commands.Checkout>);
}

function stepPart(step: Step, scriptText: ScriptText): Part {
  switch (step.kind) {
    case 'run':
      return runPart(step, scriptText);
    case 'checkout':
      return new circleci.commands.Checkout();
    case 'attach_workspace':
      return new circleci.commands.workspace.Attach({ at: step.at });
    case 'persist_to_workspace':
      return new circleci.commands.workspace.Persist({ root: step.root, paths: [...step.paths] });
    case 'setup_remote_docker':
      // The SDK's own step pins a Docker version of 2021; without one, CircleCI takes its current default.
      return { name: step.kind, generate: () => step.kind };
    case 'when':
    case 'unless':
      return {
        name: step.kind,
        generate: () => ({
          [step.kind]: { condition: step.condition, steps: stepShapes(step.steps, scriptText) },
        }),
      };
    case 'parameter':
      return { name: 'steps', generate: () => ({ steps: `<< parameters.${step.parameter} >>` }) };
    case 'call':
      return new circleci.reusable.ReusedCommand(step.command, argumentShapes(step.arguments, scriptText));
  }
}

function runPart(step: RunStep, scriptText: ScriptText): Part {
  return new circleci.commands.Run({
    name: step.name,
    ...(step.environment && { environment: { ...step.environment } }),
    ...(step.noOutputTimeout !== undefined && { no_output_timeout: step.noOutputTimeout }),
    ...(step.when && { when: step.when }),
    command: typeof step.command === 'string' ? step.command : scriptText(step.command),
  });
}

function argumentShapes(values: Readonly<Record<string, Argument>>, scriptText: ScriptText) {
  const entries = Object.entries(values);
  if (entries.length === 0) return undefined;
  return Object.fromEntries(entries.map(([name, value]) => [name, argumentShape(value, scriptText)])) as Record<
    string,
    string
  >;
}

function argumentShape(value: Argument, scriptText: ScriptText): YamlValue {
  if (typeof value !== 'object') return value;
  return 'steps' in value ? stepShapes(value.steps, scriptText) : executorShape(value.executor);
}

function executorShape(call: ExecutorCall): YamlValue {
  return call.arguments === undefined ? call.name : { name: call.name, ...call.arguments };
}

function bodyOf(generated: unknown, name: string): YamlMap {
  return (plain(generated) as Record<string, YamlMap>)[name] ?? {};
}

/** A deep copy: the SDK's parts give out their own live objects. */
function plain(generated: unknown): YamlValue {
  return structuredClone(generated) as YamlValue;
}
