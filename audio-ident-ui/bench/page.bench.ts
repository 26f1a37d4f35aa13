import { chromium, expect, test, type Page } from '@playwright/test';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { answerWith, job, MADE_UP, timeline } from '../tests/e2e/made_up';
import { recording, sample, Service, song } from '../tests/e2e/service';

const PAINTS = 21;
const HOLDS_A_TRACK = 6;
const HELD_MS = 4200;

const launch = (...switches: string[]) =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', ...switches]
  });

function report(what: string, milliseconds: number[]): void {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const at = (part: number) => Math.round(sorted[Math.ceil(part * sorted.length) - 1]!);
  console.log(`${what}: median ${at(0.5)} ms, p95 ${at(0.95)} ms, worst ${at(1)} ms of ${sorted.length}`);
}

let service: Service;
test.beforeAll(async () => {
  service = new Service();
  service.run('ingest', sample);
  await service.start();
});
test.afterAll(() => service.close());

test('first paint, nothing cached', async () => {
  const browser = await launch();
  const paints: number[] = [];
  for (let i = 0; i < PAINTS; i += 1) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(service.url, { waitUntil: 'networkidle' });
    paints.push(await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]!.startTime));
    await context.close();
  }
  await browser.close();
  report('first contentful paint', paints);
});

test('a day of 1,000 entries, from opening the page and from its data to the drawn canvas', async () => {
  const browser = await launch();
  const opened: number[] = [];
  const drawn: number[] = [];
  for (let i = 0; i < PAINTS; i += 1) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await answerWith(page, job(timeline(24, 1000), 'A day of radio.flac'), song);
    await page.addInitScript(() => {
      const watch = () => {
        if (document.querySelector('canvas[data-wave]')) performance.mark('drawn');
        else requestAnimationFrame(watch);
      };
      requestAnimationFrame(watch);
    });
    await page.goto(`${service.url}/timelines/${MADE_UP}`);
    await page.waitForFunction(() => performance.getEntriesByName('drawn').length > 0);
    const [end, data] = await page.evaluate((id) => {
      const parts = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
      const came = parts.filter(({ name }) => name.includes(id) && !name.endsWith('/audio'));
      const end = performance.getEntriesByName('drawn')[0]!.startTime;
      return [end, Math.max(...came.map(({ responseEnd }) => responseEnd))] as const;
    }, MADE_UP);
    opened.push(end);
    drawn.push(end - data);
    await context.close();
  }
  await browser.close();
  report('a day, opened', opened);
  report('a day, drawn', drawn);
});

/** From the button's release to the answer on the screen, by the page's own clock. */
async function releaseToAnswer(page: Page): Promise<number> {
  await page.getByRole('radio', { name: 'The recording' }).click();
  await page.evaluate(() => {
    const times = window as unknown as { released: number; took: number };
    times.took = 0;
    addEventListener('pointerup', () => (times.released = performance.now()), { once: true, capture: true });
    const watch = () => {
      if (document.querySelector('#best-title, #not-found'))
        requestAnimationFrame(() => (times.took = performance.now() - times.released));
      else requestAnimationFrame(watch);
    };
    requestAnimationFrame(watch);
  });
  await page.getByRole('button', { name: 'Listen with the microphone' }).hover();
  await page.mouse.down();
  await page.waitForTimeout(HELD_MS);
  await page.mouse.up();
  await page.waitForFunction(() => (window as unknown as { took: number }).took > 0);
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText('Not in your library');
  return page.evaluate(() => (window as unknown as { took: number }).took);
}

test('from releasing the button to the answer, exact lane', async () => {
  const times: number[] = [];
  for (const name of readdirSync(sample).filter((one) => !one.endsWith('.md'))) {
    const heard = recording(join(sample, name), 12, 10, join(service.home, 'heard.wav'));
    const browser = await launch(
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-audio-capture=${heard}`
    );
    const page = await browser.newPage();
    for (let i = 0; i < HOLDS_A_TRACK; i += 1) {
      await page.goto(service.url);
      times.push(await releaseToAnswer(page));
    }
    await browser.close();
  }
  report('release to answer', times);
});
