import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import type { CommandHost, HostCommand } from '../command-host.ts';
import type { JobPlace } from '../job-place.ts';
import { writeCommandFile } from './command-file.ts';

/** A BASH_ENV that does not come to an end is no explanation for a step that did. */
const PROBE_MS = 5000;

/**
 * Knows which step wrote BASH_ENV last, and whether that file is why a later step failed. Bash reads it before every step, and
 * when it ends the shell there, nothing else in the log says why.
 */
export class BashEnvWatch {
  private readonly place: JobPlace;
  private content = '';
  private writer: string | undefined;

  constructor(place: JobPlace) {
    this.place = place;
  }

  /** To be called when a step has ended. */
  async stepEnded(name: string): Promise<void> {
    const content = await readFile(this.place.bashEnv, 'latin1').catch(() => '');
    if (content !== this.content) this.writer = name;
    this.content = content;
  }

  /**
   * Why BASH_ENV made a command fail, in words; undefined when it did not. It runs the command's own shell with the same
   * environment, on a file that does nothing: what still goes wrong then comes from BASH_ENV.
   */
  async blame(
    host: CommandHost,
    failed: Pick<HostCommand, 'argv' | 'env' | 'cwd'>,
    clock: Clock,
  ): Promise<string | undefined> {
    const { bashEnv, temp } = this.place;
    const shell = failed.argv.slice(0, -1);
    if (this.writer === undefined || basename(shell[0] ?? '') !== 'bash') return undefined;
    const nothing = join(temp, 'step-of-nothing');
    await writeCommandFile(nothing, ':\n', host);
    let said = '';
    const probe = host.start({
      ...failed,
      argv: [...shell, nothing],
      output: (chunk) => {
        if (said.length < 10_000) said += chunk.toString();
      },
    });
    const over = new AbortController();
    const end = await Promise.race([probe.ended, clock.sleep(PROBE_MS, over.signal).catch(() => undefined)]);
    over.abort();
    if (!end) await probe.stop();
    const complaint = said.split('\n').find((line) => line.includes(bashEnv));
    if (end === undefined || (end.exitCode === 0 && complaint === undefined)) return undefined;
    const what = end.exitCode === 0 ? 'has an error' : `ends the shell with exit code ${end.exitCode}`;
    const where = complaint === undefined ? '' : `: ${complaint.trim()}`;
    return `BASH_ENV, which bash reads before every step, ${what}${where}. It was last written by the step "${this.writer}".`;
  }
}
