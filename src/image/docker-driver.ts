import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { badArgument, DeployError } from '../core/errors.ts';
import { EXIT } from '../core/exit-codes.ts';
import type { Progress } from '../core/progress.ts';
import { redactor } from '../core/redact.ts';
import type { DockerEngine } from './docker-engine.ts';
import { withDockerLogin } from './docker-login.ts';
import type { RegistryCredentials } from './registry/auth.ts';
import type { RegistryClient } from './registry-client.ts';
import { canceled } from './registry/errors.ts';
import { isIndex } from './registry/manifest.ts';
import { runProgram, type ProgramEnd } from './run-program.ts';
import { immutableTagTaken, tagManifest, type TagOutcome } from './tag-manifest.ts';

export interface DockerBuildOptions {
  engine: DockerEngine;
  contextDir: string;
  /** Path of the Dockerfile; `Dockerfile` in the context when left out. */
  dockerfile?: string | undefined;
  buildArgs?: Readonly<Record<string, string>>;
  /** Secrets for `RUN --mount=type=secret`: id to the name of the environment variable that holds the value. */
  secrets?: Readonly<Record<string, string>>;
  target?: string | undefined;
  platform?: string | undefined;
  /** Seconds since 1970, for BuildKit. */
  sourceDateEpoch?: number | undefined;
  /** Talks to the registry that the image goes to. */
  client: RegistryClient;
  credentials?: RegistryCredentials | undefined;
  /** Name in the registry, without host. */
  repository: string;
  /** At least one. */
  tags: readonly string[];
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
  progress?: Progress | undefined;
}

export interface DockerPushResult {
  /** As the registry confirms it. */
  digest: string;
  tags: TagOutcome[];
}

/**
 * Builds with the docker program and pushes. Values reach it in its environment and never on its command line, which others can list.
 * @throws DeployError: `docker.build_failed` and `docker.push_failed` with the last lines, exit code 3 for a refused login, 6 when canceled
 */
export async function buildAndPushWithDocker(options: DockerBuildOptions): Promise<DockerPushResult> {
  const [firstTag, ...otherTags] = options.tags;
  if (firstTag === undefined) throw badArgument('An image that docker pushes needs a tag');
  checkNames(options);
  const { client, repository, signal } = options;
  try {
    return await withDockerLogin(client.host, options.credentials, options.env, async (env, secrets) => {
      const docker = dockerProgram(options, secrets);
      const imageId = await build(options, docker, `${client.host}/${repository}:${firstTag}`, env);
      const { digest, result } = await push(options, docker, firstTag, imageId, env);
      const manifest = await client.getManifest(repository, digest);
      const tags: TagOutcome[] = [{ tag: firstTag, result }];
      for (const tag of otherTags) tags.push(await tagManifest(client, repository, tag, manifest));
      return { digest, tags };
    });
  } catch (error) {
    throw signal?.aborted ? canceled('docker build or push', signal) : error;
  }
}

type Docker = (args: readonly string[], env: NodeJS.ProcessEnv) => Promise<ProgramEnd>;

/** The docker program, whose lines are told without the secrets. */
function dockerProgram({ signal, progress }: DockerBuildOptions, secrets: readonly string[]): Docker {
  const mask = redactor({}, secrets);
  return async (args, env) => {
    const end = await runProgram('docker', args, { env, signal, onLine: (line) => progress?.info(mask(line)) });
    return end.kind === 'exited' ? { ...end, lines: end.lines.map(mask) } : end;
  };
}

