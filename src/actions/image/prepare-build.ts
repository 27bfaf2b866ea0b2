import { resolve } from 'node:path';
import { badArgument, DeployError, retold } from '../../core/errors.ts';
import { checkDockerfile } from '../../image/check-dockerfile.ts';
import { probeEngine, type DockerEngine } from '../../image/docker-engine.ts';
import { isTag } from '../../image/image-reference.ts';
import type { ActionContext } from '../context.ts';
import { commitTime, currentCommit } from './commit.ts';

/** What the parameters say about a build. */
export interface BuildInputs {
  repository: string;
  path: string;
  dockerfile: string | undefined;
  tags: readonly string[] | undefined;
  builder: 'auto' | 'docker' | 'embedded';
  buildArgs: Readonly<Record<string, string>> | undefined;
  buildSecrets?: Readonly<Record<string, string>> | undefined;
  target?: string | undefined;
  platform?: string | undefined;
  createRepository: boolean;
}

/** A build that was checked as far as it can be without AWS. */
export interface PreparedBuild {
  repository: string;
  createRepository: boolean;
  /** Absolute. */
  contextDir: string;
  dockerfile: string | undefined;
  tags: readonly string[];
  buildArgs: Readonly<Record<string, string>>;
  buildSecrets: Readonly<Record<string, string>>;
  target: string | undefined;
  platform: string | undefined;
  /** Undefined: the embedded builder. */
  engine: DockerEngine | undefined;
  /** Seconds since 1970. */
  sourceDateEpoch: number | undefined;
}

/**
 * Checks everything about a build that can be checked on this machine, and decides what builds. Throws before AWS is
 * called: for the Dockerfile (exit code 7, or 5 when it is not there), tags and secrets (2), a missing engine (1).
 */
export async function prepareBuild(inputs: BuildInputs, context: ActionContext): Promise<PreparedBuild> {
  const { cwd, env } = context;
  const tags = await tagsOf(inputs.tags, context);
  const contextDir = resolve(cwd, inputs.path);
  const build = {
    repository: inputs.repository,
    createRepository: inputs.createRepository,
    contextDir,
    dockerfile: inputs.dockerfile === undefined ? undefined : resolve(cwd, inputs.dockerfile),
    tags,
    buildArgs: inputs.buildArgs ?? {},
    buildSecrets: inputs.buildSecrets ?? {},
    target: inputs.target,
    platform: inputs.platform,
  };
  const engine = await chooseBuilder(inputs.builder, build, context);
  // The embedded builder's images depend on what is in them alone: another commit with the same files is the same image.
  const given = Number(env['SOURCE_DATE_EPOCH'] || Number.NaN);
  const sourceDateEpoch = Number.isSafeInteger(given) ? given : engine && (await commitTime(cwd));
  return { ...build, engine, sourceDateEpoch };
}

async function tagsOf(given: readonly string[] | undefined, context: ActionContext): Promise<readonly string[]> {
  const commit = given === undefined ? await currentCommit(context) : undefined;
  const tags = given ?? (commit === undefined ? [] : [commit]);
  if (tags.length === 0) {
    throw badArgument('no tag is given for the image, and there is no commit to name it after', [
      'Give tags, or run in a checkout.',
    ]);
  }
  for (const tag of tags) {
    if (isTag(tag)) continue;
    throw badArgument(`${JSON.stringify(tag)} is not a tag that an image can have`, [
      'A tag is up to 128 letters, digits, "_", "." and "-", and begins with a letter, a digit or "_".',
    ]);
  }
  return [...new Set(tags)];
}

type Checkable = Pick<
  PreparedBuild,
  'contextDir' | 'dockerfile' | 'buildArgs' | 'buildSecrets' | 'target' | 'platform'
>;

/** Undefined: the embedded builder, whose Dockerfile was checked. */
async function chooseBuilder(
  builder: BuildInputs['builder'],
  build: Checkable,
  { env, signal, progress }: ActionContext,
): Promise<DockerEngine | undefined> {
  const engine = builder === 'embedded' ? undefined : await probeEngine({ ...env }, signal);
  if (engine instanceof DeployError && builder === 'docker') throw engine;
  if (engine && !(engine instanceof DeployError)) {
    progress.info(`Builder: docker ${engine.serverVersion} (${engine.builder})`);
    return engine;
  }
  const why = engine instanceof DeployError ? `no Docker engine: ${engine.title}` : 'as asked';
  progress.info(`Builder: embedded (${why})`);
  if (Object.keys(build.buildSecrets).length > 0) {
    throw badArgument('build_secrets are for RUN, which the embedded builder does not know', [
      'Leave them out, or use the docker builder (in a job: remote_docker: true).',
    ]);
  }
  await checkDockerfile(build).catch((error: unknown) => {
    throw engine instanceof DeployError && error instanceof DeployError ? withoutEngine(error, engine) : error;
  });
  return undefined;
}

/** With `auto`, a Dockerfile that only docker can build is first of all a missing engine. */
function withoutEngine(error: DeployError, engine: DeployError): DeployError {
  const note = `Docker was not used: ${engine.title}. In a job, remote_docker: true gives it an engine.`;
  return retold(error, { hints: [...error.hints, note], cause: error });
}
