import { execFile, execFileSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writePackageFolder } from '../../scripts/package-folder.ts';

const SAMPLE = 'examples/nightly-batch';

const page = await readFile('docs/running.md', 'utf8');

/** What stands in a console block: a command, and what it prints. */
const examples = [...page.matchAll(/^```console\n\$ (.*)\n([^]*?)^```$/gm)].map(
  ([, command = '', output = '']) => [command, output] as const,
);

let folder: string;
let project: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aws-deploy-docs-'));
  project = join(folder, 'project');
  await writePackageFolder(process.cwd(), join(folder, 'package'));
  await cp(SAMPLE, project, { recursive: true, filter: (source) => !/\.circleci.local$/.test(source) });
  const git = ['-C', project, '-c', 'user.name=t', '-c', 'user.email=t@example.com'];
  execFileSync('git', [...git, 'init', '-q', '-b', 'main']);
  execFileSync('git', [...git, 'add', '.']);
  execFileSync('git', [...git, 'commit', '-q', '-m', 'first']);
  const shim = `#!/bin/sh\nexec '${process.execPath}' '${join(folder, 'package/dist/aws-deploy.js')}' "$@"\n`;
  await writeFile(join(folder, 'aws-deploy'), shim, { mode: 0o755 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Everything that a command prints, run as the page says: in the sample project, one after the other. */
async function printed(command: string): Promise<string> {
  const env = { PATH: `${folder}${delimiter}${process.env['PATH']}`, HOME: folder };
  const run = promisify(execFile)('bash', ['-c', `${command} 2>&1`], { cwd: project, env });
  return run.then(({ stdout }) => stdout).catch((error: { stdout: string }) => error.stdout);
}

/** How long something takes is not the same twice. */
function timeless(text: string): string {
  return text.replaceAll(/\b(?:\d+m )?\d+s\b/g, '1s');
}

describe('docs/running.md', () => {
  it('has examples', () => {
    expect(examples.length).toBeGreaterThan(3);
  });

  it.each(examples)('%s', async (command, output) => {
    const parts = timeless(output).split(/^…\n/m);
    const actual = timeless(await printed(command));
    if (parts.length === 1) expect(actual).toBe(parts[0]);
    else for (const part of parts) expect(actual).toContain(part);
  });
});
