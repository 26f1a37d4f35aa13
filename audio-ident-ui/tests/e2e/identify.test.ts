import type { Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, expectAccessible, hears, inBrowser, test } from './checks';
import { recording, sample, Service, song } from './service';

let service: Service;
test.beforeAll(async () => {
  service = new Service();
  service.run('ingest', sample);
  await service.start();
});
test.afterAll(() => service.close());

test('a file is identified, and its place in the track is played', async ({ page }) => {
  const clip = recording(song, 20, 6, join(service.home, 'clip.webm'));
  await page.goto(service.url);
  await expectAccessible(page);
  await page.getByLabel('Choose a file').setInputFiles(clip);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Hungarian Dance');
  await expect(page.getByText('Heard at 0:20')).toBeVisible();
  await expect(page.getByText(/Certain|Very likely/)).toBeVisible();
  await expect
    .poll(async () => Number(await page.getByRole('slider', { name: 'Position' }).inputValue()))
    .toBeGreaterThan(19);
  await expect(page.locator('.wave canvas').first()).toBeAttached();
  await page.getByRole('button', { name: 'Play' }).click();
  await expect
    .poll(async () => Number(await page.getByRole('slider', { name: 'Position' }).inputValue()))
    .toBeGreaterThan(20.5);
  await page.getByRole('button', { name: 'Your clip' }).click();
  await expect(page.getByRole('button', { name: 'Your clip' })).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('button', { name: 'Pause' }).click();
  await expectAccessible(page);
});

test('the microphone hears a track, and the answer comes before the recording is over', async () => {
  await inBrowser(hears(recording(song, 30, 14, join(service.home, 'heard.wav'))), '127.0.0.1', async (page) => {
    let uploads = 0;
    page.on('request', (request) => (uploads += request.url().endsWith('/api/v1/search') ? 1 : 0));
    await page.goto(service.url);
    await page.getByRole('button', { name: 'Listen with the microphone' }).click();
    await expect(page.getByText(/Listening/)).toBeVisible();
    // Nobody taps again.
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Hungarian Dance');
    await expect(page.getByText(/Heard at 0:[34]/)).toBeVisible();
    expect(uploads, 'a recording that ends is uploaded').toBe(0);
  });
});

test('where no WebSocket can be opened, the recording is uploaded', async () => {
  await inBrowser(hears(recording(song, 30, 14, join(service.home, 'blocked.wav'))), '127.0.0.1', async (page) => {
    await page.routeWebSocket('**/api/v1/live', (socket) => void socket.close());
    await page.goto(service.url);
    await page.getByRole('button', { name: 'Listen with the microphone' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Hungarian Dance');
  });
});

test('who keeps listening gets a list of what plays', async () => {
  await inBrowser(hears(recording(song, 30, 30, join(service.home, 'evening.wav'))), '127.0.0.1', async (page) => {
    await page.goto(service.url);
    await page.getByRole('link', { name: 'Keep listening' }).click();
    await page.getByRole('button', { name: 'Start listening' }).click();
    const play = page.getByRole('listitem').filter({ hasText: 'Hungarian Dance' }).first();
    await expect(play).toContainText('now');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Stop listening' }).click();
    await expect(play).not.toContainText('now');
    await expect(play).toContainText(/\d\d:\d\d:\d\d – \d\d:\d\d:\d\d/);
  });
});

test('the button is held, and let go', async () => {
  await inBrowser(hears(recording(song, 50, 14, join(service.home, 'held.wav'))), '127.0.0.1', async (page) => {
    await page.goto(service.url);
    await page.getByRole('radio', { name: 'Sounds alike' }).click(); // never sure by itself
    await page.getByRole('button', { name: 'Listen with the microphone' }).hover();
    await page.mouse.down();
    await expect(page.getByText('Listening… 4 s')).toBeVisible();
    await page.mouse.up();
    await expect(page.getByRole('heading', { name: 'Sounds like it' })).toBeVisible();
  });
});

test('what sounds alike is listed, played from its best moment, and leads on', async ({ page }) => {
  await page.goto(service.url);
  await page.getByRole('radio', { name: 'Sounds alike' }).click();
  await page.getByLabel('Choose a file').setInputFiles(recording(song, 20, 12, join(service.home, 'alike.webm')));
  await expect(page.getByRole('heading', { name: 'Sounds like it' })).toBeVisible();
  const list = page.getByRole('region', { name: 'Sounds like it' });
  const best = list.getByRole('listitem').first();
  await expect(best).toContainText('Hungarian Dance');
  await expect(best).toContainText(/\d+ % alike/);
  await best.getByRole('button', { name: /Hungarian/ }).click();
  // The clip is from 0:20; the lane finds its place by windows of 10 s, each 5 s.
  const position = best.getByRole('slider', { name: 'Position' });
  await expect.poll(async () => Number(await position.inputValue())).toBeGreaterThan(14);
  expect(Number(await position.inputValue())).toBeLessThan(26);
  await best.getByRole('button', { name: 'Play' }).click();
  await expect(best.getByRole('button', { name: 'Pause' })).toBeVisible();
  await best.getByRole('button', { name: 'Pause' }).click();
  await expectAccessible(page);
  await best.getByRole('link', { name: 'More like this' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Hungarian Dance');
  await expect(page.getByRole('region', { name: 'Similar tracks' })).toBeVisible();
  await expectAccessible(page);
});

/** A file that is dropped on the page, or pasted into it. */
async function give(page: Page, how: 'drop' | 'paste', path: string): Promise<void> {
  const content = readFileSync(path).toString('base64');
  await page.evaluate(
    ([how, content]) => {
      const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
      const files = new DataTransfer();
      files.items.add(new File([bytes], 'clip.webm', { type: 'audio/webm' }));
      const given = { bubbles: true, cancelable: true };
      if (how === 'paste') document.body.dispatchEvent(new ClipboardEvent('paste', { ...given, clipboardData: files }));
      else
        for (const type of ['dragover', 'drop'])
          document.body.dispatchEvent(new DragEvent(type, { ...given, dataTransfer: files }));
    },
    [how, content] as const
  );
}

test('a recording is dropped, and one is pasted', async ({ page }) => {
  const clip = recording(song, 15, 6, join(service.home, 'given.webm'));
  for (const how of ['drop', 'paste'] as const) {
    await page.goto(service.url);
    await expect(page.getByRole('button', { name: 'Listen with the microphone' })).toBeEnabled();
    await give(page, how, clip);
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Hungarian Dance');
    await expect(page.getByText('Heard at 0:15')).toBeVisible();
  }
});

test('who has no music at hand tries an example', async ({ page }) => {
  await page.goto(service.url);
  await page.getByRole('button', { name: /No music at hand/ }).click();
  await expect(page.getByText('Found it')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Your clip' })).toBeVisible();
});

test('the start page loads at most 150 kB of JavaScript', async ({ page }) => {
  await page.goto(service.url);
  await expect(page.getByRole('button', { name: 'Listen with the microphone' })).toBeEnabled();
  await page.waitForLoadState('networkidle');
  const bytes = await page.evaluate(() =>
    (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
      .filter(({ name }) => new URL(name).pathname.endsWith('.js'))
      .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)
  );
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThanOrEqual(150_000);
});
