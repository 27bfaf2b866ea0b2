import type { CompiledConfig } from '../compile.ts';
import { member, stringOf, type Node } from '../node.ts';

interface Job {
  readonly id: string;
  readonly name: string;
  readonly body: Node | undefined;
}

/**
 * The workflows of a compiled config as a Mermaid flowchart: a subgraph for each workflow, a node for each job (a hexagon for
 * an approval), and an arrow from each job to those that require it, with the statuses unless that is success alone.
 */
export function configGraph({ document }: Pick<CompiledConfig, 'document'>): string {
  const lines = ['flowchart LR'];
  const ids = { workflows: 0, jobs: 0 };
  for (const [name, jobs] of workflowsOf(document)) {
    const drawn = jobs.map((job) => jobOf(job, `job${++ids.jobs}`));
    lines.push(
      `  subgraph workflow${++ids.workflows}[${label(name)}]`,
      ...drawn.map(nodeLine),
      ...edgeLines(drawn),
      '  end',
    );
  }
  return `${lines.join('\n')}\n`;
}

/** The items of `jobs` by the names of the workflows; `version` stands between these, and is none. */
function workflowsOf(document: Node): [string, readonly Node[]][] {
  const workflows = member(document, 'workflows');
  if (workflows?.kind !== 'map') return [];
  return [...workflows.entries].flatMap(([name, { value }]) => {
    const jobs = member(value, 'jobs');
    return jobs?.kind === 'list' ? [[name, jobs.items] as [string, readonly Node[]]] : [];
  });
}

/** An item is the name of a job, or a map of the name to what it is called with. */
function jobOf(item: Node, id: string): Job {
  const [entry] = item.kind === 'map' ? item.entries : [];
  return entry ? { id, name: entry[0], body: entry[1].value } : { id, name: stringOf(item) ?? '', body: undefined };
}

function nodeLine({ id, name, body }: Job): string {
  const isApproval = stringOf(member(body, 'type')) === 'approval';
  return `    ${id}${isApproval ? `{{${label(name)}}}` : `[${label(name)}]`}`;
}

function edgeLines(jobs: readonly Job[]): string[] {
  const ids = new Map(jobs.map(({ id, name }) => [name, id]));
  return jobs.flatMap(({ id, body }) =>
    requirementsOf(body).flatMap(([name, statuses]) => {
      const from = ids.get(name);
      return from === undefined ? [] : [`    ${from} ${arrow(statuses)} ${id}`];
    }),
  );
}

function arrow(statuses: readonly string[]): string {
  return statuses.length === 1 && statuses[0] === 'success' ? '-->' : `-->|${label(statuses.join(', '))}|`;
}

/** Names of jobs with the statuses that are waited for. These stand under `upstream`; without it, it is success. */
function requirementsOf(body: Node | undefined): [string, string[]][] {
  const requires = member(body, 'requires');
  if (requires?.kind !== 'list') return [];
  return requires.items.map((item) => {
    const name = stringOf(item) ?? '';
    return [name, statusesOf(member(member(body, 'upstream'), name))];
  });
}

function statusesOf(node: Node | undefined): string[] {
  if (!node) return ['success'];
  const items = node.kind === 'list' ? node.items : [node];
  return items.flatMap((item) => stringOf(item) ?? []);
}

/**
 * A text in quotes, in which Mermaid sees neither its own syntax nor Markdown: everything but letters, digits, blanks, and
 * `-`, `_`, `.`, `/` between two of the former is written by its number. Mermaid refuses an empty label.
 */
function label(text: string): string {
  const escaped = text.replace(
    /(?<![\p{L}\p{N}])[-_./]|[-_./](?![\p{L}\p{N}])|[^-_./\p{L}\p{N}\p{M} ]/gu,
    (character) => `#${character.codePointAt(0)};`,
  );
  return `"${escaped || ' '}"`;
}
