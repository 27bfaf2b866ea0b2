import { isJsonObject } from '../core/json.ts';
import type { Result, ResultStatus } from '../core/result.ts';
import { indented, plainText } from './plain-text.ts';

const STATUS: Readonly<Record<ResultStatus, string>> = {
  changed: 'done',
  unchanged: 'nothing to do',
  planned: 'dry run: nothing was changed',
  superseded: 'superseded',
  failed: 'failed',
  canceled: 'canceled',
};

/**
 * The last lines of a run that succeeded:
 *
 *     register-job-definition nightly-crawl: done
 *       job-definition-arn  arn:aws:batch:eu-west-1:123456789012:job-definition/nightly-crawl:8
 *       revision            8
 */
export function resultText(result: Result): string {
  const outputs = Object.entries(result.outputs).map(([name, value]) => [dashed(name), shown(value)] as const);
  const width = Math.max(0, ...outputs.map(([name]) => name.length));
  const lines = outputs.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
  return `${[`${result.action} ${result.component}: ${STATUS[result.status]}`, ...lines].join('\n')}\n`;
}

function dashed(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
}

function shown(value: Result['outputs'][string]): string {
  if (isJsonObject(value)) return JSON.stringify(value);
  return indented(plainText(typeof value === 'object' ? value.join(', ') : String(value)), '    ');
}
