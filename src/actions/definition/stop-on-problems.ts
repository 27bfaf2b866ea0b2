import type { DataFile } from '../../core/data-file.ts';
import { invalidFile } from '../../core/errors.ts';
import type { DefinitionProblem } from '../../plan/job-definition/checks.ts';
import type { JsonPath } from '../../plan/job-definition/containers.ts';

/**
 * Stops (exit code 7) when AWS would refuse a definition, with every problem and, for a file, where it stands.
 * @param service that refuses it, as the user knows it
 * @param kind of the definition: `job definition`
 */
export function stopOnProblems(
  problems: readonly DefinitionProblem[],
  file: DataFile | undefined,
  { service, kind }: { service: string; kind: string },
): void {
  if (problems.length === 0) return;
  const place = (path: JsonPath): string => (file ? `${file.locate(path)}: ` : '');
  const lines = new Set(problems.map(({ path, message }) => `${place(path)}${`${pathText(path)} ${message}`.trim()}`));
  throw invalidFile(
    file ? `${service} would refuse ${file.path}` : `${service} would refuse this ${kind}`,
    [...lines].join('\n'),
    [`Nothing was sent to ${service}.`],
  );
}

/** `containerProperties.environment[2].value` */
export function pathText(path: JsonPath): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${step}`))
    .join('');
}
