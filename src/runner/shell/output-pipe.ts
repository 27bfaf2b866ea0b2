import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, constants, openSync, readSync, unlinkSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Linux lets a pipe be at most so large unless root says otherwise (pipe(7)). */
const LARGEST_PIPE = 1024 * 1024;

/**
 * One pipe for what a command writes to stdout and stderr, so that both come in the order in which they were written. Node's
 * own pipes are sockets: two of them mix up the order, and `> /dev/stderr` fails in them on Linux.
 */
export class OutputPipe {
  /** For the command; ours is to be closed when it has been started. */
  private writeEnd: number | undefined;
  private readonly readEnd: number;
  private readonly stream: Socket;
  private output: (chunk: Buffer) => void;

  /** `folder` is private to the job; the pipe has a name in it for a moment. */
  static async open(folder: string, output: (chunk: Buffer) => void): Promise<OutputPipe> {
    const path = join(folder, `.output-${randomUUID()}`);
    await promisify(execFile)('mkfifo', ['-m', '600', path]);
    try {
      return new OutputPipe(path, output);
    } finally {
      unlinkSync(path);
    }
  }

  private constructor(path: string, output: (chunk: Buffer) => void) {
    this.output = output;
    this.readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    this.writeEnd = openSync(path, constants.O_WRONLY);
    this.stream = new Socket({ fd: this.readEnd, readable: true, writable: false });
    this.stream.on('data', (chunk: Buffer) => this.output(chunk));
    this.stream.on('error', () => this.stream.destroy());
  }

  get forCommand(): number {
    if (this.writeEnd === undefined) throw new Error('the pipe is closed on our side');
    return this.writeEnd;
  }

  closeOurEnd(): void {
    if (this.writeEnd !== undefined) closeSync(this.writeEnd);
    this.writeEnd = undefined;
  }

  /**
   * Brings what the command wrote before it ended. From then on nothing comes any more, but what daemons of it write is still
   * read: a closed pipe would end them.
   */
  finish(): void {
    const buffer = Buffer.alloc(64 * 1024);
    for (let total = 0; !this.stream.destroyed && total < LARGEST_PIPE;) {
      const length = this.readWaiting(buffer);
      if (length === 0) break;
      total += length;
      this.output(Buffer.from(buffer.subarray(0, length)));
    }
    this.output = () => {};
    this.stream.unref();
  }

  close(): void {
    this.closeOurEnd();
    this.stream.destroy();
  }

  private readWaiting(buffer: Buffer): number {
    try {
      return readSync(this.readEnd, buffer);
    } catch {
      return 0; // EAGAIN: a daemon holds the other end, and nothing is there.
    }
  }
}
