import type { JobPlace } from '../job-place.ts';
import type { Job } from '../pipeline/pipeline.ts';
import { CONTROL_VARIABLE } from '../tools/control-files.ts';

export type Environment = Readonly<Record<string, string>>;

/** What one node of a job is, for its environment. What is not known stays absent, as CircleCI leaves out what it doesn't know. */
export interface JobIdentity {
  /** As the workflow calls it. */
  readonly name: string;
  readonly node: number;
  readonly parallelism: number;
  /** As written in the config. */
  readonly workingDirectory: string;
  /** Unique for the node's job in the run; CircleCI's are UUIDs. */
  readonly jobId: string;
  readonly workflowId: string;
  readonly pipelineId: string;
  readonly organizationId: string;
  readonly projectId: string;
  /** Growing with every job of the project. */
  readonly buildNumber: number;
  /** Where the job can be seen. */
  readonly buildUrl?: string;
  readonly commit: string;
  readonly branch?: string;
  /** CircleCI sets a branch or a tag, never both. */
  readonly tag?: string;
  readonly repositoryUrl?: string;
  /** `org` and `repo` of the repository. */
  readonly projectUsername?: string;
  readonly projectReponame?: string;
  /** Who started the run. */
  readonly username?: string;
  readonly oidcToken?: string;
  readonly oidcTokenV2?: string;
}

/** Everything that a job's environment is made of, the weakest first. */
export interface EnvironmentLayers {
  /** Of the image with what the config adds to it; on the host `hostEnvironment()`. */
  readonly image: Environment;
  /** Variables of the project. */
  readonly project?: Environment;
  /** In the order of the job's `context`: of several that set a variable, the last one counts. */
  readonly contexts: readonly Environment[];
  readonly identity: JobIdentity;
  readonly place: JobPlace;
  /** Folder of the tools that jobs call, put in front of PATH. */
  readonly toolsFolder?: string;
  /** `environment` of the job; literal, as CircleCI expands nothing in it. */
  readonly job: Job['environment'];
}

/** What PATH is when nobody says: login(1) and most images have it so. */
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * The environment that all steps of a job start from. The order is CircleCI's ("Environment variable precedence": step, job,
 * CircleCI's own, contexts, project; below all of them the image). BASH_ENV's effects come on top, in the shell.
 */
export function jobEnvironment(layers: EnvironmentLayers): Environment {
  const { image, project, contexts, identity, place, toolsFolder, job } = layers;
  const env: Record<string, string> = {
    ...image,
    HOME: place.home,
    TMPDIR: place.temp,
    ...project,
    ...Object.assign({}, ...contexts),
    ...builtIns(identity, place),
    ...Object.fromEntries(job),
    [CONTROL_VARIABLE]: place.control,
  };
  const path = env['PATH'] || DEFAULT_PATH;
  return { ...env, PATH: toolsFolder === undefined ? path : `${toolsFolder}:${path}` };
}

/**
 * CircleCI's built-in variables (docs: Project values and variables). Those about pull requests are absent: a laptop has none.
 * TERM is that of CircleCI's terminal; programs that look for a terminal find none here.
 */
function builtIns(identity: JobIdentity, place: JobPlace): Environment {
  const known: Readonly<Record<string, string | number | undefined>> = {
    BASH_ENV: place.bashEnv,
    CI: 'true',
    CIRCLECI: 'true',
    CIRCLE_BRANCH: identity.tag === undefined ? identity.branch : undefined,
    CIRCLE_BUILD_NUM: identity.buildNumber,
    CIRCLE_BUILD_URL: identity.buildUrl,
    CIRCLE_JOB: identity.name,
    CIRCLE_NODE_INDEX: identity.node,
    CIRCLE_NODE_TOTAL: identity.parallelism,
    CIRCLE_OIDC_TOKEN: identity.oidcToken,
    CIRCLE_OIDC_TOKEN_V2: identity.oidcTokenV2,
    CIRCLE_ORGANIZATION_ID: identity.organizationId,
    CIRCLE_PIPELINE_ID: identity.pipelineId,
    CIRCLE_PROJECT_ID: identity.projectId,
    CIRCLE_PROJECT_REPONAME: identity.projectReponame,
    CIRCLE_PROJECT_USERNAME: identity.projectUsername,
    CIRCLE_REPOSITORY_URL: identity.repositoryUrl,
    CIRCLE_SHA1: identity.commit,
    CIRCLE_SHELL_ENV: place.bashEnv,
    CIRCLE_TAG: identity.tag,
    CIRCLE_USERNAME: identity.username,
    CIRCLE_WORKFLOW_ID: identity.workflowId,
    CIRCLE_WORKFLOW_JOB_ID: identity.jobId,
    // The workspace belongs to the workflow; it differs from the workflow's id only in reruns.
    CIRCLE_WORKFLOW_WORKSPACE_ID: identity.workflowId,
    CIRCLE_WORKING_DIRECTORY: identity.workingDirectory,
    TERM: 'xterm',
  };
  return Object.fromEntries(
    Object.entries(known).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}
