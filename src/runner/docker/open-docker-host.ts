import { chmod, mkdir } from 'node:fs/promises';
import { systemClock, type Clock } from '../../core/clock.ts';
import { hostEnvironment } from '../job/host-environment.ts';
import type { JobPlace } from '../job-place.ts';
import type { DockerImage, Executor, Job } from '../pipeline/pipeline.ts';
import type { OpenHost } from '../run-job.ts';
import { hostShell } from '../shell/host-shell.ts';
import type { ToolProgram } from '../tools/tool-shims.ts';
import { bringImage, type ImageFacts } from './engine/bring-image.ts';
import { containerOf, type Container } from './container/container.ts';
import { runsItself } from './container/container-arguments.ts';
import { canRunTools, prepareTools, whyNoTools, type ContainerTools } from './container/container-tools.ts';
import { ownerLabel, removeContainersOfDeadRuns } from './engine/dead-runs.ts';
import { dockerProgram, type Docker } from './engine/docker-program.ts';
import { dockerShell } from './commands/docker-shell.ts';
import { findEngine, type Engine } from './engine/find-engine.ts';
import { jobPaths, pathOnHost, type JobPaths } from './files/job-paths.ts';
import { lookAround, type Surroundings } from './container/look-around.ts';
import { remoteDocker } from './engine/remote-docker.ts';
import { startServices, type Services } from './container/services.ts';
import { SHARED_GROUP, SharedFiles } from './files/shared-files.ts';
import { removeContainers, startJobContainer, type StartedContainer } from './container/start-container.ts';
import { takeBack } from './files/take-back.ts';

export interface DockerHostOptions {
  /** Folder of the tools on the PATH of the job. */
  readonly toolsFolder: string;
  /** What runs the tools; the program that runs now when not said. */
  readonly tools?: ToolProgram;
  /** Environment of docker's client, and of jobs that run on this machine all the same. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock?: Clock;
  readonly say: (text: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Opens a job in its image, with its services beside it, all in the network of this machine. A job without an image runs on
 * this machine. Throws a DeployError when there is no engine, or an image can't be had or started; nothing is left behind then.
 */
export async function openDockerHost(job: Job, place: JobPlace, options: DockerHostOptions): Promise<OpenHost> {
  const { executor } = job;
  const { clock = systemClock, env, say, signal } = options;
  if (executor.kind !== 'docker') {
    say(notInDocker(executor));
    const leftBehind = (ids: readonly number[]): void => say(`These processes could not be ended: ${ids.join(', ')}`);
    return { host: hostShell({ folder: place.folder, clock, leftBehind }), environment: hostEnvironment(env) };
  }
  const docker = dockerProgram(env);
  const engine = await findEngine(docker, env, signal);
  await removeContainersOfDeadRuns(docker);
  const opening = new Opening(job, executor.images, { ...options, docker, engine, place, clock });
  try {
    return await opening.open();
  } catch (error) {
    await opening.remove();
    throw error;
  }
}

function notInDocker({ kind, image }: Exclude<Executor, { kind: 'docker' }>): string {
  const what = kind === 'macos' ? `macOS with Xcode ${image}` : `the machine image ${image}`;
  return `The job wants ${what}, which no container is: it runs on this machine itself (${process.platform}).`;
}

interface Around extends DockerHostOptions {
  readonly docker: Docker;
  readonly engine: Engine;
  readonly place: JobPlace;
  readonly clock: Clock;
}

/** What a job has of containers, from its first to their removal. */
class Opening {
  private readonly job: Job;
  private readonly image: DockerImage;
  private readonly serviceImages: readonly DockerImage[];
  private readonly around: Around;
  private services: Services | undefined;
  private started: StartedContainer | undefined;
  /** Number of this process's user in the container. */
  private runner: string | undefined;

  constructor(job: Job, images: readonly DockerImage[], around: Around) {
    const [image, ...serviceImages] = images;
    if (!image) throw new Error('a docker executor has an image');
    this.job = job;
    this.image = image;
    this.serviceImages = serviceImages;
    this.around = around;
  }

  async open(): Promise<OpenHost> {
    const { docker, engine, env, place, clock, say, toolsFolder } = this.around;
    const facts = await this.bringImages();
    const remote = await remoteDocker(this.job, engine, env);
    if (remote) say(remote.text);
    const paths = jobPaths(this.job, place);
    const tools = await this.makeFolders(paths);
    const names = [this.image, ...this.serviceImages].flatMap(({ name }) => name ?? []);
    const common = { labels: ownerLabel(), hostNames: names };
    const servicePlans = this.serviceImages.map((image) => ({ image, ...common }));
    this.services = await startServices(docker, servicePlans, say);
    const plan = {
      ...common,
      image: this.image,
      facts,
      mounts: [...paths.mounts, ...tools.mounts, ...(remote?.mounts ?? [])],
      groups: [SHARED_GROUP, ...(remote?.groups ?? [])],
    };
    this.started = await startJobContainer(docker, plan);
    const { image } = this.image;
    const unknown = containerOf({ docker, id: this.started.id, image, isRoot: false });
    const { folder } = place;
    const seen = await lookAround(unknown, { folder, hostNode: tools.hostNode, runsItself: runsItself(plan) });
    this.runner = seen.users.runner;
    const container: Container = { ...unknown, isRoot: seen.users.user === '0' };
    await this.writeTools(tools, seen);
    const owned = [place.home, ...(paths.working ? [paths.working.target] : [])];
    const files = new SharedFiles(container, seen.users, { place, owned });
    await files.open();
    return {
      host: dockerShell({
        ...{ container, place, files, clock },
        hostPath: (path) => pathOnHost(path, [...paths.mounts, { source: toolsFolder, target: toolsFolder }], image),
        remove: () => this.remove(),
      }),
      environment: { ...facts.env, ...remote?.environment, ...Object.fromEntries(this.image.environment) },
    };
  }

  async remove(): Promise<void> {
    const { docker, place, say } = this.around;
    const { started, services, runner } = this;
    this.started = undefined;
    this.services = undefined;
    const reasons = await Promise.all([started && removeContainers(docker, [started.id]), services?.remove()]);
    for (const reason of reasons) if (reason !== undefined) say(`Containers of the job stay: ${reason}`);
    started?.letGo();
    if (runner === undefined) return;
    await takeBack({ docker, image: this.image.image, folder: place.folder, runner, say });
  }

  /** One after the other, and all of them: a missing one is said before anything starts. */
  private async bringImages(): Promise<ImageFacts> {
    const facts = await bringImage(this.image.image, this.around);
    for (const { image } of this.serviceImages) await bringImage(image, this.around);
    return facts;
  }

  private async makeFolders({ temp, working, tools: folder }: JobPaths): Promise<ContainerTools> {
    for (const each of [temp, ...(working ? [working.source] : [])]) await mkdir(each, { recursive: true });
    await chmod(temp, 0o1777);
    const { toolsFolder, tools = { node: process.execPath, program: process.argv[1] ?? '' } } = this.around;
    return prepareTools({ folder, toolsFolder, tools });
  }

  private async writeTools(tools: ContainerTools, { node, hostNodeVersion }: Surroundings): Promise<void> {
    const { image } = this.image;
    const ofImage = node && canRunTools(node.version) ? node.path : undefined;
    const chosen = ofImage ?? (canRunTools(hostNodeVersion) ? tools.hostNode : undefined);
    if (chosen === undefined) this.around.say(`circleci: ${whyNoTools(image)}.`);
    await tools.write(chosen, image);
  }
}
