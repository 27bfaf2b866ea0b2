import { describe, expect, it } from '@jest/globals';
import { briefly } from '../../../scripts/demo/brief-printer.ts';
import type { RunEvent } from '../../../src/runner/run-event.ts';

const id = { workflow: 'release', job: 'build', node: 0 };

/** What is shown of a step with this name and status that writes one line. */
function shown(name: string, status: 'success' | 'failed'): RunEvent['kind'][] {
  const kinds: RunEvent['kind'][] = [];
  const printer = briefly({
    listen: ({ kind }) => kinds.push(kind),
    note: () => undefined,
    questioner: undefined,
    close: () => undefined,
  });
  printer.listen({ kind: 'step-started', id, step: 1, name, at: 0 });
  printer.listen({ kind: 'output', id, step: 1, text: 'line\n', at: 0 });
  printer.listen({ kind: 'step-ended', id, step: 1, end: { name, status }, at: 0 } as RunEvent);
  return kinds;
}

describe('what is shown of a step', () => {
  it.each([
    ['all, of one that does the work of the job', 'Release batch job', 'success', true],
    ['not what it writes, of one around it', 'Install aws-deploy', 'success', false],
    ['all, of one around it that fails', 'Install aws-deploy', 'failed', true],
  ] as const)('is %s', (_what, name, status, showsOutput) => {
    expect(shown(name, status)).toEqual(['step-started', ...(showsOutput ? ['output'] : []), 'step-ended']);
  });
});
