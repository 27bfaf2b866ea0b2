import { resolve } from 'node:path';
import { taskDefinitionFindings } from '../../aws/ecs/model.ts';
import { toldOnly } from '../../aws/ecs/told-only.ts';
import { readDataFile, type DataFile } from '../../core/data-file.ts';
import { badArgument, DeployError, invalidFile } from '../../core/errors.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { Progress } from '../../core/progress.ts';
import { parseImageReference } from '../../image/image-reference.ts';
import type { DefinitionProblem } from '../../plan/job-definition/checks.ts';
import { taskDefinitionProblems } from '../../plan/task-definition/checks.ts';
import { containersOf } from '../../plan/task-definition/containers.ts';
import { pathText, stopOnProblems } from '../definition/stop-on-problems.ts';

const REFUSED = { service: 'ECS', kind: 'task definition' };

export interface TaskDefinitionFile {
  path: string;
  /** As it is to be sent; its family may be missing when it comes from elsewhere. */
  definition: JsonObject;
  source: DataFile;
}

/** Reads a task definition file and checks it against the SDK's model. Throws exit code 5, 7 or, for another family, 2. */
export async function readTaskDefinitionFile(
  path: string,
  family: string | undefined,
  { cwd, progress }: { cwd: string; progress: Progress },
): Promise<TaskDefinitionFile> {
  const source = await readDataFile(path, resolve(cwd, path));
  const { value } = source;
  if (!isJsonObject(value)) {
    throw invalidFile(
      `${path} holds no task definition`,
      `${source.locate([])}: an object with family and containerDefinitions is needed.`,
    );
  }
  if (isJsonObject(value['taskDefinition'])) {
    throw invalidFile(
      `${path} holds an answer of describe-task-definition`,
      `${source.locate(['taskDefinition'])}: the members of taskDefinition are needed at the top.`,
    );
  }
  stopOnOtherFamily({ path, definition: value, source }, family);
  const told = toldOnly(value);
  if (told.length > 0) progress.info(`${path}: ${told.join(', ')} can only be told by ECS, and will not be sent`);
  const definition = Object.fromEntries(Object.entries(value).filter(([key]) => !told.includes(key)));
  const findings = taskDefinitionFindings(definition);
  // Without a near name it is no slip of the pen: ECS may be newer than this version.
  const refused = findings.filter(({ kind, nearest }) => kind === 'wrong-type' || nearest !== undefined);
  stopOnProblems(refused, source, REFUSED);
  for (const { path: at, message } of findings) progress.warn(`${source.locate(at)}: ${pathText(at)} ${message}`);
  return { path, definition, source };
}

/** Throws (exit code 2) when a file is for another family than the one that is asked for. */
export function stopOnOtherFamily({ path, definition, source }: TaskDefinitionFile, family: string | undefined): void {
  const own = definition['family'];
  if (family === undefined || own === undefined || own === family) return;
  throw badArgument(`${path} is for family ${JSON.stringify(own)}, not ${JSON.stringify(family)}`, [
    `Leave the one out that is wrong, or correct it at ${source.locate(['family'])}.`,
  ]);
}

/**
 * Stops (exit code 7) when ECS would refuse a definition, with every problem and, for a file, where it stands.
 * @param definition with everything that a release changes
 */
export function checkTaskDefinition(definition: JsonObject, source: DataFile | undefined): void {
  // What is carried forward was taken by ECS before, and may have images that are not for this code to judge.
  const images = source ? imageProblems(definition) : [];
  stopOnProblems([...taskDefinitionProblems(definition), ...images], source, REFUSED);
}

/** What ECS itself would only find when it starts a task. */
function imageProblems(definition: JsonObject): DefinitionProblem[] {
  return containersOf(definition).flatMap(({ image }, index) => {
    if (typeof image !== 'string' || image === '' || /\s/.test(image)) return [];
    try {
      parseImageReference(image);
      return [];
    } catch (error) {
      if (!(error instanceof DeployError)) throw error;
      return [{ path: ['containerDefinitions', index, 'image'], message: `can not be pulled: ${error.title}` }];
    }
  });
}
