import { LIMITS } from '../limits.ts';
import { markup, type Markup } from '../text/markup.ts';
import type { JobTestResults } from '../run-page-input.ts';
import { beginning, oneLine } from '../text/short-text.ts';
import { icon } from '../text/status-look.ts';

/** The tests of a job in a line, and those that failed. */
export function testResults({ passed, failed, skipped, failures }: JobTestResults): Markup {
  const shown = failures.slice(0, LIMITS.listedFailures);
  const more = failures.length - shown.length;
  const list = shown.map(
    ({ name, message }) =>
      markup`<li>${icon('failed')}<span>${oneLine(name, LIMITS.name)}${message === '' ? undefined : markup`<span class="msg">${beginning(message, LIMITS.reason)}</span>`}</span></li>`,
  );
  return markup`<div class="tests"><p>Tests: ${passed} passed, ${failed} failed, ${skipped} skipped</p>${list.length === 0 ? undefined : markup`<ul>${list}</ul>`}${more === 0 ? undefined : markup`<p class="cut">${more} further failed tests are in the test results.</p>`}</div>`;
}
