import { devices, type Page } from '@playwright/test';
import { join } from 'node:path';
import { expect, expectAccessible, test } from './checks';
import { answerWithSounds, answerWithStations, STATION } from './made_up_stations';
import { joined, part, sample, Service, song } from './service';

const KEY = 'unter uns';
const STRANGER = join(sample, 'The Struggle Loop.ogg');
const ACE = join(sample, 'Vibe Ace.m4a');

let service: Service;
test.beforeAll(async () => {
  service = new Service({ EMBEDDING_MODEL: 'clap-htsat-large', ADMIN_API_KEY: KEY });
  service.run('ingest', song, ACE);
  // What is not in the library comes three times, with a known track in between.
  const stranger = part(STRANGER, 0, 16);
  const parts = [stranger, part(song, 5, 20), stranger, part(ACE, 10, 20), stranger, part(song, 26, 20)];
  service.run('monitor', 'add', 'Tape', joined(parts, join(service.music, 'tape.flac')));
  await service.start();
});
test.afterAll(() => service.close());

// It is noon where the viewer is, so that no play falls on another day.
const hours = new Date().getUTCHours() - 12;
test.use({ timezoneId: `Etc/GMT${hours < 0 ? '' : '+'}${hours}` });

const unknown = (page: Page) => page.getByRole('region', { name: 'Unknown sounds' });
const sound = (page: Page, name: string) => unknown(page).getByRole('button', { name: new RegExp(`\\b${name}\\b`) });
async function openStation(page: Page): Promise<void> {
  await page.goto(`${service.url}/monitors`);
  await page.getByRole('link', { name: 'Tape' }).click();
}

test('what a station plays again is listened to, found in the day, and named', async ({ page }) => {
  await openStation(page);
  const first = sound(page, 'unknown 1');
  await expect(first).toContainText(/3 plays · 0:1\d *first heard \d\d:\d\d, last \d\d:\d\d/);
  await first.focus();
  await page.keyboard.press('Enter');
  await expect(first).toHaveAttribute('aria-expanded', 'true');
  const audio = unknown(page).locator('audio');
  await expect.poll(() => audio.evaluate((one: HTMLAudioElement) => one.duration)).toBeGreaterThan(13);
  await expect(unknown(page).getByRole('link', { name: /^\d\d:\d\d:\d\d$/ })).toHaveCount(3);
  await expectAccessible(page);

  // A play leads to its moment of the day, which the address keeps.
  const play = unknown(page)
    .getByRole('link', { name: /^\d\d:\d\d:\d\d$/ })
    .last();
  const time = await play.innerText();
  await play.click();
  await expect(page.getByText(`The line is at ${time}.`)).toBeVisible();
  // On the canvas a full minute has no seconds.
  const onCanvas = time.replace(/:00$/, '');
  await expect(page.getByRole('slider', { name: /^Tape, / })).toHaveAttribute('aria-valuetext', onCanvas);
  await page.reload();
  await expect(page.getByText(`The line is at ${time}.`)).toBeVisible();

  await first.click();
  await unknown(page).getByText('Name it').click();
  await unknown(page).getByRole('textbox', { name: 'Title' }).fill('News jingle');
  await unknown(page).getByRole('textbox', { name: 'Artist' }).fill('Radio One');
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'Key' }).fill(KEY);
  await page.getByRole('button', { name: 'Use it' }).click();
  await expect(unknown(page).getByText('Added: News jingle')).toBeVisible();
  const kept = sound(page, 'News jingle');
  await expect(kept).toContainText(/kept, was unknown 1 · 3 plays/);
  await expectAccessible(page);
  await page.reload();
  await kept.click();
  await expect(unknown(page).locator('audio')).toBeVisible();
  await expect(unknown(page).getByText('Name it')).toBeHidden();
  await unknown(page).getByRole('link', { name: 'About this track' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('News jingle');
});

test.describe('sounds that are made up', () => {
  test.use({ timezoneId: 'Europe/Berlin' });
  test.beforeEach(async ({ page }) => {
    await answerWithStations(page);
    await answerWithSounds(page, song);
    await page.goto(`${service.url}/monitors/${STATION}`);
  });

  test('are paged, and one is open at a time', async ({ page }) => {
    await expect(unknown(page).getByText('12 sounds')).toBeVisible();
    await sound(page, 'unknown 1').click();
    const plays = unknown(page).getByRole('link', { name: /^(\d+ Nov, )?\d\d:\d\d:\d\d$/ });
    await expect(plays).toHaveCount(8);
    await unknown(page).getByRole('button', { name: 'Show all 21' }).click();
    await expect(plays).toHaveCount(21);
    await sound(page, 'unknown 2').click();
    await expect(unknown(page).locator('audio')).toHaveCount(1);
    await unknown(page).getByRole('button', { name: 'Next' }).click();
    await expect(sound(page, 'unknown 11')).toBeVisible();
    await expect(unknown(page).getByText('Page 2 of 2')).toBeVisible();
  });

  test('were kept, can be kept again, or have no audio yet', async ({ page }) => {
    const kept = sound(page, 'kept, was unknown 3');
    await expect(kept).toContainText('Night Garden No. 3');
    await sound(page, 'unknown 4').click();
    await expect(unknown(page).getByText('its track is no longer in the library')).toBeVisible();
    await expect(unknown(page).getByText('Name it')).toBeVisible();
    await sound(page, 'unknown 5').click();
    await expect(unknown(page).getByText('There is nothing to listen to yet.')).toBeVisible();
    await expect(unknown(page).getByText('Name it')).toBeHidden();
    await expect(unknown(page).locator('audio')).toHaveCount(0);
  });

  test('whose name is refused say why', async ({ page }) => {
    const message = 'unknown 1 was kept already, as "Jingle"';
    await page.route('**/api/v1/monitors/*/sounds/1/keep', (route) =>
      route.fulfill({ status: 400, json: { error: { code: 'VALIDATION_ERROR', message, request_id: '' } } })
    );
    await sound(page, 'unknown 1').click();
    await unknown(page).getByText('Name it').click();
    await expect(unknown(page).getByRole('button', { name: 'Add to the library' })).toBeDisabled();
    await unknown(page).getByRole('textbox', { name: 'Title' }).fill('Jingle');
    await page.keyboard.press('Enter');
    await expect(unknown(page).getByRole('alert')).toContainText(message);
    await expect(unknown(page).getByRole('textbox', { name: 'Title' })).toHaveValue('Jingle');
  });

  for (const colorScheme of ['light', 'dark'] as const)
    test.describe(`on a phone, ${colorScheme}`, () => {
      const { userAgent, viewport, deviceScaleFactor, isMobile, hasTouch } = devices['Pixel 7'];
      test.use({ userAgent, viewport, deviceScaleFactor, isMobile, hasTouch, colorScheme });
      test('fit and can be read', async ({ page }) => {
        await sound(page, 'unknown 1').click();
        await unknown(page).getByText('Name it').click();
        await expect(unknown(page).getByRole('link').first()).toBeVisible();
        await expectAccessible(page);
      });
    });
});

test('where nothing comes again, that is said', async ({ page }) => {
  await answerWithStations(page);
  await page.goto(`${service.url}/monitors/${STATION}`);
  await expect(unknown(page).getByText('Nothing unknown was played twice so far.')).toBeVisible();
});
