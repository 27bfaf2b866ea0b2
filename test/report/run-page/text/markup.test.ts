import { describe, expect, it } from '@jest/globals';
import { markup } from '../../../../src/report/run-page/text/markup.ts';

describe('markup', () => {
  it.each([
    ['what HTML gives a meaning', `<b a="1" c='2'>&amp;`, '&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;amp;'],
    ['control characters', 'a\0b\u001b[0m\r\u007f\u0085', 'a␀b␛[0m␍␡\ufffd'],
    ['line feeds and tabs, which stay', 'a\n\tb', 'a\n\tb'],
    ['lone surrogates', 'a\ud800b\udc00c', 'a\ufffdb\ufffdc'],
    ['characters of two code units, which stay', '🚀𝒳', '🚀𝒳'],
    ['no characters', '\uffff\ufffe\ufdd0\u{1ffff}', '\ufffd\ufffd\ufffd\ufffd'],
    ['what turns the direction of text', '\u202egnp.exe\u2066', '\ufffdgnp.exe\ufffd'],
  ])('makes %s harmless', (_what, text, shown) => {
    expect(markup`<p title="${text}">${text}</p>`.text).toBe(`<p title="${shown}">${shown}</p>`);
  });

  it('takes markup as it is, joins lists, and leaves out what is undefined', () => {
    const inner = markup`<i>${'&'}</i>`;
    expect(markup`${[inner, '<', 3]}${undefined}`.text).toBe('<i>&amp;</i>&lt;3');
  });
});
