import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { logFiles } from '../../../../src/report/run-page/logs/log-files.ts';
import { logOfText } from '../support/log-of-text.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const LINES = Array.from({ length: 1000 }, (_, index) => `line ${index}\n`).join('');

describe('an excerpt of a log', () => {
  it('is all of a short one', () => {
    expect(logOfText('short\n', 100)).toEqual({ head: 'short\n', tail: '', cutBytes: 0 });
  });

  it('is the beginning and the end of a long one, in whole lines, and says how much is missing', () => {
    const { head, tail, cutBytes } = logOfText(LINES, 400);
    expect(head).toMatch(/^line 0\n(line \d+\n)+$/);
    expect(tail).toMatch(/^line \d+\n(line \d+\n)*line 999\n$/);
    expect(tail.length).toBeGreaterThan(2 * head.length);
    expect(head.length + cutBytes + tail.length).toBe(LINES.length);
  });

  it.each([['🚀'], ['ü'], ['漢'], ['x']])('cuts a line without end between characters: %p', (character) => {
    const text = character.repeat(2000);
    for (const most of [397, 398, 399, 400, 401, 402, 403, 404]) {
      const { head, tail, cutBytes } = logOfText(text, most);
      expect(new Set(head + tail)).toEqual(new Set([character]));
      expect(Buffer.byteLength(head + tail) + cutBytes).toBe(Buffer.byteLength(text));
    }
  });

  it('keeps to what is asked for also when nothing in it is text', () => {
    const { head, tail } = logOfText('\u0080'.repeat(5000), 1000);
    expect(Buffer.byteLength(head + tail)).toBeLessThanOrEqual(1000);
  });
});

describe('logs of a folder', () => {
  it('are read by their paths below it', async () => {
    const folder = await tempFolder();
    await mkdir(join(folder, 'logs'));
    await writeFile(join(folder, 'logs/a.log'), LINES);
    expect(logFiles(folder)('logs/a.log', 400)).toEqual(logOfText(LINES, 400));
  });

  it('are undefined when there is no such file', async () => {
    const folder = await tempFolder();
    await mkdir(join(folder, 'logs'));
    expect(logFiles(folder)('logs/none.log', 400)).toBeUndefined();
    expect(logFiles(folder)('logs', 400)).toBeUndefined();
  });

  it('are never outside of it', async () => {
    const folder = await tempFolder();
    await mkdir(join(folder, 'run'));
    await writeFile(join(folder, 'secret'), 'secret');
    expect(logFiles(join(folder, 'run'))('../secret', 400)).toBeUndefined();
    expect(logFiles(join(folder, 'run'))(join(folder, 'secret'), 400)).toBeUndefined();
  });
});
