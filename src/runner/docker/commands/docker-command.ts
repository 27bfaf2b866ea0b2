import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../core/clock.ts';
import type { CommandEnd, HostCommand, RunningCommand } from '../../command-host.ts';
import { MARK } from '../../shell/marked-processes.ts';
import { carryEnvironment } from './command-environment.ts';
import type { Container } from '../container/container.ts';
import { commandScript, STOP } from '../container/container-scripts.ts';
import { MarkedOutput, type MarkedWord } from './marked-output.ts';

export interface DockerCommandOptions {
  readonly container: Container;
  readonly clock: Clock;
  /** How long processes may take to end by themselves after SIGTERM. */
  readonly graceMs: number;
}

const ROUNDS_PER_SECOND = 20;
/** An engine that does not answer for so long is given up on. */
const SETTLE_MS = 15_000;
const KILLED = 137;

/** One command in the container of a job. */
export class DockerCommand implements RunningCommand {
  readonly ended: Promise<CommandEnd>;
  private readonly options: DockerCommandOptions;
  /** In the environment of all its processes. */
  private readonly mark = randomUUID();
  private readonly child: ChildProcess;
  /** The id of the process group in the container; undefined when docker could not start it. */
  private readonly started: Promise<string | undefined>;
  private setStarted: (processId: string | undefined) => void = () => {};
  private setEnded: (end: CommandEnd) => void = () => {};
  private stopping = false;

  constructor(command: HostCommand, options: DockerCommandOptions) {
    this.options = options;
    this.started = new Promise((resolve) => (this.setStarted = resolve));
    this.ended = new Promise((resolve) => (this.setEnded = resolve));
    this.child = this.start(command);
  }

  /** Its container is about to go. */
  expectEnd(): void {
    this.stopping = true;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    const { clock, graceMs } = this.options;
    const over = new AbortController();
    const late = clock.sleep(graceMs + SETTLE_MS, over.signal).then(
      () => this.abandon(),
      () => {},
    );
    await Promise.race([this.endInside().then(() => this.ended), late]);
    over.abort();
  }

  private async endInside(): Promise<void> {
    const { container, graceMs } = this.options;
    const group = await this.started;
    if (group === undefined) return;
    const args = [MARK, this.mark, group, String(Math.ceil((graceMs / 1000) * ROUNDS_PER_SECOND))];
    // Each sees the environments of its own processes only; root ends what sudo started.
    await Promise.all([container.runAsUser(STOP, args), container.isRoot || container.runAsRoot(STOP, args)]);
  }

  /** Gives up on docker, whose container is gone or about to go. */
  abandon(): void {
    this.child.kill('SIGKILL');
    this.setStarted(undefined);
    this.setEnded({ exitCode: KILLED });
  }

  private start(command: HostCommand): ChildProcess {
    const { container } = this.options;
    const { args, env, script } = carryEnvironment({ ...command.env, [MARK]: this.mark });
    const outputMark = randomUUID();
    const exec = ['exec', ...args, container.id, '/bin/sh', '-c', commandScript(script), 'sh', outputMark, command.cwd];
    const child = container.docker.start([...exec, ...command.argv], { env });
    const output = new MarkedOutput(outputMark, command.output, (word) => this.hear(word, command));
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (said = (said + chunk).slice(-2000)));
    child.once('error', (error) => this.fail(`docker can not be started: ${error.message}`));
    child.once('close', (code) => {
      output.end();
      this.setStarted(undefined);
      if (this.stopping) this.setEnded({ exitCode: code ?? KILLED });
      else this.fail(said.trim() || 'its container has ended');
    });
    return child;
  }

  private hear(word: MarkedWord, command: HostCommand): void {
    if (word.kind === 'started') return this.setStarted(word.processId);
    // A daemon that the command left keeps docker waiting; nobody else does.
    this.child.unref();
    if (word.kind === 'ended') return this.setEnded({ exitCode: word.exitCode });
    const { image } = this.options.container;
    const [program = ''] = command.argv;
    if (word.what === 'folder') {
      this.setEnded({ exitCode: 1, failure: `the working directory can not be made in the container: ${command.cwd}` });
    } else {
      this.setEnded({ exitCode: 127, failure: `there is no program ${program} in the image ${image}` });
    }
  }

  private fail(failure: string): void {
    this.setStarted(undefined);
    this.setEnded({ exitCode: 126, failure });
  }
}
