import { describe, expect, it } from '@jest/globals';
import { growingRedactor } from '../../../src/core/redact.ts';
import { secretTexts } from '../../../src/runner/contexts/secret-texts.ts';

const SECRET = 'correct horse/battery+staple?';
const PEM = '-----BEGIN KEY-----\nMIIEowIBAAKCAQEA\nshortend\n-----END KEY-----\n';

function redactWith(value: string): (text: string) => string {
  const redactor = growingRedactor({});
  redactor.hide(secretTexts({ project: {}, named: new Map([['aws', { A: value }]]), warnings: [] }));
  return redactor.redact;
}

describe('output', () => {
  it.each([
    ['the value', SECRET],
    ['its base64', Buffer.from(SECRET).toString('base64')],
    ['its base64 for URLs', Buffer.from(SECRET).toString('base64url')],
    ['its percent-encoding', encodeURIComponent(SECRET)],
    ['its JSON', JSON.stringify(SECRET).slice(1, -1)],
  ])('does not show %s', (_name, text) => {
    expect(redactWith(SECRET)(`<${text}>`)).toMatch(/^<\*+[^*]{0,4}>$/);
  });

  it.each(['u:', 'us:', 'use:', 'user:'])('does not show it in the base64 of %s', (before) => {
    const shown = redactWith(SECRET)(Buffer.from(`${before}${SECRET}\n`).toString('base64'));
    expect(Buffer.from(shown.replaceAll('*', ''), 'base64').toString()).not.toMatch(/correct|staple/);
    expect(shown).toContain('****');
  });

  it('does not show a line of a value of several', () => {
    expect(redactWith(PEM)('  MIIEowIBAAKCAQEA\r\nshortend')).toBe('  ****\r\n****');
  });

  it.each(['true', 'False', 'TRUE', 'abc', ''])('shows %j, which is no secret', (value) => {
    expect(redactWith(value)(`<${value}>`)).toBe(`<${value}>`);
  });
});

it('values of the project are secret too', () => {
  expect(secretTexts({ project: { A: 'hunter2' }, named: new Map(), warnings: [] })).toContain('hunter2');
});
