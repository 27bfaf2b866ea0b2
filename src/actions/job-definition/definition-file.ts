import { resolve } from 'node:path';
import { readDataFile, type DataFile } from '../../core/data-file.ts';
import { badArgument, invalidFile } from '../../core/errors.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { Progress } from '../../core/progress.ts';
import { definitionProblems, type DefinitionProblem } from '../../plan/job-definition/checks.ts';
import type { JsonPath } from '../../plan/job-definition/containers.ts';

export interface DefinitionFile {
  definition: JsonObject;
  file: DataFile;
}

/** Reads a job definition file and gives it the name that was asked for when it has none itself. */
export async function readDefinitionFile(path: string, cwd: string, name: string | undefined): Promise<DefinitionFile> {
  const file = await readDataFile(path, resolve(cwd, path));
  if (!isJsonObject(file.value)) {
    throw invalidFile(
      `${path} holds no job definition`,
      `${file.locate([])}: an object with jobDefinitionName and type is needed.`,
    );
  }
  const own = file.value['jobDefinitionName'];
  if (name !== undefined && own !== undefined && own !== name) {
    throw badArgument(`${path} is for job definition ${JSON.stringify(own)}, not ${JSON.stringify(name)}`, [
      `Leave job_definition_name out, or correct it at ${file.locate(['jobDefinitionName'])}.`,
    ]);
  }
  return { definition: name === undefined ? file.value : { jobDefinitionName: name, ...file.value }, file };
}

/**
 * Checks a definition that comes from a file against the SDK's model and against what AWS documents. Members that the
 * model doesn't know are only warned about, because AWS may be newer than this version. Throws as `checkDefinition`.
 */
export async function checkDefinitionFile({ definition, file }: DefinitionFile, progress: Progress): Promise<void> {
  const { modelFindings } = await import('../../aws/batch-model.ts');
  const findings = modelFindings(definition);
  for (const { path, message } of findings.filter(({ kind }) => kind === 'unknown')) {
    progress.warn(`${file.locate(path)}: ${pathText(path)} ${message}`);
  }
  const wrongTypes = findings.filter(({ kind }) => kind === 'wrong-type');
  const told = new Set(wrongTypes.map(({ path }) => pathText(path)));
  const others = definitionProblems(definition).filter(({ path }) => !told.has(pathText(path)));
  stopOn([...wrongTypes, ...others], file);
}

/** Stops (exit code 7) when AWS would refuse a definition, with every problem and, for a file, where it stands. */
export function checkDefinition(definition: JsonObject, file: DataFile | undefined): void {
  stopOn(definitionProblems(definition), file);
}

function stopOn(problems: readonly DefinitionProblem[], file: DataFile | undefined): void {
  if (problems.length === 0) return;
  const place = (path: JsonPath): string => (file ? `${file.locate(path)}: ` : '');
  const lines = new Set(problems.map(({ path, message }) => `${place(path)}${`${pathText(path)} ${message}`.trim()}`));
  throw invalidFile(
    file ? `AWS Batch would refuse ${file.path}` : 'AWS Batch would refuse this job definition',
    [...lines].join('\n'),
    ['Nothing was sent to AWS Batch.'],
  );
}

/** `containerProperties.environment[2].value` */
function pathText(path: JsonPath): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${step}`))
    .join('');
}
