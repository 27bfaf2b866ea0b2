import type { Frame } from '../frame.ts';
import { member, stringOf, type MapNode } from '../node.ts';
import { checkPatterns } from './filters.ts';
import { unusualCron } from './workflow-texts.ts';

/** The fields of a schedule in their order, with what they may be: POSIX crontab, and 7 for Sundays as everywhere. */
const FIELDS = [
  { name: 'minute', least: 0, most: 59, names: undefined },
  { name: 'hour', least: 0, most: 23, names: undefined },
  { name: 'day of the month', least: 1, most: 31, names: undefined },
  { name: 'month', least: 1, most: 12, names: /^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)$/i },
  { name: 'day of the week', least: 0, most: 7, names: /^(?:sun|mon|tue|wed|thu|fri|sat)$/i },
] as const;

type Field = (typeof FIELDS)[number];

/** Reports what is wrong with the schedules of a workflow: what CircleCI is not known to refuse is a warning. */
export function checkSchedules(workflow: MapNode, frame: Frame): void {
  const triggers = member(workflow, 'triggers');
  if (triggers?.kind !== 'list') return;
  for (const trigger of triggers.items) {
    const schedule = member(trigger, 'schedule');
    checkPatterns(member(schedule, 'filters'), frame);
    const cron = member(schedule, 'cron');
    const text = stringOf(cron);
    const problem = text === undefined || text.includes('<<') ? undefined : cronProblem(text);
    if (cron && text !== undefined && problem !== undefined) frame.report.warning(unusualCron(text, problem), cron.at);
  }
}

function cronProblem(cron: string): string | undefined {
  const written = cron.trim().split(/\s+/);
  if (written.length !== FIELDS.length) return `it has ${written.length} fields instead of five`;
  for (const [index, field] of FIELDS.entries()) {
    const problem = fieldProblem(written[index] ?? '', field);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Steps are standard nowhere in POSIX, and the configuration reference rules them out. */
function fieldProblem(text: string, { name, least, most, names }: Field): string | undefined {
  if (text.includes('/')) return `the documentation rules out steps, such as ${text}: list the values`;
  const isValue = (part: string): boolean =>
    names?.test(part) === true || (/^\d{1,2}$/.test(part) && Number(part) >= least && Number(part) <= most);
  const isRight = text === '*' || text.split(',').every((part) => part.split('-', 3).every(isValue));
  return isRight ? undefined : `'${text}' is no ${name}, which is from ${least} to ${most}`;
}
