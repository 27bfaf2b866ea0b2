import type { JsonObject, JsonValue } from '../../core/json.ts';
import { type Change, differences, type Difference, happened, isSame, objectOf } from './compare.ts';

/** Clusters, revisions, services, their deployments, and tasks that somebody ran, of Amazon ECS. */
export function ecsChanges(before: JsonValue | undefined, after: JsonValue | undefined): Change[] {
  return differences(before, after).flatMap(({ name: region, before: old = {}, after: now = {} }) => {
    const told = (kind: string, textOf: (difference: Difference) => readonly string[]): string[] =>
      differences(old[kind], now[kind]).flatMap(textOf);
    return [
      ...told('clusters', (one) => [`cluster ${one.name} ${happened(one)}`]),
      ...told('taskDefinitions', revisionTexts),
      ...told('services', serviceTexts),
      ...told('serviceDeployments', (one) => deploymentTexts(one, objectOf(now['serviceRevisions']))),
      ...told('tasks', taskTexts),
    ].map((text) => ({ region, text }));
  });
}

/** What only some revisions have earned. */
const EARNED = ['verified', 'rejected'];

function revisionTexts(family: Difference): string[] {
  return differences(byRevision(family.before), byRevision(family.after)).flatMap(
    ({ name: revision, before, after = {} }) => {
      const tags = objectOf(after['tags']);
      const earned = EARNED.map((tag) => `aws-deploy:${tag}`).filter(
        (tag) => Object.hasOwn(tags, tag) && !Object.hasOwn(objectOf(before?.['tags']), tag),
      );
      const isGone = before?.['status'] === 'ACTIVE' && after['status'] !== 'ACTIVE';
      const other = before !== undefined && earned.length === 0 && !isSame(before['tags'], tags);
      const words = [
        ...(before === undefined ? ['registered'] : []),
        ...(isGone ? ['deregistered'] : []),
        ...earned.map((tag) => tag.replace('aws-deploy:', '')),
        ...(other ? ['tags changed'] : []),
      ];
      return words.length === 0 ? [] : [`${family.name}:${revision} ${words.join(', ')}`];
    },
  );
}

function byRevision(list: JsonObject | undefined): JsonObject {
  return Object.fromEntries(
    Object.values(list ?? {})
      .map(objectOf)
      .map((one) => [String(one['revision']), one]),
  );
}

/** What a service is set to; how its tasks come and go is not told. */
function serviceTexts({ name: arn, before, after }: Difference): string[] {
  const name = `service ${nameIn(arn)}`;
  const definition = definitionOf(objectOf(after?.['settings']));
  if (after === undefined) return [`${name} deleted`];
  if (before === undefined) return [`${name} created with ${definition}`];
  const isDeleted = before['status'] === 'ACTIVE' && after['status'] !== 'ACTIVE';
  const words = [
    ...(isDeleted ? ['deleted'] : []),
    ...(definition === definitionOf(objectOf(before['settings'])) ? [] : [`set to ${definition}`]),
    ...(isDeleted || before['desiredCount'] === after['desiredCount']
      ? []
      : [`scaled to ${String(after['desiredCount'])}`]),
  ];
  return words.length === 0 ? [] : [`${name} ${words.join(', ')}`];
}

function deploymentTexts({ name: arn, before, after }: Difference, revisions: JsonObject): string[] {
  if (after === undefined || before?.['status'] === after['status']) return [];
  const revision = objectOf(revisions[String(after['targetRevision'])]);
  const service = nameIn(arn).split('/').slice(0, 2).join('/');
  return [`deployment of ${definitionOf(objectOf(revision['settings']))} to ${service}: ${String(after['status'])}`];
}

/** Those of services come and go with them. */
function taskTexts({ before, after }: Difference): string[] {
  if (after === undefined || after['owner'] !== undefined || before?.['lastStatus'] === after['lastStatus']) return [];
  const codes = Array.isArray(after['containers']) ? after['containers'].map(objectOf) : [];
  const ended = codes.flatMap(({ name, exitCode }) =>
    exitCode === undefined ? [] : [`${String(name)} ${String(exitCode)}`],
  );
  const exit = ended.length === 0 ? '' : `, exit codes: ${ended.join(', ')}`;
  return [`task of ${nameIn(String(after['taskDefinitionArn']))}: ${String(after['lastStatus'])}${exit}`];
}

function definitionOf({ taskDefinition }: JsonObject): string {
  return typeof taskDefinition === 'string' ? nameIn(taskDefinition) : 'no task definition';
}

/** `demo/web` of `arn:…:service/demo/web`. */
function nameIn(arn: string): string {
  return arn.slice(arn.indexOf('/') + 1);
}
