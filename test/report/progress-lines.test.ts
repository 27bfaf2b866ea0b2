import { expect, it } from '@jest/globals';
import { progressLine } from '../../src/report/progress-lines.ts';

it.each([
  ['step', '==> Pushing\n'],
  ['info', '    Pushing\n'],
  ['warn', 'warning: Pushing\n'],
] as const)('a line of level %s', (level, line) => {
  expect(progressLine({ level, text: 'Pushing' })).toBe(line);
});
