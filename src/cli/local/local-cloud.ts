import { changesBetween } from '../../local-aws/changes.ts';
import { startLocalAws, type LocalAws } from '../../local-aws/server.ts';
import { ROOT_ISSUER, type LocalIssuer } from '../../runner/tools/local-issuer.ts';

export interface LocalCloudOptions {
  /** Path of a scenario file; without it the local AWS is empty. */
  readonly scenario: string | undefined;
  /** What signs the tokens of jobs: the local AWS then takes no others. */
  readonly issuer: Pick<LocalIssuer, 'issuer' | 'organizationId' | 'jwks'>;
  /** Names of the variables that the project, contexts and jobs set. */
  readonly said: Iterable<string>;
  /** Of this machine: it may say that there is a proxy on the way out. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told what only a bug of the local AWS explains. */
  readonly log?: (line: string) => void;
}

export interface LocalCloud {
  /** What jobs need in their environment to find it. */
  readonly environment: Readonly<Record<string, string>>;
  /** What has changed in it since, a line each. */
  changes(): string[];
  /** Leaves it when the run has ended; what was started for the run alone ends. */
  close(): Promise<void>;
}

export type OpenCloud = (options: LocalCloudOptions) => Promise<LocalCloud>;

/** What AWS's own documentation has as the audience of its web identities; CircleCI's is the id of the organization. */
const AWS_AUDIENCE = 'sts.amazonaws.com';

/**
 * Starts a local AWS for the jobs of one run.
 * @throws DeployError (exit code 7) for a scenario that can't be used
 */
export async function openLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const { scenario, log } = options;
  const aws = await startLocalAws({ ...(scenario !== undefined && { scenario }), ...(log && { log }) });
  return { ...joinLocalAws(aws, options), close: () => aws.close() };
}

/**
 * Lets the jobs of a run into a local AWS that is there before and after them. It trusts the issuer of their tokens, no
 * longer that of another run, and has no keys for them: static ones would win over a role. Nobody waits in it for AWS; what
 * programs do takes the time that it takes.
 */
export function joinLocalAws(
  aws: Pick<LocalAws, 'endpoint' | 'region' | 'control'>,
  { issuer, said, env }: Pick<LocalCloudOptions, 'issuer' | 'said' | 'env'>,
): LocalCloud {
  const { control } = aws;
  const audiences = [issuer.organizationId, AWS_AUDIENCE];
  const issuers = [issuer.issuer, ROOT_ISSUER];
  control.identities.tell({
    providers: issuers.map((each) => ({ issuer: each, audiences, jwks: issuer.jwks })),
    roles: [],
  });
  control.skipWaits(true);
  const before = control.state();
  return {
    environment: {
      AWS_ENDPOINT_URL: aws.endpoint,
      AWS_DEPLOY_REGISTRY_MIRROR: new URL(aws.endpoint).host,
      // This machine may itself be one of AWS's, whose role is none of a local job's business.
      AWS_EC2_METADATA_DISABLED: 'true',
      ...regionVariables(aws.region, new Set(said)),
      ...pastProxies(env),
    },
    changes: () => changesBetween(before, control.state()),
    close: () => Promise.resolve(),
  };
}

const REGION_VARIABLES = ['AWS_REGION', 'AWS_DEFAULT_REGION'];

/** One that is said elsewhere counts, under either name. */
function regionVariables(region: string | undefined, said: ReadonlySet<string>): Record<string, string> {
  if (region === undefined || REGION_VARIABLES.some((name) => said.has(name))) return {};
  return Object.fromEntries(REGION_VARIABLES.map((name) => [name, region]));
}

/** A proxy does not find what answers on this machine. */
function pastProxies(env: LocalCloudOptions['env']): Record<string, string> {
  if (!Object.keys(env).some((name) => /^https?_proxy$/i.test(name))) return {};
  return Object.fromEntries(
    ['NO_PROXY', 'no_proxy'].map((name) => {
      const others = env[name] ?? env['NO_PROXY'] ?? env['no_proxy'];
      return [name, others ? `${others},127.0.0.1` : '127.0.0.1'];
    }),
  );
}
