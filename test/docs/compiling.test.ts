import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildCli } from '../acceptance/support/built-cli.ts';

const root = process.cwd();
const page = await readFile(join(root, 'docs/compiling.md'), 'utf8');

/** What stands in a console block: a command, and what it prints. */
const examples = [...page.matchAll(/^```console\n\$ (.*)\n([^]*?)^```$/gm)].map(
  ([, command = '', output = '']) => [command, output] as const,
);

let bin: string;
beforeAll(async () => {
  const program = await buildCli();
  bin = await mkdtemp(join(tmpdir(), 'aws-deploy-docs-'));
  const shim = `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`;
  await writeFile(join(bin, 'aws-deploy'), shim, { mode: 0o755 });
});
afterAll(() => rm(bin, { recursive: true, force: true }));

/** Everything that a command prints, run as the page says: in the sample project. */
async function printed(command: string): Promise<string> {
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH']}`, HOME: bin };
  const options = { cwd: join(root, 'examples/nightly-batch'), env };
  const run = promisify(execFile)('bash', ['-c', `${command} 2>&1`], options);
  return run.then(({ stdout }) => stdout).catch((error: { stdout: string }) => error.stdout);
}

describe('docs/compiling.md', () => {
  it('has examples', () => {
    expect(examples.length).toBeGreaterThan(4);
  });

  it.each(examples)('%s', async (command, output) => {
    const parts = output.split(/^…\n/m);
    const whole = parts.length === 1;
    const actual = await printed(command);
    if (whole) expect(actual).toBe(output);
    else for (const part of parts) expect(actual).toContain(part);
  });
});
