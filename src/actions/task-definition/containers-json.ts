import { badArgument } from '../../core/errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import { nearestName } from '../../core/nearest-name.ts';
import type { ContainerEdits } from '../../plan/task-definition/edit.ts';
import { removed, type NamedEdits } from './container-edits.ts';

/** A member of a container in `containers`: what it has to be, and what it asks for. */
interface Member {
  /** Follows "must be". */
  expected: string;
  isRight(value: JsonValue): boolean;
  edit(value: JsonValue): ContainerEdits;
}

const SIZE = { expected: 'a whole number of at least 0', isRight: isSize };
const TEXTS = { expected: 'an object of texts', isRight: isTextMap };
const WORDS = { expected: 'a list of texts', isRight: isTextList };

const MEMBERS: Readonly<Record<string, Member>> = {
  image: {
    expected: 'the name of an image',
    isRight: (value) => typeof value === 'string' && value !== '',
    edit: (value) => ({ image: value as string }),
  },
  environment: { ...TEXTS, edit: (value) => ({ environment: value as Record<string, string> }) },
  secrets: { ...TEXTS, edit: (value) => ({ secrets: value as Record<string, string> }) },
  removeEnvironment: { ...WORDS, edit: (value) => removed(value as string[]) },
  cpu: { ...SIZE, edit: (value) => ({ cpu: value as number }) },
  memory: { ...SIZE, edit: (value) => ({ memory: value as number }) },
  memoryReservation: { ...SIZE, edit: (value) => ({ memoryReservation: value as number }) },
  command: { ...WORDS, edit: (value) => ({ command: value as string[] }) },
  logging: {
    expected: 'a logConfiguration: an object with logDriver',
    isRight: (value) => isJsonObject(value) && typeof value['logDriver'] === 'string',
    edit: (value) => ({ logging: value as JsonObject }),
  },
};

/**
 * What the parameter `containers` asks for. Throws (exit code 2) for members that there are not, with the nearest name,
 * and for values of another type.
 */
export function editsOfContainers(containers: JsonValue | undefined): NamedEdits[] {
  if (containers === undefined) return [];
  if (!isJsonObject(containers)) {
    throw badArgument('containers must be a JSON object by container name', [
      'For example {"web": {"environment": {"PORT": "8080"}}}.',
    ]);
  }
  return Object.entries(containers).map(([name, members]) => [name, editsOfContainer(name, members)]);
}

function editsOfContainer(name: string, members: JsonValue): ContainerEdits {
  if (name === '') throw badArgument('containers has an empty name');
  if (!isJsonObject(members)) throw badArgument(`containers: ${name} must be an object (got: ${shown(members)})`);
  const edits = Object.entries(members).map(([key, value]): ContainerEdits => {
    const member = Object.hasOwn(MEMBERS, key) ? MEMBERS[key] : undefined;
    if (!member) throw unknownMember(name, key);
    if (member.isRight(value)) return member.edit(value);
    throw badArgument(`containers: ${name}.${key} must be ${member.expected} (got: ${shown(value)})`);
  });
  return Object.assign({}, ...edits) as ContainerEdits;
}

function unknownMember(name: string, key: string): Error {
  const known = Object.keys(MEMBERS);
  const nearest = nearestName(key, known);
  return badArgument(`containers: ${name} has an unknown member ${JSON.stringify(key)}`, [
    ...(nearest === undefined ? [] : [`Did you mean ${nearest}?`]),
    `There are: ${known.join(', ')}. For anything else give task_definition, a file.`,
  ]);
}

/** Values may be secret: only their type is told. */
function shown(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function isSize(value: JsonValue): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isTextMap(value: JsonValue): boolean {
  return isJsonObject(value) && Object.entries(value).every(([name, text]) => name !== '' && typeof text === 'string');
}

function isTextList(value: JsonValue): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
