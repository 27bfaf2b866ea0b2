import { member, stringOf, type Insertion, type MapNode, type Node, type Scalar } from '../node.ts';
import type { Place } from '../source.ts';
import { scalarText } from '../template/text-of.ts';

/** One value of a compiled job, and where it comes from. */
export interface Explained {
  /** From the job down: `steps`, 2, `run`, `command`. */
  readonly path: readonly (string | number)[];
  /** Undefined for the head of a map or a list, which is told for its place only. */
  readonly value: Scalar | undefined;
  /** Where the value is written; an argument's or a default's place when it came through a parameter. */
  readonly at: Place;
  /** The tags that it came through, behind each those that the value came through that was put in; each once. */
  readonly passages: readonly Passage[];
}

/** One tag that a value came through. */
export interface Passage {
  readonly expression: string;
  /** Where the tag is. */
  readonly at: Place;
  /** What was put in where the tag is a part of a text only: it is written elsewhere than the text. */
  readonly part?: Node;
}

export interface Explanation {
  readonly values: readonly Explained[];
  /** Says that there are more values than are told. */
  readonly isCut: boolean;
}

/** More than this nobody reads: values and tags of one job, and tags of one value. */
const MOST = 100_000;
const MOST_PASSAGES = 100;

/** Every value of a compiled job in the order of the job, each step with a head of its own. */
export function explainJob(job: MapNode): Explanation {
  const explainer = new Explainer();
  for (const [key, { value }] of job.entries) explainer.explain(value, [key]);
  return explainer;
}

type Path = Explained['path'];

class Explainer implements Explanation {
  readonly values: Explained[] = [];
  private left = MOST;

  get isCut(): boolean {
    return this.left <= 0;
  }

  explain(node: Node, path: Path): void {
    switch (node.kind) {
      case 'scalar':
        return this.add(node, path, node.float ? scalarText(node) : node.value);
      case 'list':
        if (isToldAsWhole(node, node.items.length)) this.add(node, path);
        for (const [index, item] of node.items.entries()) {
          if (this.isCut) return;
          this.explainItem(item, [...path, index]);
        }
        return;
      case 'map':
        if (isToldAsWhole(node, node.entries.size)) this.add(node, path);
        for (const [key, { value }] of node.entries) {
          if (this.isCut) return;
          this.explain(value, [...path, key]);
        }
    }
  }

  /** A step is told even where all of its parts are. */
  private explainItem(item: Node, path: Path): void {
    if (item.kind === 'map' && path.length === 2 && path[0] === 'steps') this.add(item, path);
    this.explain(item, path);
  }

  private add(node: Node, path: Path, value?: Scalar): void {
    const passages = passagesOf(node);
    this.left -= 1 + passages.length;
    if (!this.isCut) this.values.push({ path, value, at: node.at, passages });
  }
}

/** What has come through a tag, or has no parts, is told as a whole. */
function isToldAsWhole({ insertions = [] }: Node, parts: number): boolean {
  return parts === 0 || insertions.length > 0;
}

/** Values that are put into values share what these came through: told for each, that could be without end. */
function passagesOf(node: Node): readonly Passage[] {
  const passages = new Map<Insertion, Passage>();
  const collect = ({ at: valueAt, insertions = [] }: Node): void => {
    for (const insertion of insertions) {
      if (passages.size >= MOST_PASSAGES) return;
      if (passages.has(insertion)) continue;
      const { expression, at, value } = insertion;
      const isPart = value !== null && value.at !== valueAt;
      passages.set(insertion, { expression, at, ...(isPart ? { part: value } : {}) });
      if (isPart) collect(value);
    }
  };
  collect(node);
  return [...passages.values()];
}

/** The names of the jobs that a name stands for: the job itself, or all jobs of the workflow that is called so. */
export function jobsNamed(document: MapNode, name: string): string[] {
  if (member(member(document, 'jobs'), name) !== undefined) return [name];
  const calls = member(member(member(document, 'workflows'), name), 'jobs');
  if (calls?.kind !== 'list') return [];
  const jobs = member(document, 'jobs');
  return calls.items.map(calledJob).filter((job) => member(jobs, job) !== undefined);
}

/** An invocation is the job's name, or a map with the name as its one key. */
function calledJob(call: Node): string {
  const [name] = call.kind === 'map' ? call.entries.keys() : [stringOf(call)];
  return name ?? '';
}
