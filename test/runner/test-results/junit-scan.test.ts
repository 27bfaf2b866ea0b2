import { describe, expect, it } from '@jest/globals';
import { scanJunit } from '../../../src/runner/test-results/junit-scan.ts';

function suite(cases: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites><testsuite name="s">${cases}</testsuite></testsuites>`;
}

describe('scanJunit', () => {
  it.each<[string, string, object]>([
    ['passed, empty', '<testcase name="a"/>', { passed: 1, failed: 0, skipped: 0 }],
    ['passed, with output', '<testcase name="a"><system-out>x</system-out></testcase>', { passed: 1 }],
    ['failed', '<testcase name="a"><failure/></testcase>', { passed: 0, failed: 1 }],
    ['an error', '<testcase name="a"><error message="x"/></testcase>', { failed: 1 }],
    ['skipped', '<testcase name="a"><skipped/></testcase>', { passed: 0, skipped: 1 }],
    ['several', '<testcase/><testcase><skipped/></testcase><testcase></testcase>', { passed: 2, skipped: 1 }],
    ['failed twice, which is once', '<testcase><failure/><failure/></testcase>', { failed: 1 }],
    ['in a comment, which is none', '<!-- <testcase/> -->', { passed: 0 }],
    [
      'in output, which is none',
      '<testcase><system-out><![CDATA[<testcase/>]]></system-out></testcase>',
      { passed: 1 },
    ],
  ])('counts tests: %s', (_what, cases, totals) => {
    expect(scanJunit(suite(cases))).toMatchObject(totals);
  });

  it.each<[string, string, { name: string; message: string }]>([
    [
      'by class and name, with the message',
      `<testcase classname='cart' name="adds &lt;1&gt;"><failure message="expected 1 &amp; got 2">trace</failure></testcase>`,
      { name: 'cart: adds <1>', message: 'expected 1 & got 2' },
    ],
    [
      'by the text where there is no message',
      '<testcase name="a"><failure type="x">\n  <![CDATA[1 < 2]]> &#x41;&#66;\n</failure></testcase>',
      { name: 'a', message: '1 < 2 AB' },
    ],
    [
      'by its name alone, when it says the class',
      '<testcase classname="cart" name="cart adds"><error message="no"/></testcase>',
      { name: 'cart adds', message: 'no' },
    ],
    [
      'with ">" in an attribute',
      '<testcase name="a > b"><error message="c > d"/></testcase>',
      { name: 'a > b', message: 'c > d' },
    ],
  ])('tells failures %s', (_what, cases, failure) => {
    expect(scanJunit(suite(cases)).failures).toEqual([failure]);
  });

  it('does not grow entities of a file’s own', () => {
    const bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>';
    expect(scanJunit(`${bomb}<testcase name="x"><failure message="&b;"/></testcase>`).failures).toEqual([
      { name: 'x', message: '&b;' },
    ]);
  });

  it('takes what it understands of a file that breaks off', () => {
    expect(scanJunit('<testsuite><testcase name="a"/><testcase name="b"><fail')).toMatchObject({
      passed: 2,
      failed: 0,
    });
  });

  it.each(['<', '<!--', '<a "', "<a '", '<![CDATA[', '<testcase ', '&#x41'])(
    'is through with a megabyte of %j before a test would time out',
    (piece) => {
      expect(scanJunit(piece.repeat(1024 * 1024))).toMatchObject({ failed: 0 });
    },
  );
});
