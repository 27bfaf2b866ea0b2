import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { catalog } from '../actions/catalog.ts';
import { TOOL_ARGUMENT } from '../runner/tools/tool-argument.ts';
import { cancelAtHangUp } from './hang-up.ts';
import { localCommands } from './local-commands.ts';
import { runProcess } from './process-world.ts';

// The npm package: the deploy commands, and what is for a person's own machine. The program lies in dist/ of its folder.
// In a job that runs locally it is also what steps call as `circleci`.
if (process.argv[2] === TOOL_ARGUMENT) {
  void import('../runner/tools/tool-process.ts').then(({ runToolProcess }) => runToolProcess(process.argv.slice(3)));
} else {
  cancelAtHangUp();
  void runProcess(catalog, localCommands, {
    packageFolder: dirname(dirname(realpathSync(process.argv[1] ?? '.'))),
    async openScreen() {
      const { processScreen } = await import('./local/process-screen.ts');
      return processScreen();
    },
  });
}
