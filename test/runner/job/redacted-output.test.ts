import { describe, expect, it } from '@jest/globals';
import { redactor } from '../../../src/core/redact.ts';
import { RedactedOutput } from '../../../src/runner/job/redacted-output.ts';

const SECRET = 'hunter22-hunter22';
const redact = redactor({ A_TOKEN: SECRET });

function written(chunks: readonly (string | Uint8Array)[]): string[] {
  const texts: string[] = [];
  const output = new RedactedOutput(redact, (text) => texts.push(text));
  for (const chunk of chunks) output.push(Buffer.from(chunk));
  output.end();
  return texts;
}

describe('RedactedOutput', () => {
  it('masks a secret wherever two chunks part it', () => {
    for (let at = 0; at <= SECRET.length; at++) {
      expect(written([`a ${SECRET.slice(0, at)}`, `${SECRET.slice(at)} b\n`]).join('')).toBe('a **** b\n');
    }
  });

  it('gives whole lines, and closes the last one', () => {
    expect(written(['a\nb', 'c\nd'])).toEqual(['a\n', 'bc\n', 'd\n']);
  });

  it('takes a carriage return as the end of a line, as progress bars have it', () => {
    expect(written(['10%\r20%', '\r30%\r\n'])).toEqual(['10%\r', '20%\r30%\r\n']);
  });

  it('puts characters together that two chunks part', () => {
    const [first, ...rest] = Buffer.from('é\n');
    expect(written([Buffer.from([first ?? 0]), Buffer.from(rest)]).join('')).toBe('é\n');
  });

  it('replaces what is no UTF-8', () => {
    expect(written([Buffer.from([0x61, 0xff, 0x62, 0x0a, 0xc3])]).join('')).toBe('a\ufffdb\n\ufffd\n');
  });

  it.each([1, 7, 4093, 65_536])('masks secrets in a line without an end that comes in chunks of %i', (size) => {
    const line = `${'x'.repeat(1000)}${SECRET}`.repeat(300);
    const chunks = Array.from({ length: Math.ceil(line.length / size) }, (_, i) =>
      line.slice(i * size, (i + 1) * size),
    );
    expect(written(chunks).join('')).toBe(`${redact(line)}\n`);
  });

  it('does not hold more of a line than some secrets are long', () => {
    let length = 0;
    const output = new RedactedOutput(redact, (text) => (length += text.length));
    for (let i = 0; i < 100; i++) output.push(Buffer.alloc(65_536, 'x'));
    expect(100 * 65_536 - length).toBeLessThanOrEqual(128 * 1024);
  });

  it('says a line of the runner on a line of its own, masked', () => {
    const texts: string[] = [];
    const output = new RedactedOutput(redact, (text) => texts.push(text));
    output.push(Buffer.from('open'));
    output.say(`said ${SECRET}`);
    expect(texts.join('')).toBe('open\nsaid ****\n');
  });
});
