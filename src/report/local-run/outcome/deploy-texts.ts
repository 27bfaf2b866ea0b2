import type { NodeRecord } from '../../../runner/run-record.ts';
import type { ReleaseRecord } from '../../../runner/tools/control-files.ts';
import { printable } from '../terminal-text.ts';

/** The deploys that jobs marked, each as it was told last: `web 1.4.2 to production: SUCCESS`. */
export function deployTexts(nodes: readonly NodeRecord[]): string[] {
  const markers = nodes.flatMap(({ deploys = [] }) => deploys).toSorted((a, b) => (a.at < b.at ? -1 : 1));
  // What is logged has no name, and is never updated.
  const last = new Map(markers.map((marker, index) => [marker.name ?? index, marker]));
  return [...last.values()].map(deployText);
}

function deployText({ component, targetVersion, environment, rollback, status, failureReason }: ReleaseRecord): string {
  const what = `${component} ${rollback ? 'back to ' : ''}${targetVersion} ${rollback ? 'in' : 'to'} ${environment}`;
  return printable(`${what}: ${status}${failureReason === undefined ? '' : `, ${failureReason}`}`);
}
