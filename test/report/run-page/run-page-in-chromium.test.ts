import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { logOfText } from './support/log-of-text.ts';
import { runPage } from '../../../src/report/run-page/run-page.ts';
import { chromiumPath, startChromium, type Chromium, type Page, type View } from './support/chromium.ts';
import { LOW_CONTRAST } from './support/low-contrast.ts';
import { pngPixels } from './support/png-pixels.ts';
import { SAMPLE_RUN, sampleLog } from './support/sample-run.ts';

const path = chromiumPath();
const withChromium = path === undefined ? describe.skip : describe;

const PHONE = { width: 360, height: 800 };
const DESK = { width: 1280, height: 900 };
const VIEWS: readonly View[] = [
  { ...PHONE, scheme: 'light' },
  { ...PHONE, scheme: 'dark' },
  { ...DESK, scheme: 'light' },
  { ...DESK, scheme: 'dark' },
];
const DESK_LIGHT: View = { ...DESK, scheme: 'light' };
const UNFOLD = `document.querySelectorAll('details').forEach((fold) => { fold.open = true; })`;

withChromium(`the page in Chromium${path === undefined ? ' (skipped: there is no chromium on PATH)' : ''}`, () => {
  let folder: string;
  let chromium: Chromium;
  let page: Page;
  let url: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aws-deploy-run-page-'));
    chromium = await startChromium(path ?? '');
    url = await saved('index.html', sampleLog);
    page = await chromium.newPage();
  });

  afterAll(async () => {
    await chromium.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function saved(name: string, log: (path: string) => string, run = SAMPLE_RUN): Promise<string> {
    const file = join(folder, name);
    await writeFile(file, runPage(run, { logs: (at, most) => logOfText(log(at), most) }));
    return pathToFileURL(file).href;
  }

  describe.each(VIEWS)('$width pixels wide, $scheme', (view) => {
    beforeAll(async () => {
      await page.open(url, view);
    });

    it('shows what failed at once', async () => {
      const bottom = await page.evaluate<number>(`document.querySelector('.fail h3').getBoundingClientRect().bottom`);
      expect(bottom).toBeLessThan(view.height);
      const isThere = await page.evaluate<boolean>(
        `[...document.querySelectorAll('.fail pre')].some((log) => log.checkVisibility() && log.innerText.includes('error: no such image in ECR'))`,
      );
      expect(isThere).toBe(true);
    });

    it('is a picture in the colours of its scheme, and not a blank one', async () => {
      const { width, height, colours } = pngPixels(await page.screenshot());
      expect([width, height]).toEqual([view.width, view.height]);
      const counts = new Map<number, number>();
      for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
      const [[common, count] = [0, 0]] = [...counts].toSorted((a, b) => b[1] - a[1]);
      expect(count).toBeLessThan(0.95 * colours.length);
      expect(counts.size).toBeGreaterThan(50);
      expect(common > 0x808080 ? 'light' : 'dark').toBe(view.scheme);
    });

    it('does not scroll sideways, folded or not', async () => {
      const overflow = `document.documentElement.scrollWidth - document.documentElement.clientWidth`;
      expect(await page.evaluate<number>(overflow)).toBe(0);
      await page.evaluate(UNFOLD);
      expect(await page.evaluate<number>(overflow)).toBe(0);
    });

    it('has text that can be read: a contrast of 4.5 to 1 everywhere', async () => {
      await page.evaluate(UNFOLD);
      const { low, count } = await page.evaluate<{ low: string[]; count: number }>(LOW_CONTRAST);
      expect(low).toEqual([]);
      expect(count).toBeGreaterThan(200);
    });

    it('keeps names inside of the boxes of the graph', async () => {
      const outside = await page.evaluate<string[]>(`[...document.querySelectorAll('.graph a')].flatMap((link) => {
        const box = link.querySelector('.box').getBoundingClientRect();
        return [...link.querySelectorAll('text')].filter((text) => text.getBoundingClientRect().right > box.right).map((text) => text.textContent);
      })`);
      expect(outside).toEqual([]);
    });
  });

  it('asks for nothing but itself, and nothing in it complains', async () => {
    const own = await chromium.newPage();
    await own.open(url, DESK_LIGHT);
    await own.evaluate(UNFOLD);
    await own.screenshot(true);
    expect(own.requests).toEqual([url]);
    expect(own.complaints).toEqual([]);
  });

  it('shows what it is told, also when that is hostile', async () => {
    const text = `</pre></style></title><script>document.title='taken'</script><img src=x onerror="document.title='taken'">`;
    const [first] = SAMPLE_RUN.workflows;
    const jobs = first!.jobs.map((job) => ({ ...job, reason: text }));
    const hostile = await saved('hostile.html', () => text, { ...SAMPLE_RUN, workflows: [{ name: text, jobs }] });
    const own = await chromium.newPage();
    await own.open(hostile, DESK_LIGHT);
    expect(await own.evaluate(`document.title`)).toBe('failed: local run 7');
    expect(await own.evaluate(`document.querySelectorAll('script, img').length`)).toBe(0);
    expect(await own.evaluate(`document.querySelector('.fail pre').innerText`)).toBe(text);
    expect(await own.evaluate(`document.querySelector('.reason').innerText`)).toBe(text);
    expect(own.complaints).toEqual([]);
  });

  it('would neither run a script nor load a picture that got into it', async () => {
    const own = await chromium.newPage();
    const file = join(folder, 'broken.html');
    const script = `<script>document.title = 'taken'</script><img src="x.png"></main>`;
    await writeFile(file, runPage(SAMPLE_RUN, { logs: () => undefined }).replace('</main>', script));
    await own.open(pathToFileURL(file).href, DESK_LIGHT);
    expect(await own.evaluate(`document.title`)).toBe('failed: local run 7');
    expect(own.complaints.map((complaint) => /script|image/.exec(complaint)?.[0])).toEqual(['script', 'image']);
    expect(own.complaints.filter((complaint) => !complaint.includes('Content Security Policy'))).toEqual([]);
  });

  it('unfolds the log that a link goes to', async () => {
    await page.open(url, DESK_LIGHT);
    const log = `document.querySelector('.job .log pre')`;
    expect(await page.evaluate(`${log}.checkVisibility()`)).toBe(false);
    await page.evaluate(`location.hash = ${log}.parentElement.id`);
    expect(await page.evaluate(`${log}.checkVisibility()`)).toBe(true);
  });

  it('prints in light colours, pictures as wide as the paper', async () => {
    await page.open(url, { ...DESK, scheme: 'dark' });
    await page.call('Emulation.setEmulatedMedia', { media: 'print' });
    expect(await page.evaluate(`getComputedStyle(document.body).backgroundColor`)).toBe('rgb(246, 247, 249)');
    const isInside = `[...document.querySelectorAll('.pic svg')].every((picture) => picture.getBoundingClientRect().right <= innerWidth)`;
    expect(await page.evaluate(isInside)).toBe(true);
    await page.call('Emulation.setEmulatedMedia', { media: '' });
  });

  it('has headings in order, and a name for each of its pictures and regions', async () => {
    await page.open(url, DESK_LIGHT);
    const levels = await page.evaluate<number[]>(
      `[...document.querySelectorAll('h1, h2, h3, h4, h5')].map((heading) => Number(heading.tagName[1]))`,
    );
    expect(levels[0]).toBe(1);
    expect(levels.filter((level, index) => level > (levels[index - 1] ?? level) + 1)).toEqual([]);
    const { nodes } = (await page.call('Accessibility.getFullAXTree')) as { nodes: AxNode[] };
    const named = nodes.filter(({ role }) => ['image', 'region', 'navigation', 'link'].includes(role?.value ?? ''));
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter(({ name, ignored }) => !ignored && !name?.value)).toEqual([]);
  });
});

interface AxNode {
  readonly ignored?: boolean;
  readonly role?: { readonly value?: string };
  readonly name?: { readonly value?: string };
}
