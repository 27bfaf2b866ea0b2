/** One function for each spelling of a name. In code a parameter is camelCase and an action kebab-case. */

function words(name: string): string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split('-');
}

/** `jobDefinitionName` → `job_definition_name`: a parameter, command or job of the orb. */
export function orbName(name: string): string {
  return words(name).join('_');
}

/** `jobDefinitionName` → `--job-definition-name`. */
export function flagName(name: string): string {
  return `--${words(name).join('-')}`;
}

/** `jobDefinitionName` → `ORB_JOB_DEFINITION_NAME`: the variable in which an orb step hands the value over. */
export function orbVariable(name: string): string {
  return `ORB_${words(name).join('_').toUpperCase()}`;
}

/** `jobDefinitionArn` → `AWS_DEPLOY_JOB_DEFINITION_ARN`: the variable that later steps of a job read. */
export function outputVariable(name: string): string {
  return `AWS_DEPLOY_${words(name).join('_').toUpperCase()}`;
}
