import { resolve } from 'node:path';
import type { ServicePlace } from '../../aws/ecs/services.ts';
import { readDataFile } from '../../core/data-file.ts';
import { badArgument, invalidFile } from '../../core/errors.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { Progress } from '../../core/progress.ts';
import { pathText, stopOnProblems } from '../definition/stop-on-problems.ts';

export interface ServiceFile {
  path: string;
  /** As CreateService takes it; the cluster, the name and the task definition come from elsewhere. */
  definition: JsonObject;
  /** The task definition that it names, if any: a family, `family:revision` or an ARN. */
  taskDefinition: string | undefined;
}

/**
 * Reads a service file and checks it against the SDK's model. Throws exit code 5 or 7, and 2 when it is for another service
 * than the one that is asked for, or for one that ECS does not deploy itself.
 */
export async function readServiceFile(
  path: string,
  place: ServicePlace,
  { cwd, progress }: { cwd: string; progress: Progress },
): Promise<ServiceFile> {
  const source = await readDataFile(path, resolve(cwd, path));
  const { value } = source;
  if (!isJsonObject(value)) {
    throw invalidFile(
      `${path} holds no service`,
      `${source.locate([])}: an object as CreateService takes it is needed.`,
    );
  }
  const { serviceFindings } = await import('../../aws/ecs/model.ts');
  const findings = serviceFindings(value);
  // Without a near name it is no slip of the pen: ECS may be newer than this version.
  const refused = findings.filter(({ kind, nearest }) => kind === 'wrong-type' || nearest !== undefined);
  stopOnProblems(refused, source, { service: 'ECS', kind: 'service' });
  for (const { path: at, message } of findings) progress.warn(`${source.locate(at)}: ${pathText(at)} ${message}`);
  for (const [key, asked] of [
    ['serviceName', place.service],
    ['cluster', place.cluster],
  ] as const) {
    const own = value[key];
    if (own === undefined || nameOf(String(own)) === nameOf(asked)) continue;
    throw badArgument(`${path} is for ${key} ${JSON.stringify(own)}, not ${JSON.stringify(asked)}`, [
      `Leave it out of the file, or correct it at ${source.locate([key])}.`,
    ]);
  }
  const { deploymentController: controller } = value;
  if (isJsonObject(controller) && controller['type'] !== undefined && controller['type'] !== 'ECS') {
    throw badArgument(`${path} gives the service the deployment controller ${JSON.stringify(controller['type'])}`, [
      `This action deploys with ECS itself. Leave it out at ${source.locate(['deploymentController'])}; for blue/green, give deploymentConfiguration.strategy.`,
    ]);
  }
  const { cluster: _cluster, serviceName: _name, taskDefinition, clientToken: _token, ...definition } = value;
  return { path, definition, taskDefinition: typeof taskDefinition === 'string' ? taskDefinition : undefined };
}

/** Names and ARNs end in the name. */
function nameOf(nameOrArn: string): string {
  return nameOrArn.split('/').at(-1) ?? nameOrArn;
}
