import { resolve } from 'node:path';
import { readDataFile, type DataFile } from '../../core/data-file.ts';
import { badArgument, invalidFile } from '../../core/errors.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { Progress } from '../../core/progress.ts';
import { definitionProblems } from '../../plan/job-definition/checks.ts';
import { pathText, stopOnProblems } from '../definition/stop-on-problems.ts';

const REFUSED = { service: 'AWS Batch', kind: 'job definition' };

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
  stopOnProblems([...wrongTypes, ...others], file, REFUSED);
}

/** Stops (exit code 7) when AWS would refuse a definition, with every problem and, for a file, where it stands. */
export function checkDefinition(definition: JsonObject, file: DataFile | undefined): void {
  stopOnProblems(definitionProblems(definition), file, REFUSED);
}