/** Gives the id of the image on the engine. */
async function build(
  options: DockerBuildOptions,
  docker: Docker,
  name: string,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const { engine, progress } = options;
  const folder = await mkdtemp(join(tmpdir(), 'aws-deploy-build-'));
  try {
    const idFile = join(folder, 'image-id');
    progress?.step(`Building with docker ${engine.serverVersion} (${engine.builder})`);
    const end = await docker(buildArguments(options, name, idFile), buildEnvironment(options, env));
    if (end.kind !== 'exited' || end.code !== 0) throw failed('docker.build_failed', 'docker build failed', end);
    return (await readFile(idFile, 'utf8')).trim();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The command line; nothing on it is a secret. */
export function buildArguments(options: DockerBuildOptions, name: string, idFile: string): string[] {
  const { engine, sourceDateEpoch } = options;
  const modern = engine.builder !== 'classic';
  const args =
    engine.builder === 'buildx' ? ['buildx', 'build', '--load', '--provenance=false', '--sbom=false'] : ['build'];
  if (modern) args.push('--progress=plain');
  args.push(`--iidfile=${idFile}`, `--tag=${name}`);
  if (options.dockerfile !== undefined) args.push(`--file=${options.dockerfile}`);
  if (options.target) args.push(`--target=${options.target}`);
  if (options.platform) args.push(`--platform=${options.platform}`);
  // The classic builder would complain about an argument that no ARG asks for.
  if (modern && sourceDateEpoch !== undefined) args.push('--build-arg', 'SOURCE_DATE_EPOCH');
  for (const key of Object.keys(options.buildArgs ?? {})) args.push('--build-arg', key);
  for (const [id, variable] of Object.entries(options.secrets ?? {})) args.push('--secret', `id=${id},env=${variable}`);
  return [...args, '--', options.contextDir];
}

function buildEnvironment(
  { engine, buildArgs, sourceDateEpoch }: DockerBuildOptions,
  env: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  return {
    ...env,
    ...(engine.builder === 'buildkit' && { DOCKER_BUILDKIT: '1' }),
    ...(engine.builder === 'classic' && { DOCKER_BUILDKIT: '0' }),
    ...(sourceDateEpoch !== undefined && { SOURCE_DATE_EPOCH: String(sourceDateEpoch) }),
    ...buildArgs,
  };
}

/** Build arguments stand in docker's environment, so they must not be what docker itself, or the system that starts it, reads there. */
const READ_BY_DOCKER =
  /^(?:PATH|HOME|PWD|TMPDIR|DOCKER_.*|BUILDX_.*|BUILDKIT_(?:HOST|TLS_.*)|LD_.*|GO(?:DEBUG|MAXPROCS|GC|TRACEBACK)|SSL_CERT_.*)$/;

function checkNames({ engine, buildArgs = {}, secrets = {}, env }: DockerBuildOptions): void {
  for (const name of Object.keys(buildArgs)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw badArgument(`"${name}" is not a name for a build argument`);
    if (READ_BY_DOCKER.test(name)) {
      throw badArgument(`The build argument ${name} has a name that the docker program reads itself`, [
        'Give it another name, in the Dockerfile too.',
      ]);
    }
  }
  if (Object.keys(secrets).length > 0 && engine.builder === 'classic') {
    throw badArgument('Build secrets need BuildKit, and this docker has the classic builder only', [
      'Install docker buildx.',
    ]);
  }
  for (const [id, variable] of Object.entries(secrets)) {
    if (!/^[A-Za-z0-9._-]+$/.test(id))
      throw badArgument(`"${id}" is not an id for a build secret: letters, digits, ".", "_" and "-"`);
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(variable))
      throw badArgument(`"${variable}" is not a name of an environment variable (build secret ${id})`);
    if (env[variable] === undefined)
      throw badArgument(`The environment variable ${variable} of the build secret ${id} is not set`);
  }
}

/** Pushes one tag, and gives the digest once the registry has confirmed it. */
async function push(
  options: DockerBuildOptions,
  docker: Docker,
  tag: string,
  imageId: string,
  env: NodeJS.ProcessEnv,
): Promise<{ digest: string; result: TagOutcome['result'] }> {
  const { client, repository, progress } = options;
  const name = `${client.host}/${repository}:${tag}`;
  progress?.step(`Pushing ${name}`);
  const before = await client.findDigest(repository, tag);
  const end = await docker(['push', name], env);
  if (end.kind !== 'exited' || end.code !== 0) {
    const said = end.kind === 'exited' ? end.lines.join('\n') : '';
    if (/immutable|cannot be overwritten/i.test(said)) return alreadyThere(options, tag, imageId, lastLines(end, 1));
    throw pushFailed(end, client.host, said);
  }
  const digest = end.lines
    .map((line) => /\bdigest: (sha256:[0-9a-f]{64})\b/.exec(line)?.[1])
    .findLast((found) => found !== undefined);
  const confirmed = await client.findDigest(repository, tag);
  if (confirmed === undefined || (digest !== undefined && confirmed !== digest)) {
    throw new DeployError({
      code: 'registry.digest_mismatch',
      title: `The registry does not confirm what docker pushed as ${name}`,
      message: `docker says ${digest ?? 'nothing'}, the registry ${confirmed ?? 'has no such tag'}.`,
      hints: ['Another job may have pushed the same tag at the same time: use a tag of its own for every commit.'],
    });
  }
  return { digest: confirmed, result: confirmed === before ? 'unchanged' : 'tagged' };
}

/** An immutable tag is fine when it names this very image: engines know it by its configuration or by its manifest. */
async function alreadyThere(
  { client, repository, progress }: DockerBuildOptions,
  tag: string,
  imageId: string,
  said: string,
): Promise<{ digest: string; result: TagOutcome['result'] }> {
  const stored = await client.getManifest(repository, tag);
  const config = isIndex(stored)
    ? undefined
    : (JSON.parse(stored.bytes.toString('utf8')) as { config?: { digest?: string } }).config?.digest;
  if (stored.digest === imageId || config === imageId) {
    progress?.info(`The tag ${tag} is immutable and names this image already`);
    return { digest: stored.digest, result: 'unchanged' };
  }
  const taken = config === undefined ? stored.digest : `${stored.digest} (image ${config})`;
  throw immutableTagTaken(`${client.host}/${repository}:${tag}`, taken, `image ${imageId}`, said);
}

function pushFailed(end: ProgramEnd, host: string, said: string): DeployError {
  if (
    /no basic auth credentials|unauthorized|authentication required|authorization token|denied|403 Forbidden/i.test(
      said,
    )
  ) {
    return failed('registry.denied', `The registry ${host} refused the push`, end, EXIT.credentials, [
      `Check the credentials for ${host} and their permission to push.`,
    ]);
  }
  if (/name unknown|repository .* (?:does not exist|not found)/i.test(said)) {
    return failed('registry.repository_not_found', `The registry ${host} has no such repository`, end, EXIT.notFound, [
      'Check the name and the region, create the repository, or let create_repository do it.',
    ]);
  }
  return failed('docker.push_failed', 'docker push failed', end);
}

function failed(
  code: string,
  title: string,
  end: ProgramEnd,
  exitCode: DeployError['exitCode'] = EXIT.general,
  hints: readonly string[] = [],
): DeployError {
  const how =
    end.kind === 'exited'
      ? `exit code ${end.code}`
      : end.kind === 'missing'
        ? 'there is no docker program'
        : 'no answer';
  return new DeployError({ code, title, message: `${how}\n${lastLines(end, 20)}`.trim(), hints, exitCode });
}

function lastLines(end: ProgramEnd, count: number): string {
  return end.kind === 'exited'
    ? end.lines
        .filter((line) => line.trim() !== '')
        .slice(-count)
        .join('\n')
    : '';
}
