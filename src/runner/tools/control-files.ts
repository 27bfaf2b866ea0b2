import { appendFileSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalIssuer, TokenJob, TokenSigner } from './local-issuer.ts';

/** The variable by which a tool finds the `control` folder of its job. */
export const CONTROL_VARIABLE = 'AWS_DEPLOY_LOCAL_CONTROL';

/** A deploy marker as a job left it: what CircleCI would show under Deploys. */
export interface ReleaseRecord {
  readonly action: 'plan' | 'update' | 'log';
  /** The name it was planned under; `default` when none was given. Logged deploys have none. */
  readonly name?: string;
  readonly status: ReleaseStatus;
  readonly component: string;
  readonly environment: string;
  readonly namespace: string;
  readonly targetVersion: string;
  readonly rollback: boolean;
  readonly failureReason?: string;
  /** A canceled deploy left its version running. */
  readonly keepsTargetVersionLive?: boolean;
  /** ISO 8601 */
  readonly at: string;
}

/** A planned deploy is PENDING; a logged one has no status in CircleCI, and is LOGGED here. */
export type ReleaseStatus = 'PENDING' | 'RUNNING' | 'SUCCESS' | 'FAILED' | 'CANCELED' | 'LOGGED';

/** What the runner tells the tools of a job. */
export interface ControlSetup {
  readonly issuer: LocalIssuer;
  readonly job: TokenJob;
  /** The deploy markers that earlier jobs of the same workflow left: a later job may update what they planned. */
  readonly releases: readonly ReleaseRecord[];
}

interface OidcFile {
  readonly organizationId: string;
  readonly issuer: string;
  readonly keyId: string;
  /** Path of the private key. */
  readonly keyFile: string;
  readonly job: TokenJob;
}

const FILES = {
  /** Its being there says that the job is to end, as a success. */
  halt: 'halt',
  oidc: 'oidc.json',
  key: 'oidc-key.pem',
  /** What this job left, a JSON object a line. */
  releases: 'releases.jsonl',
  earlierReleases: 'earlier-releases.jsonl',
} as const;

/** Makes the `control` folder of a job ready, before its first step. */
export async function prepareControl(folder: string, { issuer, job, releases }: ControlSetup): Promise<void> {
  await mkdir(folder, { recursive: true });
  const keyFile = join(folder, FILES.key);
  const { organizationId, keyId } = issuer;
  const oidc: OidcFile = { organizationId, issuer: issuer.issuer, keyId, keyFile, job };
  await writeFile(keyFile, issuer.key, { mode: 0o600 });
  await writeFile(join(folder, FILES.oidc), `${JSON.stringify(oidc)}\n`);
  await writeFile(join(folder, FILES.earlierReleases), releases.map(line).join(''));
}

/** Has a step of the job said that the job is to end, as a success? */
export function isHalted(folder: string): boolean {
  return read(folder, FILES.halt) !== undefined;
}

/** The deploy markers that this job left so far, in their order. */
export function releasesOf(folder: string): readonly ReleaseRecord[] {
  return lines(read(folder, FILES.releases));
}

/** Those of this job and of the jobs before it in the workflow. */
export function allReleases(folder: string): readonly ReleaseRecord[] {
  return [...lines(read(folder, FILES.earlierReleases)), ...releasesOf(folder)];
}

export function leaveHalt(folder: string): void {
  appendFileSync(join(folder, FILES.halt), '');
}

/** One write, so that steps in the background don't mix their lines. */
export function leaveRelease(folder: string, release: ReleaseRecord): void {
  appendFileSync(join(folder, FILES.releases), line(release));
}

/** Undefined when the runner left nothing to sign with. */
export function readTokenSetup(folder: string): { signer: TokenSigner; job: TokenJob } | undefined {
  const text = read(folder, FILES.oidc);
  if (text === undefined) return undefined;
  const { organizationId, issuer, keyId, keyFile, job } = JSON.parse(text) as OidcFile;
  return { signer: { organizationId, issuer, keyId, key: readFileSync(keyFile, 'utf8') }, job };
}

function line(release: ReleaseRecord): string {
  return `${JSON.stringify(release)}\n`;
}

function lines(text = ''): ReleaseRecord[] {
  return text
    .split('\n')
    .filter((each) => each !== '')
    .map((each) => JSON.parse(each) as ReleaseRecord);
}

function read(folder: string, file: string): string | undefined {
  try {
    return readFileSync(join(folder, file), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
