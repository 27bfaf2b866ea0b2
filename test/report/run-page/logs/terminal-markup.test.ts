import { describe, expect, it } from '@jest/globals';
import { ofRgb, ofTable } from '../../../../src/report/run-page/logs/ansi-colours.ts';
import { terminalText } from '../../../../src/report/run-page/logs/terminal-markup.ts';

/** Writes ␛ for the escape character. */
function shown(text: string): string {
  return terminalText(text.replaceAll('␛', '\u001b')).text;
}

describe('colours', () => {
  it.each([
    ['the eight', '␛[31mred␛[0m plain', '<span class="f1">red</span> plain'],
    ['the bright ones', '␛[92mgreen␛[39m', '<span class="f10">green</span>'],
    ['behind the text', '␛[30;42m PASS ␛[0m', '<span class="f0 b2"> PASS </span>'],
    ['bright ones behind the text', '␛[101mx', '<span class="b9">x</span>'],
    ['of the table of 256', '␛[38;5;196mx␛[48;5;21my', '<span class="f9">x</span><span class="f9 b4">y</span>'],
    ['in 24 bits', '␛[38;2;250;250;250mx', '<span class="f15">x</span>'],
    ['bold and the like', '␛[1;2;3;4;9mx␛[22;23;24;29my', '<span class="bo di it un sk">x</span>y'],
    ['turned around', '␛[7mx␛[27my', '<span class="in">x</span>y'],
    ['turned around with a colour', '␛[31;7mx', '<span class="b1">x</span>'],
    ['reset by an empty sequence', '␛[1mx␛[my', '<span class="bo">x</span>y'],
    ['over lines', '␛[31ma\nb␛[0m', '<span class="f1">a\nb</span>'],
    ['that do not exist', '␛[38;5;999mx␛[38;9my␛[77mz', 'xyz'],
  ])('%s', (_what, text, html) => {
    expect(shown(text)).toBe(html);
  });

  it.each([
    [[0, 0, 0], 0],
    [[255, 255, 255], 15],
    [[200, 10, 10], 1],
    [[100, 100, 250], 12],
  ])('%p is nearest to %i of the sixteen', ([red = 0, green = 0, blue = 0], nearest) => {
    expect(ofRgb(red, green, blue)).toBe(nearest);
  });

  it('of the table are the sixteen, a cube, and greys', () => {
    expect([7, 16, 46, 231, 232, 255, 256, -1, 1.5].map(ofTable)).toEqual([
      7,
      0,
      10,
      15,
      0,
      7,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('other control sequences', () => {
  it.each([
    ['movements and erasing', 'a␛[2K␛[1Ab␛[?25lc', 'abc'],
    ['titles', '␛]0;a title\u0007text', 'text'],
    ['links', '␛]8;;javascript:alert(1)␛\\click␛]8;;␛\\', 'click'],
    ['character sets', '␛(Btext␛=', 'text'],
  ])('%s leave nothing', (_what, text, html) => {
    expect(shown(text)).toBe(html);
  });

  it('that do not end hide nothing of the lines after them', () => {
    expect(shown('␛]0;open\nnext␛[31')).toBe('␛]0;open\nnext␛[31');
  });
});

describe('lines that are written again', () => {
  it.each([
    ['show their last state', '10%\r50%\r100%\ndone', '100%\ndone'],
    ['keep the state of colours', '␛[31m1\r2␛[0m', '<span class="f1">2</span>'],
    ['keep what stands there when nothing follows', '50%\r', '50%'],
    ['leave the lines before alone', 'a\nb\rc', 'a\nc'],
  ])('%s', (_what, text, html) => {
    expect(shown(text)).toBe(html);
  });

  it('are not those of Windows', () => {
    expect(shown('a\r\nb\r\r\n')).toBe('a\nb\n');
  });
});

it('escapes what the log says', () => {
  expect(shown('␛[31m</span><script>␛[0m&')).toBe('<span class="f1">&lt;/span&gt;&lt;script&gt;</span>&amp;');
});
