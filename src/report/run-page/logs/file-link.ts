/** The longest path that Linux knows. */
const LONGEST = 4096;

/** A file below the run's folder as a relative address. Undefined for a path that leaves the folder, and for none at all. */
export function fileLink(path: string): string | undefined {
  if (path.length > LONGEST) return undefined;
  const parts = path.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..')) return undefined;
  return `./${parts.map((part) => encodeURIComponent(wellFormed(part))).join('/')}`;
}

/** encodeURIComponent throws at a lone surrogate. */
function wellFormed(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, '\ufffd');
}
