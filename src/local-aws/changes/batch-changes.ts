import type { JsonObject, JsonValue } from '../../core/json.ts';
import { type Change, differences, type Difference, happened, isSame, objectOf } from './compare.ts';

/** Revisions, queues, compute environments and jobs of AWS Batch. */
export function batchChanges(before: JsonValue | undefined, after: JsonValue | undefined): Change[] {
  return differences(before, after).flatMap(({ name: region, before: old = {}, after: now = {} }) => {
    const told = (kind: string, textOf: (difference: Difference) => readonly string[]): string[] =>
      differences(old[kind], now[kind]).flatMap(textOf);
    return [
      ...told('computeEnvironments', (one) => [`compute environment ${one.name} ${happened(one)}`]),
      ...told('jobQueues', (one) => [`job queue ${one.name} ${happened(one)}`]),
      ...told('jobDefinitions', revisionTexts),
      ...told('jobs', jobTexts),
    ].map((text) => ({ region, text }));
  });
}

/** What only some revisions have earned. */
const EARNED = ['verified', 'rejected'];

function revisionTexts(definition: Difference): string[] {
  const all = byRevision(definition.after);
  return differences(byRevision(definition.before), byRevision(definition.after)).flatMap(
    ({ name: revision, before, after = {} }) => {
      const name = `${definition.name}:${revision}`;
      const earned = EARNED.filter((tag) => hasTag(after, tag) && !hasTag(before, tag));
      if (before === undefined) {
        const lost = lostMembers(objectOf(all[String(Number(revision) - 1)]), after);
        return [
          [`${name} registered`, ...earned, ...(lost.length > 0 ? [`without ${lost.join(', ')}`] : [])].join(', '),
        ];
      }
      const isGone = before['status'] !== 'INACTIVE' && after['status'] === 'INACTIVE';
      const other = earned.length === 0 && !isSame(before['tags'], after['tags']) ? ['tags changed'] : [];
      const words = [...(isGone ? ['deregistered'] : []), ...earned, ...other];
      return words.length === 0 ? [] : [`${name} ${words.join(', ')}`];
    },
  );
}

/** What the revision before has and this one has not: AWS carries nothing over. */
function lostMembers(previous: JsonObject, revision: JsonObject): string[] {
  const [was, is] = [objectOf(previous['containerProperties']), objectOf(revision['containerProperties'])];
  const isOwn = (tag: string): boolean => !tag.startsWith('aws-deploy:');
  return [
    ...goneFrom(previous, revision).filter((member) => member !== 'tags'),
    ...goneFrom(was, is).filter((member) => member !== 'environment'),
    ...goneFrom(variablesOf(was), variablesOf(is)).map((name) => `the variable ${name}`),
    ...goneFrom(objectOf(previous['tags']), objectOf(revision['tags']))
      .filter(isOwn)
      .map((tag) => `the tag ${tag}`),
  ];
}

function goneFrom(was: JsonObject, is: JsonObject): string[] {
  const holds = (value: JsonValue | undefined): boolean =>
    value !== undefined && !(typeof value === 'object' && value !== null && Object.keys(value).length === 0);
  return Object.keys(was).filter((member) => holds(was[member]) && !holds(is[member]));
}

function variablesOf({ environment }: JsonObject): JsonObject {
  const variables = Array.isArray(environment) ? environment.map(objectOf) : [];
  return Object.fromEntries(variables.map(({ name, value }) => [String(name), value ?? '']));
}

function byRevision(list: JsonObject | undefined): JsonObject {
  const revisions = Object.values(list ?? {}).map(objectOf);
  return Object.fromEntries(revisions.map((one) => [String(one['revision']), one]));
}

function hasTag(definition: JsonObject | undefined, tag: string): boolean {
  return Object.hasOwn(objectOf(definition?.['tags']), `aws-deploy:${tag}`);
}

function jobTexts({ before, after }: Difference): string[] {
  // The jobs of an array are part of it.
  if (after === undefined || after['parentId'] !== undefined) return [];
  const detail = objectOf(after['detail']);
  const { jobName, status, jobDefinition } = detail;
  if (status === objectOf(before?.['detail'])['status']) return [];
  const exitCode = objectOf(detail['container'])['exitCode'];
  const definition = String(jobDefinition).slice(String(jobDefinition).lastIndexOf('/') + 1);
  const code = exitCode === undefined ? '' : `, exit code ${String(exitCode)}`;
  return [`job ${String(jobName)} of ${definition}: ${String(status)}${code}`];
}
