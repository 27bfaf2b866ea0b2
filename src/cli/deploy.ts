import { catalog } from '../actions/catalog.ts';
import { runProcess } from './process-world.ts';

// The CLI archive, which the orb installs: the deploy commands and nothing else.
void runProcess(catalog, []);
