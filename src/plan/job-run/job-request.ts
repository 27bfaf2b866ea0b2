import { badArgument } from '../../core/errors.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import { chooseContainer, containerSlots, valueAt, type ContainerSlot } from '../job-definition/containers.ts';

/** What a submission changes in the job that its definition describes. */
export interface JobChanges {
  /** Which container command and environment are for, when there are several. */
  container: string | undefined;
  command: readonly string[] | undefined;
  environment: Readonly<Record<string, string>> | undefined;
  parameters: Readonly<Record<string, string>> | undefined;
  arraySize: number | undefined;
  shareIdentifier: string | undefined;
}

export interface JobIdentity {
  jobName: string;
  jobQueue: string;
  /** `name:revision`, so that IAM policies that look at tags of the revision apply, and so that it is known what runs. */
  jobDefinition: string;
}

/** The input of SubmitJob. */
export type JobRequest = JsonObject & JobIdentity;

/** AWS Batch takes no larger SubmitJob. */
const LARGEST_REQUEST_BYTES = 30 * 1024;

/**
 * Each kind of job definition has overrides of its own; values go in as they are.
 * @param definition as DescribeJobDefinitions gives it
 * Throws (exit code 2) when it is not clear which container is meant, or the request is too large.
 */
export function jobRequest(identity: JobIdentity, definition: JsonObject, changes: JobChanges): JobRequest {
  const { parameters, arraySize, shareIdentifier } = changes;
  const request = {
    ...identity,
    ...(arraySize === undefined ? {} : { arrayProperties: { size: arraySize } }),
    ...(shareIdentifier === undefined ? {} : { shareIdentifier }),
    ...(parameters === undefined || Object.keys(parameters).length === 0 ? {} : { parameters: { ...parameters } }),
    ...overrides(definition, changes),
  };
  const bytes = Buffer.byteLength(JSON.stringify(request));
  if (bytes <= LARGEST_REQUEST_BYTES) return request;
  throw badArgument(`the job would be ${bytes} bytes to submit, and AWS Batch takes ${LARGEST_REQUEST_BYTES}`, [
    'Put large values of command, environment and parameters into a file in S3, and give the job its address.',
  ]);
}

/** What tells one submission from another, whatever the job is called and where it goes. */
export function changesAsJson({ container, command, environment, parameters, arraySize }: JobChanges): JsonObject {
  return {
    container: container ?? null,
    command: command ? [...command] : [],
    environment: { ...environment },
    parameters: { ...parameters },
    arraySize: arraySize ?? null,
  };
}

function overrides(definition: JsonObject, { container, command, environment }: JobChanges): JsonObject {
  const hasCommand = command !== undefined && command.length > 0;
  const pairs = Object.entries(environment ?? {}).map(([name, value]) => ({ name, value }));
  if (!hasCommand && pairs.length === 0) return {};
  const slot = chooseContainer(containerSlots(definition), container);
  const change: JsonObject = {
    ...(hasCommand ? { command: [...command] } : {}),
    ...(pairs.length > 0 ? { [slot.environmentKey]: pairs } : {}),
  };
  const holder = holderOverrides(definition, slot, change);
  const range = nodeRangeOf(definition, slot);
  return range === undefined
    ? holder
    : { nodeOverrides: { nodePropertyOverrides: [{ targetNodes: range, ...holder }] } };
}

/** The change in the place of its container: alone, in a task of ECS, or in a pod of EKS. */
function holderOverrides(definition: JsonObject, slot: ContainerSlot, change: JsonObject): JsonObject {
  const named = { name: valueAt(definition, [...slot.path, 'name']) ?? '', ...change };
  if (slot.path.includes('ecsProperties')) {
    return { ecsPropertiesOverride: { taskProperties: [{ containers: [named] }] } };
  }
  if (slot.path.includes('eksProperties')) {
    return { eksPropertiesOverride: { podProperties: { [slot.init ? 'initContainers' : 'containers']: [named] } } };
  }
  return { containerOverrides: change };
}

/** For a multi-node job, the nodes that the container is of, as the definition writes them. */
function nodeRangeOf(definition: JsonObject, { path }: ContainerSlot): JsonValue | undefined {
  const [properties, ranges, index] = path;
  if (properties !== 'nodeProperties' || ranges === undefined || index === undefined) return undefined;
  return valueAt(definition, [properties, ranges, index, 'targetNodes']) ?? '0:';
}
