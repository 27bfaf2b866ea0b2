import { chmod, mkdir, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TOOL_ARGUMENT } from '../../tools/tool-argument.ts';
import { quoted, TOOL_NAMES, type ToolProgram } from '../../tools/tool-shims.ts';
import type { Mount } from './container-arguments.ts';

/** Node.js of this machine, in the container. */
const HOST_NODE = 'node-of-this-machine';
/** The oldest major version of Node.js that the program runs on. */
const OLDEST_NODE = 20;

/** The tools of a job (`circleci`) for its container: run by the image's Node.js, or by that of this machine. */
export interface ContainerTools {
  readonly mounts: readonly Mount[];
  /** Where the container finds Node.js of this machine. */
  readonly hostNode: string;
  /** Writes the tools, when it is known what runs them: undefined for nothing that is there. */
  write(node: string | undefined, image: string): Promise<void>;
}

export interface ToolsOptions {
  /** Made for this job, on this machine. */
  readonly folder: string;
  /** Where the container's PATH has the tools. */
  readonly toolsFolder: string;
  readonly tools: ToolProgram;
}

export async function prepareTools(options: ToolsOptions): Promise<ContainerTools> {
  const { folder, toolsFolder } = options;
  // npm puts a link to the program beside many others.
  const [node, program] = await Promise.all([realpath(options.tools.node), realpath(options.tools.program)]);
  await mkdir(folder, { mode: 0o755 });
  await writeFile(join(folder, HOST_NODE), '');
  // Whatever the umask is: the container's user reads them.
  await chmod(folder, 0o755);
  const hostNode = join(toolsFolder, HOST_NODE);
  return {
    mounts: [
      { source: folder, target: toolsFolder, readOnly: true },
      { source: node, target: hostNode, readOnly: true },
      // With all that it loads, and the archive that the orb installs.
      { source: dirname(program), target: dirname(program), readOnly: true },
    ],
    hostNode,
    async write(chosen, image) {
      const script = chosen === undefined ? withoutNode(program, image) : withNode(chosen, program);
      for (const name of TOOL_NAMES) {
        await writeFile(join(folder, name), script(name));
        await chmod(join(folder, name), 0o755);
      }
    },
  };
}

/** `v22.1.0` */
export function canRunTools(version: string): boolean {
  return Number(/^v(\d+)\./.exec(version)?.[1] ?? 0) >= OLDEST_NODE;
}

function withNode(node: string, program: string) {
  return (name: string): string =>
    `#!/bin/sh\nexec ${[node, program, TOOL_ARGUMENT, name].map(quoted).join(' ')} "$@"\n`;
}

/** A step may install Node.js. */
function withoutNode(program: string, image: string) {
  return (name: string): string => `#!/bin/sh
if command -v node >/dev/null; then exec node ${[program, TOOL_ARGUMENT, name].map(quoted).join(' ')} "$@"; fi
echo ${quoted(`${name}: ${whyNoTools(image)}`)} >&2
exit 127
`;
}

export function whyNoTools(image: string): string {
  return `in a local run this tool needs Node.js ${OLDEST_NODE} or newer: the image ${image} has none, and that of this machine does not run in it`;
}
