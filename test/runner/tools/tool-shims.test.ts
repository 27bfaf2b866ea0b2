import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { writeToolShims } from '../../../src/runner/tools/tool-shims.ts';
import { tempFolder } from '../../support/temp-folder.ts';

describe('writeToolShims', () => {
  it.each(['circleci', 'circleci-agent'])('%s hands its arguments to the program as they are', async (name) => {
    const folder = join(await tempFolder(), "it's a $HOME `folder`");
    await mkdir(folder);
    const program = join(folder, 'program.mjs');
    await writeFile(program, 'process.stdout.write(JSON.stringify(process.argv.slice(2)));');
    await writeToolShims(join(folder, 'bin'), { node: process.execPath, program });
    const args = ['run', '', 'a b', '$HOME', '"\'', '*', '$(exit 3)', '-n'];
    const { stdout } = await promisify(execFile)(join(folder, 'bin', name), args);
    expect(JSON.parse(stdout)).toEqual(['__tool', name, ...args]);
  });

  it('ends as the program ends', async () => {
    const folder = await tempFolder();
    const program = join(folder, 'program.mjs');
    await writeFile(program, 'process.exitCode = 7;');
    await writeToolShims(folder, { node: process.execPath, program });
    await expect(promisify(execFile)(join(folder, 'circleci'))).rejects.toMatchObject({ code: 7 });
  });
});
