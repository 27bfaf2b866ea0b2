import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { catalog } from '../actions/catalog.ts';
import { localCommands } from './local-commands.ts';
import { runProcess } from './process-world.ts';

// The npm package: the deploy commands, and what is for a person's own machine. The program lies in dist/ of its folder.
const packageFolder = dirname(dirname(realpathSync(process.argv[1] ?? '.')));
void runProcess(catalog, localCommands, packageFolder);
