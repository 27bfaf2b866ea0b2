import { chmod, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { tempFolder } from './temp-folder.ts';

export interface FakeCircleci {
  /** With the executable before all others. */
  PATH: string;
  /** The arguments of each call, a line each. */
  calls(): Promise<string[]>;
}

/** An executable called circleci. It prints `answer`, or fails when there is none. */
export async function fakeCircleci(answer: string | undefined): Promise<FakeCircleci> {
  const folder = await tempFolder();
  const [log, output] = [join(folder, 'calls'), join(folder, 'answer')];
  await writeFile(log, '');
  await writeFile(output, answer ?? '');
  const file = join(folder, 'circleci');
  await writeFile(file, `#!/bin/sh\necho "$*" >> '${log}'\n${answer === undefined ? 'exit 1' : `cat '${output}'`}\n`);
  await chmod(file, 0o755);
  return {
    PATH: `${folder}${delimiter}${process.env['PATH']}`,
    calls: async () => (await readFile(log, 'utf8')).split('\n').filter((line) => line !== ''),
  };
}
