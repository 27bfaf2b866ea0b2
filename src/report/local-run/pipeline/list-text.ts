import type { Pipeline, Workflow } from '../../../runner/pipeline/pipeline.ts';
import { placedJobs } from './job-levels.ts';
import { contextsText, kindText, requiresText } from './job-text.ts';
import { padded, printable, textWidth } from '../terminal-text.ts';

/**
 * What there is to run, each job below one that it comes after:
 *
 *     release
 *       build         docker cimg/node:20.19
 *         test        docker cimg/node:20.19, on 2 nodes; after build
 *           hold      approval; after test
 *             deploy  machine ubuntu-2404:current; after hold; context aws
 */
export function listText({ workflows }: Pipeline): string {
  if (workflows.length === 0) return 'No workflow runs with these pipeline values.\n';
  return workflows.map((workflow) => `${workflowLines(workflow).join('\n')}\n`).join('\n');
}

function workflowLines(workflow: Workflow): string[] {
  const rows = treeOrder(workflow).map(({ job, level }) => ({
    name: `${'  '.repeat(level + 1)}${printable(job.name)}`,
    facts: [kindText(job), requiresText(job, workflow), contextsText(job)].filter((text) => text !== '').join('; '),
  }));
  const width = Math.max(0, ...rows.map(({ name }) => textWidth(name)));
  return [printable(workflow.name), ...rows.map(({ name, facts }) => `${padded(name, width)}  ${facts}`)];
}

/** Each job right below its parent and what is below that. */
function treeOrder(workflow: Workflow): ReturnType<typeof placedJobs> {
  const placed = placedJobs(workflow);
  const below = (parent: string | undefined): typeof placed =>
    placed.filter((each) => each.parent === parent).flatMap((each) => [each, ...below(each.job.name)]);
  return below(undefined);
}
