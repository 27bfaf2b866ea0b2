import { listNode, mapNode, type Entry, type MapNode, type Node } from '../../node.ts';

/**
 * The environment of a job as CircleCI prints it, whatever the config uses: a list of maps of one key, those of the executor
 * first. A name that both have is there twice: the later one counts.
 * @returns undefined when neither has any
 */
export function jobEnvironment(executor: Entry | undefined, job: Entry | undefined): Entry | undefined {
  const place = job ?? executor;
  if (place === undefined) return undefined;
  const pairs = [...pairsIn(executor?.value), ...pairsIn(job?.value)];
  if (pairs.length === 0) return undefined;
  return { keyAt: place.keyAt, value: listNode(pairs, place.value.at) };
}

function pairsIn(node: Node | undefined): readonly Node[] {
  switch (node?.kind) {
    case 'map':
      return [...node.entries].map(([name, entry]): MapNode => mapNode([[name, entry]], entry.keyAt));
    case 'list':
      return node.items.flatMap((item) => (item.kind === 'map' ? pairsIn(item) : [item]));
    default:
      return node === undefined || node.value === null ? [] : [node];
  }
}
