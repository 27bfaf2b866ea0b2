import { createHash } from 'node:crypto';

/** Who a run on this machine says that it is: CircleCI's own ids are known to CircleCI only. */
export interface LocalIds {
  readonly organizationId: string;
  readonly projectId: string;
  readonly userId: string;
}

/**
 * The organization of every run on this machine. It is always the same, so that a trust policy can name it, wherever the
 * repository was cloned from or forked to.
 */
export const LOCAL_ORGANIZATION_ID = '10ca1000-0000-4000-8000-000000000001';
/** The project of a repository without a remote. */
const LOCAL_PROJECT_ID = '10ca1000-0000-4000-8000-000000000002';
const LOCAL_USER_ID = '10ca1000-0000-4000-8000-000000000003';

/** The same ids for the same remote, whether it is spelled for https or ssh. */
export function localIds(remoteUrl: string | undefined): LocalIds {
  return {
    organizationId: LOCAL_ORGANIZATION_ID,
    projectId: remoteUrl === undefined ? LOCAL_PROJECT_ID : nameBasedId(repositoryName(remoteUrl)),
    userId: LOCAL_USER_ID,
  };
}

/** `github.com/acme/crawler`, without user, port and spelling. */
function repositoryName(url: string): string {
  return url
    .toLowerCase()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//, '')
    .replace(/^[^/@]*@/, '')
    .replace(/^([^/:]+):(?:\d+\/)?\/?/, '$1/')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');
}

/** A UUID of version 5 (RFC 9562, 5.5), in the namespace of the local organization. */
function nameBasedId(name: string): string {
  const namespace = Buffer.from(LOCAL_ORGANIZATION_ID.replaceAll('-', ''), 'hex');
  const bytes = createHash('sha1').update(namespace).update(name).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
