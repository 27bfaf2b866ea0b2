import { CONTROL_VARIABLE } from './control-files.ts';
import { ToolError, type ToolWorld } from './commands/tool-command.ts';

/** Where the runner of the job looks. Throws a ToolError outside of a job. */
export function controlFolder(env: ToolWorld['env']): string {
  const folder = env[CONTROL_VARIABLE];
  if (folder === undefined || folder === '') {
    throw new ToolError(`this works in the steps of a job only: ${CONTROL_VARIABLE} is not set`);
  }
  return folder;
}
