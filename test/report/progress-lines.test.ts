import { expect, it } from '@jest/globals';
import { outputLine, progressLine } from '../../src/report/progress-lines.ts';

it.each([
  ['step', '==> Pushing\n'],
  ['info', '    Pushing\n'],
  ['warn', 'warning: Pushing\n'],
] as const)('a line of level %s', (level, line) => {
  expect(progressLine({ level, text: 'Pushing' })).toBe(line);
});

it('what others say stays in its place: no line of it looks like one of ours', () => {
  expect(progressLine({ level: 'info', text: 'Stopped: a\nwarning: b' })).toBe('    Stopped: a\n    warning: b\n');
  expect(outputLine('a\n==> b')).toBe('    | a\n    | ==> b\n');
});

it('a line of output keeps its colours, and does not steer the terminal', () => {
  expect(outputLine('\u001b[2K\r\u001b[31mred\u001b[0m')).toBe('    | \u001b[31mred\u001b[0m\n');
});
