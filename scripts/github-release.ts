/** A release on GitHub with its files, published only when all of them are there. */
import { createHash } from 'node:crypto';

export interface Asset {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

export interface ReleaseRequest {
  /** `https://api.github.com`, or that of an own server. */
  api: string;
  /** `owner/name`. */
  repository: string;
  token: string;
  tag: string;
  assets: readonly Asset[];
}

interface Release {
  id: number;
  draft: boolean;
  tag_name: string;
  /** An URI template: `https://uploads…/assets{?name,label}`. */
  upload_url: string;
  /** `digest` is `sha256:…`; servers older than 2025 do not give it. */
  assets: { id: number; name: string; size: number; digest?: string | null }[];
}

/**
 * Publishes the release of a tag. What an interrupted run left is taken up again; a release that is public already is
 * never changed. Resolves to whether anything was published.
 */
export async function publishRelease(request: ReleaseRequest): Promise<boolean> {
  const releases = `${request.api}/repos/${request.repository}/releases`;
  const existing = (await callForJson<Release[]>(request, `${releases}?per_page=100`)).find(
    ({ tag_name: tag }) => tag === request.tag,
  );
  if (existing && !existing.draft) {
    assertComplete(existing, request.assets);
    return false;
  }
  const release =
    existing ??
    (await callForJson<Release>(request, releases, {
      method: 'POST',
      body: JSON.stringify({ tag_name: request.tag, name: request.tag, draft: true }),
    }));
  for (const asset of request.assets) await upload(request, releases, release, asset);
  await call(request, `${releases}/${release.id}`, { method: 'PATCH', body: JSON.stringify({ draft: false }) });
  return true;
}

async function upload(request: ReleaseRequest, releases: string, release: Release, asset: Asset): Promise<void> {
  // A draft is nobody's yet: what an earlier run uploaded, or began to, is replaced.
  const earlier = release.assets.find(({ name }) => name === asset.name);
  if (earlier) await call(request, `${releases}/assets/${earlier.id}`, { method: 'DELETE' });
  const url = `${release.upload_url.replace(/\{.*\}$/, '')}?name=${encodeURIComponent(asset.name)}`;
  await call(request, url, {
    method: 'POST',
    body: asset.bytes,
    headers: { 'content-type': 'application/octet-stream' },
  });
}

function assertComplete(release: Release, assets: readonly Asset[]): void {
  for (const { name, bytes } of assets) {
    const published = release.assets.find((asset) => asset.name === name);
    if (!published || !isSame(published, bytes)) {
      throw new Error(
        `The release ${release.tag_name} is public already, and its ${name} is another one. Take a new version.`,
      );
    }
  }
}

function isSame(published: Release['assets'][number], bytes: Uint8Array): boolean {
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  return published.size === bytes.length && (published.digest ?? digest) === digest;
}

async function callForJson<T>(request: ReleaseRequest, url: string, init?: RequestInit): Promise<T> {
  return (await (await call(request, url, init)).json()) as T;
}

async function call(request: ReleaseRequest, url: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('authorization', `Bearer ${request.token}`);
  headers.set('accept', 'application/vnd.github+json');
  const response = await fetch(url, { ...init, headers });
  if (response.ok) return response;
  throw new Error(`${init.method ?? 'GET'} ${url}: HTTP ${response.status} ${await response.text()}`);
}
