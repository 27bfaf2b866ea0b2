import {
  compileCommand,
  explainCommand,
  fetchOrbCommand,
  graphCommand,
  validateCommand,
} from './config/config-commands.ts';
import { runCommand } from './local/run-command.ts';
import { localAwsCommand } from './local-aws-command.ts';
import type { LocalCommand } from './local-command.ts';
import { diffCommand, packCommand } from './orb/orb-commands.ts';

/** What the npm package has beside the deploy commands. */
export const localCommands: readonly LocalCommand[] = [
  runCommand,
  localAwsCommand,
  compileCommand,
  validateCommand,
  graphCommand,
  explainCommand,
  fetchOrbCommand,
  packCommand,
  diffCommand,
];
