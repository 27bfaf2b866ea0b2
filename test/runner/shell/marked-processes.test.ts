import { expect, it } from '@jest/globals';
import { MARK, readPs } from '../../../src/runner/shell/marked-processes.ts';

it('reads what ps of macOS prints, with the environment behind the command', () => {
  const text = [
    '    1     0 /sbin/launchd',
    `  812     1 sleep 1000 PATH=/bin ${MARK}=abc.1. HOME=/tmp`,
    `  813   812 sleep 1000 PATH=/bin X${MARK}=abc.1.`,
    `  814   812 vim ${MARK}=xyz.1.`,
    '',
  ].join('\n');
  expect(readPs(text, 'abc.')).toEqual([
    { id: 1, parent: 0, marked: false },
    { id: 812, parent: 1, marked: true },
    { id: 813, parent: 812, marked: false },
    { id: 814, parent: 812, marked: false },
  ]);
});
