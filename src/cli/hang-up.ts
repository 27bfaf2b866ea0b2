import { readFileSync } from 'node:fs';

/** That the terminal is gone cancels as SIGTERM does; but not where somebody wanted to outlive it, with `nohup`. */
export function cancelAtHangUp(): void {
  if (isHangUpIgnored()) return;
  process.on('SIGHUP', () => process.emit('SIGTERM'));
}

/** proc(5). Where that can't be known, the system decides what a hangup does. */
function isHangUpIgnored(): boolean {
  try {
    const status = readFileSync('/proc/self/status', 'latin1');
    const [, lastDigit = '1'] = /^SigIgn:\s*[0-9a-f]*([0-9a-f])$/m.exec(status) ?? [];
    return (Number.parseInt(lastDigit, 16) & 1) === 1;
  } catch {
    return true;
  }
}
