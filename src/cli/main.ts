import { catalog } from '../actions/catalog.ts';
import { localAwsCommand } from './local-aws-command.ts';
import { runProcess } from './process-world.ts';

// The npm package: the deploy commands, and what is for a person's own machine.
void runProcess(catalog, [localAwsCommand]);
