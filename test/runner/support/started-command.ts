import type { CommandHost, HostCommand, RunningCommand } from '../../../src/runner/command-host.ts';

/** A command, and what it writes. */
export interface StartedCommand {
  readonly running: RunningCommand;
  readonly text: () => string;
  /** Resolves when the output holds this text. */
  readonly wrote: (part: string) => Promise<void>;
}

export function startCommand(host: CommandHost, command: Omit<HostCommand, 'output'>): StartedCommand {
  const chunks: Buffer[] = [];
  const waiting = new Set<() => void>();
  const text = (): string => Buffer.concat(chunks).toString();
  const running = host.start({
    ...command,
    output: (chunk) => {
      chunks.push(Buffer.from(chunk));
      for (const check of waiting) check();
    },
  });
  const wrote = (part: string): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (text().includes(part)) resolve();
      };
      waiting.add(check);
      check();
    });
  return { running, text, wrote };
}
