/** The fields of package.json that the orb and its pages derive from. */
export interface PackageFacts {
  version: string;
  repository: { url: string };
  circleci: { orb: string };
  engines: { node: string };
}

/** The CLI archive that this version of the orb installs. */
export interface ArchiveFacts {
  fileName: string;
  /** Of the archive, in hex. */
  sha256: string;
  /** Of the file SHA256SUMS in the archive, in hex. */
  sumsSha256: string;
}

/** `https://host/owner/name`, whichever way npm spells the repository's URL. */
export function repositoryUrl(facts: PackageFacts): string {
  const url = facts.repository.url.replace(/^git\+/, '').replace(/\.git$/, '');
  if (!/^https:\/\/[^/]+\/.+[^/]$/.test(url)) {
    throw new Error(`package.json: repository.url must be an https URL (got: ${facts.repository.url})`);
  }
  return url;
}

/** Where the release of this version keeps the archive. */
export function archiveUrl(facts: PackageFacts, archive: ArchiveFacts): string {
  return `${repositoryUrl(facts)}/releases/download/v${facts.version}/${archive.fileName}`;
}

/** `namespace/name@1.2.3`: how a config imports exactly this version. */
export function orbReference(facts: PackageFacts): string {
  return `${facts.circleci.orb}@${facts.version}`;
}

/** The lowest Node that runs the CLI, from `engines`: `20.19`. */
export function minimumNode(facts: PackageFacts): string {
  const version = /^>=\s*(\d+\.\d+)(?:\.\d+)?$/.exec(facts.engines.node)?.[1];
  if (version === undefined) {
    throw new Error(`package.json: engines.node must be written >=20.19 (got: ${facts.engines.node})`);
  }
  return version;
}
