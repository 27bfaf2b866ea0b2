import { systemError, isSystemError } from './system-error.ts';
import { DeployError } from '../core/errors.ts';
import { indented, plainText } from './plain-text.ts';

/**
 * An error as people read it:
 *
 *     error: no such image in ECR: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/crawl:7
 *       Repository crawl in eu-west-1, account 123456789012.
 *
 *     Suggestions:
 *       Push it first (build_and_push_image), or correct the name. Nothing was registered.
 */
export function errorText(error: DeployError): string {
  const message = error.message === error.title ? [] : error.message.split('\n').map((line) => `  ${line}`);
  const suggestions = error.hints.map((hint) => `  ${indented(hint, '  ')}`);
  const hints = suggestions.length === 0 ? [] : ['', 'Suggestions:', ...suggestions];
  return plainText(`${[`error: ${indented(error.title, '  ')}`, ...message, ...hints].join('\n')}\n`);
}

/** Wraps what no code of ours expected, so that it is told as what it is: a bug. */
export function unexpectedError(error: unknown, issuesUrl: string): DeployError {
  if (error instanceof DeployError) return error;
  if (isSystemError(error)) return systemError(error);
  return new DeployError({
    code: 'internal',
    title: 'aws-deploy failed in a way that it should not',
    message: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    hints: [`Please report it: ${issuesUrl} (run again with --debug for the stack).`],
    cause: error,
  });
}
