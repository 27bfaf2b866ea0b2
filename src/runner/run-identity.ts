import { randomUUID } from 'node:crypto';
import type { CheckoutSource } from './job-world.ts';
import { localIds } from './local-ids.ts';
import type { Pipeline } from './pipeline/pipeline.ts';
import type { PipelineIdentity } from './run-job.ts';
import { askGit } from './storage/checkout/git.ts';
import { remoteUrl } from './storage/checkout/remote-url.ts';

/** What a run is told to its jobs as: ids of its own, and the organization and project of the repository's remote. */
export async function runIdentity(
  checkout: CheckoutSource,
  pipeline: Pipeline,
  number: number,
): Promise<PipelineIdentity> {
  const url = await originOf(checkout);
  const [, username, reponame] = /[:/]([^:/]+)\/([^/]+?)(?:\.git)?\/?$/.exec(url ?? '') ?? [];
  const { organizationId, projectId, userId } = localIds(url);
  return {
    number,
    pipelineId: randomUUID(),
    organizationId,
    projectId,
    userId,
    workflowIds: new Map(pipeline.workflows.map(({ name }) => [name, randomUUID()])),
    releases: new Map(),
    commit: checkout.commit,
    ...(checkout.branch === undefined ? {} : { branch: checkout.branch }),
    ...(url === undefined ? {} : { repositoryUrl: url }),
    ...(username === undefined || reponame === undefined
      ? {}
      : { projectUsername: username, projectReponame: reponame }),
  };
}

async function originOf({ repository }: CheckoutSource): Promise<string | undefined> {
  const call = { cwd: repository, trusted: repository };
  const url = await askGit(['config', '--get', 'remote.origin.url'], call).catch(() => '');
  return url === '' ? undefined : remoteUrl(url);
}
