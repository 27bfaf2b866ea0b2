/** What a schedule, a rule or a job names as its job or task definition: a name, `name:revision`, or the ARN of either. */
export interface DefinitionReference {
  name: string;
  /** Undefined goes to the newest ACTIVE revision, whenever that is asked. */
  revision: number | undefined;
  /** `region:account`, when it is an ARN. */
  place: string | undefined;
}

const JOB_DEFINITION = /^(?:arn:[^:]+:batch:([^:]*:[^:]*):job-definition\/)?([A-Za-z0-9_-]{1,128})(?::(\d{1,9}))?$/;
const TASK_DEFINITION = /^(?:arn:[^:]+:ecs:([^:]*:[^:]*):task-definition\/)?([A-Za-z0-9_-]{1,255})(?::(\d{1,9}))?$/;

/** Undefined for what is none: a placeholder, or something of another kind. */
export function parseDefinitionReference(text: unknown): DefinitionReference | undefined {
  return parseReference(text, JOB_DEFINITION);
}

/** The same for a task definition; its name is the family. */
export function parseTaskDefinitionReference(text: unknown): DefinitionReference | undefined {
  return parseReference(text, TASK_DEFINITION);
}

function parseReference(text: unknown, form: RegExp): DefinitionReference | undefined {
  const match = typeof text === 'string' ? form.exec(text) : null;
  if (match === null) return undefined;
  const [, place, name = '', revision] = match;
  return { name, revision: revision === undefined ? undefined : Number(revision), place };
}

/** The same revision, or the same name, however the two are written. */
export function isSameDefinition(one: unknown, other: unknown): boolean {
  return isSame(parseDefinitionReference(one), parseDefinitionReference(other)) ?? one === other;
}

export function isSameTaskDefinition(one: unknown, other: unknown): boolean {
  return isSame(parseTaskDefinitionReference(one), parseTaskDefinitionReference(other)) ?? one === other;
}

/** Undefined when one of them is no reference. */
function isSame(a: DefinitionReference | undefined, b: DefinitionReference | undefined): boolean | undefined {
  return a && b && isOfName(a, b.name, b.place) && a.revision === b.revision;
}

/** Whether a reference is to a definition of exactly this name; in another region or account there is another one. */
export function isOfName(reference: DefinitionReference, name: string, place: string | undefined): boolean {
  const elsewhere = reference.place !== undefined && place !== undefined && reference.place !== place;
  return reference.name === name && !elsewhere;
}

/** The same queue by its name or by its ARN. */
export function isSameQueue(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  const [a = '', b = ''] = [one, other].map(String);
  const isArn = (text: string): boolean => text.startsWith('arn:');
  if (isArn(a) === isArn(b)) return false;
  return (isArn(a) ? a : b).endsWith(`:job-queue/${isArn(a) ? b : a}`);
}
