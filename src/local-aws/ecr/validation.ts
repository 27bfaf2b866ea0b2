import { AwsError } from '../aws-error.ts';

const REPOSITORY_NAME = '(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*';
const IMAGE_TAG = '[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}';

/** ECR's words for a parameter that breaks a rule of its API. */
export function invalidParameter(name: string, rule: string): AwsError {
  return new AwsError(
    'InvalidParameterException',
    `Invalid parameter at '${name}' failed to satisfy constraint: '${rule}'`,
  );
}

/** @throws AwsError InvalidParameterException when the parameter is missing */
export function required<Value>(name: string, value: Value | undefined): Value {
  if (value === undefined) throw invalidParameter(name, 'must not be null');
  return value;
}

/** @throws AwsError InvalidParameterException unless it is 2 to 256 characters of lower case path segments */
export function checkedRepositoryName(value: string | undefined): string {
  const name = required('repositoryName', value);
  if (name.length < 2) throw invalidParameter('repositoryName', 'must have length greater than or equal to 2');
  if (name.length > 256) throw invalidParameter('repositoryName', 'must have length less than or equal to 256');
  if (!isRepositoryName(name)) {
    throw invalidParameter('repositoryName', `must satisfy regular expression '${REPOSITORY_NAME}'`);
  }
  return name;
}

export const isRepositoryName = (name: string): boolean => new RegExp(`^${REPOSITORY_NAME}$`).test(name);

export const isImageTag = (tag: string): boolean => new RegExp(`^${IMAGE_TAG}$`).test(tag);

/** @throws AwsError InvalidParameterException */
export function checkImageTag(tag: string): void {
  if (!isImageTag(tag)) throw invalidParameter('imageTag', `must satisfy regular expression '${IMAGE_TAG}'`);
}
