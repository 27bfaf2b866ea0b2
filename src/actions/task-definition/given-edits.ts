import { badArgument } from '../../core/errors.ts';
import { isJsonObject } from '../../core/json.ts';
import { parseImageReference } from '../../image/image-reference.ts';
import { tagProblems } from '../../plan/task-definition/checks.ts';
import type { TaskDefinitionEdits } from '../../plan/task-definition/edit.ts';
import { cpuUnits, memoryMebibytes } from '../../plan/task-definition/task-size.ts';
import type { TaskDefinitionInputs } from '../register-task-definition.ts';
import { joinEdits, removed, type NamedEdits } from './container-edits.ts';
import { editsOfContainers } from './containers-json.ts';

/** What the parameters ask for. Throws (exit code 2) when they contradict each other or ask for what ECS refuses. */
export function givenEdits(inputs: TaskDefinitionInputs): TaskDefinitionEdits {
  const { cpu, memory, tags, container = '', environment, secrets, removeEnvironment } = inputs;
  if (cpu !== undefined && cpuUnits(cpu) === undefined) {
    throw badArgument(`cpu must be whole CPU units, of which 1 vCPU has 1024 (got: ${JSON.stringify(cpu)})`);
  }
  if (memory !== undefined && memoryMebibytes(memory) === undefined) {
    throw badArgument(`memory must be whole MiB, of which 1 GB has 1024 (got: ${JSON.stringify(memory)})`);
  }
  for (const [key, value] of Object.entries(tags ?? {})) {
    const [problem] = tagProblems([{ key, value }]);
    if (problem) throw badArgument(`tags: ${key}: ${problem.path.at(-1)} ${problem.message}`);
  }
  const containers = joinEdits([
    ...(inputs.image ?? []).map((item) => imageEdit(item, container)),
    [container, whatIsGiven({ environment, secrets, ...removed(removeEnvironment) })],
    ...editsOfContainers(inputs.containers),
  ]);
  for (const { image } of Object.values(containers)) if (image !== undefined) parseImageReference(image);
  return whatIsGiven({ containers, cpu, memory, tags });
}

/** `CONTAINER=IMAGE` or `IMAGE`: no name of an image has an equals sign. */
function imageEdit(item: string, container: string): NamedEdits {
  const at = item.indexOf('=');
  const [name, image] = at < 0 ? [container, item] : [item.slice(0, at).trim(), item.slice(at + 1).trim()];
  if (at >= 0 && name === '') {
    throw badArgument(`image must be CONTAINER=IMAGE or IMAGE (got: ${JSON.stringify(item)})`);
  }
  return [name, { image }];
}

/** A map without entries asks for nothing. */
function whatIsGiven<T extends object>(object: T): T {
  const given = Object.entries(object).filter(([, value]) => !isJsonObject(value) || Object.keys(value).length > 0);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined)) as T;
}
