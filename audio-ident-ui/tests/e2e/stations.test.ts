import { devices, type Page } from '@playwright/test';
import { join } from 'node:path';
import { expect, expectAccessible, hears, inBrowser, test } from './checks';
import { answerWithMatches, answerWithStations, matches, STATION } from './made_up_stations';
import { joined, part, recording, sample, Service, song } from './service';

const STRANGER = join(sample, 'The Struggle Loop.ogg');

let service: Service;
let clip = '';
test.beforeAll(async () => {
  service = new Service({ EMBEDDING_MODEL: 'clap-htsat-large' });
  service.run('ingest', song);
  const tape = joined([part(song, 5, 20), part(STRANGER, 4, 24)], join(service.music, 'tape.flac'));
  service.run('monitor', 'add', 'Tape', tape);
  await service.start();
  clip = recording(STRANGER, 12, 6, join(service.home, 'stranger.webm'));
});
test.afterAll(() => service.close());

const ask = (page: Page) => page.getByRole('radio', { name: 'The station' }).click();
const give = (page: Page, file = clip) => page.getByLabel('Choose a file').setInputFiles(file);
const title = (page: Page) => page.getByRole('heading', { level: 1 });

test('what is not in the library is found on a station, and its day shows the moment', async ({ page }) => {
  await page.goto(service.url);
  await ask(page);
  await expect(page.getByText('Finds which of your stations played it')).toBeVisible();
  await give(page);
  // The station may have played it a moment ago only.
  await expect(async () => {
    const again = page.getByRole('button', { name: 'Ask again' });
    if (await again.isVisible()) await again.click();
    await expect(title(page)).toHaveText('Tape', { timeout: 3000 });
  }).toPass();
  await expect(page.getByText(/Certain|Very likely/)).toBeVisible();
  const played = await page.getByText(/^Played at/).innerText();
  await page.getByRole('link', { name: 'Show that moment' }).click();
  await expect(page.getByText(`The line is at ${played.match(/\d\d:\d\d:\d\d/)![0]}.`)).toBeVisible();
});

test('from an answer of the library, the stations are asked for the same clip', async ({ page }) => {
  await page.goto(service.url);
  await give(page, recording(song, 20, 6, join(service.home, 'known.webm')));
  await expect(title(page)).toHaveText('Hungarian Dance No. 5');
  await answerWithMatches(page, matches.slice(0, 1));
  await page.getByRole('button', { name: 'Which station is this?' }).click();
  await expect(title(page)).toHaveText('Radio One');
  await page.getByRole('button', { name: 'Identify another' }).click();
  await expect(page.getByRole('radio', { name: 'Both' })).toBeChecked();
});

test('without a station nobody is asked', async ({ page }) => {
  await page.route('**/api/v1/monitors', (route) => route.fulfill({ json: { items: [] } }));
  await page.goto(service.url);
  await expect(page.getByRole('button', { name: /No music at hand/ })).toBeVisible();
  await expect(page.getByRole('radio')).toHaveCount(3);
});

test('when no station played it, or the service fails, that is said', async ({ page }) => {
  await page.goto(service.url);
  await answerWithMatches(page, []);
  await ask(page);
  await give(page);
  await expect(title(page)).toHaveText('None of your stations played this');
  await expectAccessible(page);
  await answerWithMatches(page, matches);
  await page.getByRole('button', { name: 'Ask again' }).click();
  await expect(title(page)).toHaveText('Radio One');
  await page.getByRole('button', { name: 'Identify another' }).click();
  const busy = { error: { code: 'SEARCH_TIMEOUT', message: 'too slow', request_id: '' } };
  await page.route('**/api/v1/search/stations', (route) => route.fulfill({ status: 504, json: busy }));
  await give(page);
  await expect(page.getByRole('alert')).toHaveText('The search took too long. Try a shorter clip.');
});

test('the microphone asks the stations while it listens, and ends when they are sure', async () => {
  await inBrowser(hears(recording(STRANGER, 4, 14, join(service.home, 'heard.wav'))), '127.0.0.1', async (page) => {
    let looked = 0;
    await answerWithMatches(page, matches);
    page.on('request', (request) => (looked += request.url().endsWith('/search/stations') ? 1 : 0));
    await page.goto(service.url);
    await ask(page);
    await page.getByRole('button', { name: 'Listen with the microphone' }).click();
    await expect(title(page)).toHaveText('Radio One');
    expect(looked, 'one look while it listens, and the whole recording').toBe(2);
  });
});

test.describe('stations that are made up', () => {
  test.use({ timezoneId: 'Europe/Berlin' });

  test('by keyboard: the time, how long ago, how sure, and the way to the day', async ({ page }) => {
    await answerWithStations(page);
    await answerWithMatches(page, matches);
    await page.goto(service.url);
    await page.getByRole('radio', { name: 'Both' }).focus();
    await page.keyboard.press('ArrowRight');
    await expect(page.getByRole('radio', { name: 'The station' })).toBeChecked();
    await give(page);
    await expect(page.getByText('Played at 18:41:52 · 12 s ago')).toBeVisible();
    await expect(page.getByText('Certain · 99 %')).toBeVisible();
    const others = page.getByRole('region', { name: 'Also played on' }).getByRole('listitem');
    await expect(others).toHaveText([
      /^Radio One, 17:12:04 *1 h 30 min ago · Very likely · 98 %$/,
      /^Harbour FM, 27 Nov, 18:48:44 *23 h 53 min ago · Very likely · 91 %$/
    ]);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(`${service.url}/monitors/${STATION}?at=2026-11-28T17:41:52Z`);
    await expect(page.getByText('The line is at 18:41:52.')).toBeVisible();
    // What the log has at that moment is chosen.
    await expect(page.getByRole('slider', { name: /^Radio One, / })).toHaveAttribute('aria-valuetext', /Slow Garden/);
  });

  for (const colorScheme of ['light', 'dark'] as const)
    test.describe(`on a phone, ${colorScheme}`, () => {
      const { userAgent, deviceScaleFactor, isMobile, hasTouch } = devices['Pixel 7'];
      const viewport = { width: 360, height: 740 };
      test.use({ userAgent, viewport, deviceScaleFactor, isMobile, hasTouch, colorScheme });
      test('the choice and the answer fit and can be read', async ({ page }) => {
        await answerWithStations(page);
        await answerWithMatches(page, matches);
        await page.goto(service.url);
        await ask(page);
        await expectAccessible(page);
        await give(page);
        await expect(title(page)).toHaveText('Radio One');
        await expectAccessible(page);
      });
    });
});
