import type { Explained, Explanation, Passage } from '../config/views/explain.ts';
import type { Scalar } from '../config/node.ts';
import { placeText } from '../config/source.ts';

/**
 * A compiled job, value by value, each with the place where it is written and the parameters that it came through:
 *
 *     steps[1].run.environment.ORB_SCRIPT: jobs/crawl.sh
 *         .circleci/config.yml:9:19
 *         << parameters.script >> at aws-deploy/aws-deploy@0.1.0:412:25
 *     steps[2].run.command: echo hello you
 *         acme/hello@1.2.3:6:14
 *         << parameters.to >> at acme/hello@1.2.3:6:25: you from .circleci/config.yml:7:28
 */
export function explanationText(name: string, { values, isCut }: Explanation): string {
  const lines = [`${name}:`, ...values.flatMap(valueLines), ...(isCut ? ['  … and more values than can be told'] : [])];
  return `${lines.join('\n')}\n`;
}

function valueLines({ path, value, at, passages }: Explained): string[] {
  const shown = value === undefined ? '' : ` ${scalarLine(value)}`;
  return [`  ${pathText(path)}:${shown}`, `      ${placeText(at)}`, ...passages.map(passageLine)];
}

/** The tag; and where it is a part of a text, the value that was put in, with the place where that is written. */
function passageLine({ expression, at, part }: Passage): string {
  const tag = `      << ${expression} >> at ${placeText(at)}`;
  if (part === undefined) return tag;
  return `${tag}: ${part.kind === 'scalar' ? scalarLine(part.value) : part.kind} from ${placeText(part.at)}`;
}

function scalarLine(value: Scalar): string {
  return value === null ? 'null' : firstLine(String(value));
}

export function pathText(path: readonly (string | number)[]): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('');
}

const LONGEST = 100;

function firstLine(text: string): string {
  const lines = text.trimEnd().split('\n');
  const [first = ''] = lines;
  const cut = first.length > LONGEST ? `${first.slice(0, LONGEST)}…` : first;
  return lines.length > 1 ? `${cut} … (${lines.length} lines)` : cut;
}
