import type { ServiceRevision, ServiceSnapshot, TaskSnapshot } from './observation.ts';
import { primaryDeployment, type OurDeployment } from './started-deployment.ts';

/** What is to be running, and what AWS and the tasks say. */
export interface ProofRequest {
  ours: OurDeployment;
  service: ServiceSnapshot;
  /** The target of the service deployment; undefined where there is none. */
  revision: ServiceRevision | undefined;
  /** Tasks of the service that are to run. */
  tasks: readonly TaskSnapshot[];
  /** Images by the name of their container, as the task definition has them. */
  images: Readonly<Record<string, string>>;
  /** What an index holds, by its digest, where it was asked for: a task may report the index or its platform's manifest. */
  partsOf?: Readonly<Record<string, IndexParts>>;
}

/** The digests of the manifests in an index, or why they can't be told. */
export type IndexParts = { digests: readonly string[] } | { unread: string };

export interface ContainerProof {
  container: string;
  /** PROVEN: every running task reports it. UNKNOWN: that can't be told. WRONG: a task reports something else. */
  state: 'PROVEN' | 'UNKNOWN' | 'WRONG';
  /** By digest: `repository@sha256:…`; undefined when it is not known. */
  digest: string | undefined;
  /** A digest that a task reports instead, which may be a part of the first. */
  other?: string;
  /** Why it is unknown or wrong. */
  text: string | undefined;
}

export interface Proof {
  /** Does the service want, and have, what was deployed? What can't be known is no contradiction. */
  holds: boolean;
  /** Another deployment has taken its place since. */
  supersededBy: string | undefined;
  runningTasks: number;
  /** So many are to run while none does, as it may be for a moment. */
  missingTasks: number;
  containers: readonly ContainerProof[];
  /** What contradicts, each a sentence. */
  problems: readonly string[];
}

/** Proves what runs after a deployment that AWS calls successful. */
export function prove(request: ProofRequest): Proof {
  const { ours, service, revision } = request;
  const primary = primaryDeployment(service);
  const supersededBy = primary && primary.id !== ours.id && isLater(primary.createdAt, ours) ? primary.id : undefined;
  const running = request.tasks.filter((task) => isOfOurs(task, ours) && task.lastStatus === 'RUNNING');
  const containers = Object.entries(request.images).map(([container, image]) =>
    proveContainer(container, image, running, request),
  );
  const own = service.deployments.find(({ id }) => id === ours.id);
  const missingTasks = running.length === 0 ? (own?.desiredCount ?? 0) : 0;
  const isEmpty = missingTasks > 0 && own?.runningCount === 0 && own.pendingCount === 0;
  const problems = [
    ...(isEmpty ? [`No task of it runs or is about to, and ${missingTasks} should`] : []),
    ...(service.taskDefinition === ours.taskDefinition
      ? []
      : [`The service is to run ${service.taskDefinition}, not ${ours.taskDefinition}`]),
    ...(primary && primary.taskDefinition !== ours.taskDefinition
      ? [`Its primary deployment ${primary.id} has ${primary.taskDefinition}`]
      : []),
    ...(revision && revision.taskDefinition !== ours.taskDefinition
      ? [`The service revision ${revision.arn} has ${revision.taskDefinition}, not ${ours.taskDefinition}`]
      : []),
    ...running.flatMap(({ arn, taskDefinition }) =>
      taskDefinition === ours.taskDefinition ? [] : [`Task ${shortId(arn)} runs ${taskDefinition}`],
    ),
    ...containers.flatMap(({ state, text }) => (state === 'WRONG' && text !== undefined ? [text] : [])),
  ];
  return {
    holds: problems.length === 0 && supersededBy === undefined,
    supersededBy,
    runningTasks: running.length,
    missingTasks,
    containers,
    problems,
  };
}

function isLater(createdAt: number | undefined, ours: OurDeployment): boolean {
  return createdAt === undefined || ours.createdAt === undefined || createdAt > ours.createdAt;
}

/** Was a task started by a deployment? */
export function isOfOurs({ startedBy }: TaskSnapshot, { id }: Pick<OurDeployment, 'id'>): boolean {
  return startedBy === id;
}

/** `0123456789abcdef…` of a task's ARN. */
export function shortId(taskArn: string): string {
  return taskArn.split('/').at(-1) ?? taskArn;
}

function proveContainer(
  container: string,
  image: string,
  running: readonly TaskSnapshot[],
  { revision, partsOf = {} }: ProofRequest,
): ContainerProof {
  const wanted = /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1];
  const reports = running.map((task) => task.containers.find(({ name }) => name === container)?.digest);
  const told = reports.filter((digest) => digest !== undefined);
  const resolved = revision?.images.find((each) => each.container === container)?.digest;
  const digest = wanted ?? told[0] ?? resolved;
  const unknown = (why: string): ContainerProof => ({ container, state: 'UNKNOWN', digest, text: why });
  if (running.length === 0) return unknown(`No task runs now, so that none reports the image of ${container}`);
  if (told.length < reports.length) {
    return unknown(
      `${reports.length - told.length} of ${reports.length} tasks don't report the digest of ${container}`,
    );
  }
  const expected = wanted ?? resolved;
  if (expected === undefined) {
    return new Set(told).size === 1
      ? unknown(`The image of ${container} goes by the tag ${image}, which may have moved; the tasks report ${told[0]}`)
      : unknown(`The tasks report different images for ${container}: ${[...new Set(told)].join(', ')}`);
  }
  const parts = partsOf[expected];
  const known = parts && 'digests' in parts ? parts.digests : undefined;
  const other = told.find((report) => report !== expected && !known?.includes(report));
  if (other === undefined) return { container, state: 'PROVEN', digest: expected, text: undefined };
  if (known === undefined) {
    const why = parts && 'unread' in parts ? `: ${parts.unread}` : '';
    const text = `${container} was deployed as ${expected} and reports ${other}; what the first holds could not be read${why}`;
    return { ...unknown(text), other };
  }
  return {
    container,
    state: 'WRONG',
    digest: expected,
    other,
    text: `${container} was deployed as ${expected} and runs ${other}`,
  };
}
