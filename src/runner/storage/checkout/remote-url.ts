/**
 * The URL of a remote as a job may see it: without user and password, which https URLs hold for some; undefined for a
 * path of this machine.
 */
export function remoteUrl(url: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(url)) {
    if (/^file:/i.test(url)) return undefined;
    return url.replace(/^(https?:\/\/)[^/@]*@/i, '$1');
  }
  // `host:path`, as ssh has it; a colon after a slash is part of a path.
  return /^[^/:]+:/.test(url) ? url : undefined;
}
